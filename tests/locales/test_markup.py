"""HTML that is put together from our own text and from what others wrote."""

from markupsafe import Markup

from locales.markup import html, stacked


def test_what_others_wrote_is_escaped_and_html_is_not() -> None:
    told = html("<b>{}</b> {name}", "Tan & Lee", name=Markup("<i>Ryan</i>"))
    assert told == "<b>Tan &amp; Lee</b> <i>Ryan</i>"
    assert isinstance(told, Markup)


def test_lines_are_html_as_they_were() -> None:
    lines = [html("<b>{}</b>", "<Tan>"), Markup("&amp;")]
    assert stacked(lines) == Markup("\n").join(lines) == "<b>&lt;Tan&gt;</b>\n&amp;"
    assert isinstance(stacked(lines), Markup)
