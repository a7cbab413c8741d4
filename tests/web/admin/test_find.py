"""The search of the coordinators' pages forgives what the chat's does (SPEC 10; UX 19)."""

import re

import pytest

from tests.web.visiting import Pages


@pytest.mark.parametrize(
    ("search", "name"),
    [("emly", "Emily Lim"), ("danial", "Daniel Lim"), ("emiyl lim", "Emily Lim")],
)
async def test_a_mistyped_name_gets_the_likeliest(pages: Pages, search: str, name: str) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await browser.get("/admin/find", params={"q": search})
        assert f"There is nobody called “{search}” here. Do you mean one of these?" in answer.text
        assert "Nothing was found." not in answer.text

        found = await browser.get("/admin/find", params={"q": name})

    assert f'href="/admin/find?q={name.replace(" ", "%20")}"><b>{name}</b>' in answer.text
    assert f"<b>{name}</b>" in found.text
    assert "nobody called" not in found.text


@pytest.mark.parametrize("search", ["emily", "tan wei", "mathem"])
async def test_the_sessions_of_a_name_or_a_subject_are_one_tap_away(
    pages: Pages, search: str
) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        page = (await browser.get("/admin/find", params={"q": search})).text
        way = re.search(r'href="(/admin/sessions\?text=[^"]+)">Sessions with', page)
        assert way
        found = (await browser.get(way[1])).text

    assert "Nothing was found." not in page
    assert f'href="/sessions/{pages.there.id}?back=' in found


@pytest.mark.parametrize("search", ["xyz", "99999", "?"])
async def test_what_is_like_no_name_is_not_found(pages: Pages, search: str) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await browser.get("/admin/find", params={"q": search})

    assert "Nothing was found." in answer.text
    assert "Do you mean" not in answer.text
