"""Escaping in templates: MarkupSafe's, without what it does that a template does not need."""

import pytest
from markupsafe import Markup, escape

from web.rendering import escaped, templates


class Told:
    """Something that says itself how it is shown."""

    def __html__(self) -> str:
        return "<i>told</i>"


@pytest.mark.parametrize(
    "value",
    ["", "Emily", "<b>&\"'</b>", Markup("<b>&amp;</b>"), 5, None, 1.5, True, Told(), ["<a>"]],
)
def test_a_value_is_escaped_as_markupsafe_does(value: object) -> None:
    assert escaped(value) == str(escape(value))


def test_a_template_escapes_what_it_puts_out_and_leaves_its_macros_and_blocks() -> None:
    template = templates().from_string(
        "{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}"
        "{% set line %}<i>{{ name }}</i>{% endset %}"
        "{{ name }}|{{ bold(name) }}|{{ line }}|{{ '<u>' ~ bold(name) }}|{{ name | safe }}"
    )

    name = "<Tan & Co>"
    told = "&lt;Tan &amp; Co&gt;"
    assert template.render(name=name) == (
        f"{told}|<b>{told}</b>|<i>{told}</i>|&lt;u&gt;<b>{told}</b>|{name}"
    )
    assert template.root_render_func.__globals__["escape"] is escaped


def test_a_template_calls_functions_and_macros_as_they_are() -> None:
    template = templates().from_string(
        "{% macro titled(title, tone='calm') %}"
        "{{ title }} ({{ tone }}){% if caller is defined %}: {{ caller() }}{% endif %}"
        "{% endmacro %}"
        "{% for name in names %}{{ titled(name, tone=told(name, end='!')) }} {% endfor %}"
        "{% call titled('Both') %}{{ told(names | join(', ')) }}{% endcall %}"
        "{% block last %}{% set end = '?' %} {{ told(names[0], end=end) }}{% endblock %}"
    )

    def told(name: str, end: str = ".") -> str:
        return f"{name}{end}"

    assert template.render(names=["<A>", "B"], told=told) == (
        "&lt;A&gt; (&lt;A&gt;!) B (B!) Both (calm): &lt;A&gt;, B. &lt;A&gt;?"
    )
