"""Entities that Telegram makes of HTML and of a plain text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.bot_api.entities import utf16_length, with_found_entities
from sandbox.bot_api.html import parse_html
from sandbox.bot_api.methods.sending import formatted_text
from sandbox.wire import ApiError, Json


def entity(kind: str, offset: int, length: int, **more: Any) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>a</b> <STRONG>b</STRONG>", "a b", [entity("bold", 0, 1), entity("bold", 2, 1)]),
        ("<i>😀</i><em>x</em>", "😀x", [entity("italic", 0, 2), entity("italic", 2, 1)]),
        ("<u>a</u><s>b</s>", "ab", [entity("underline", 0, 1), entity("strikethrough", 1, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [entity("spoiler", 0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("a &lt;&amp;&gt; &quot;&#65;&#x42;&nbsp;", 'a <&> "AB&nbsp;', []),
        (
            '<a href="https://t.me/x?a=1&amp;b=2">here</a>',
            "here",
            [entity("text_link", 0, 4, url="https://t.me/x?a=1&b=2")],
        ),
        ('<a href="nowhere">here</a>', "here", []),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            [entity("pre", 0, 1, language="python")],
        ),
        ("<code>x</code>", "x", [entity("code", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
    ],
)
def test_html(source: str, text: str, entities: list[Json]) -> None:
    parsed = parse_html(source)
    assert parsed.text == text
    assert list(parsed.entities) == entities


def test_a_link_to_a_user_is_a_mention() -> None:
    mention = parse_html('<a href="tg://user?id=5">Mei</a>').entities[0]
    assert (mention["type"], mention["user"]["id"]) == ("text_mention", 5)


@given(st.text(alphabet="ab😀 \n<>/&;\"'=-bipre", max_size=40))
def test_any_html_is_read_or_refused_and_entities_lie_within_the_text(source: str) -> None:
    try:
        found = formatted_text(source, "HTML", [])
    except ApiError as error:
        assert "can't parse entities" in error.description  # noqa: PT017
        return
    length = utf16_length(found.text)
    for item in found.entities:
        assert 0 <= item["offset"] < item["offset"] + item["length"] <= length


def test_a_command_inside_code_is_no_command() -> None:
    found = formatted_text("<code>/help</code> /help", "HTML", [])
    assert [(item["type"], item["offset"]) for item in found.entities] == [
        ("code", 0),
        ("bot_command", 6),
    ]


def test_blank_space_at_the_ends_goes_and_entities_move_with_the_text() -> None:
    found = formatted_text("\n <b>a</b> <i> </i>\n", "HTML", [])
    assert found.text == "a"
    assert list(found.entities) == [entity("bold", 0, 1)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("/help@tutorline_bot", ["bot_command"]),
        ("and/or 1/2 //x", []),
        ("see https://example.com/x.", ["url"]),
        ("v1.2 and end.Then", []),
        ("#maths not a#b", ["hashtag"]),
        ("+65 9123 4567", ["phone_number"]),
    ],
)
def test_what_stands_in_a_plain_text_is_found(text: str, kinds: list[str]) -> None:
    assert [item["type"] for item in with_found_entities(text, []).entities] == kinds
