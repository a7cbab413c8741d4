"""Who may enter the coordinators' pages, and the navigation (SPEC 10)."""

import re

import pytest
from starlette.routing import Route

from tests.web.visiting import Pages
from web import admin

ROUTES = [route for route in admin.routes() if isinstance(route, Route)]
"""Every route of every section: a new one is tried here by itself."""


def path_of(route: Route) -> str:
    """An address of the route; ids of things that are there, where any are."""
    return re.sub(r"\{[^}]+\}", "1", route.path)


def test_every_route_is_below_its_sections_address() -> None:
    for section in admin.SECTIONS:
        assert section.routes()
        for route in section.routes():
            assert isinstance(route, Route)
            addresses = (section.address, *section.also)
            assert any(f"{route.path}/".startswith(f"{one}/") for one in addresses)


async def test_the_pages_do_not_exist_for_anybody_but_coordinators(pages: Pages) -> None:
    there = pages.there
    for person in (there.tutor, there.grace, there.daniel):
        async with pages.browser(person) as browser:
            for route in ROUTES:
                for method in sorted((route.methods or set()) - {"HEAD"}):
                    form = {"csrf": pages.token(browser)} if method == "POST" else None
                    answer = await browser.request(method, path_of(route), data=form)
                    assert answer.status_code == 404, (method, route.path, answer.text)
                    assert "There is no such page." in answer.text


async def test_who_is_not_signed_in_is_asked_to(pages: Pages) -> None:
    async with pages.browser() as browser:
        for route in ROUTES:
            for method in sorted((route.methods or set()) - {"HEAD"}):
                answer = await browser.request(method, path_of(route))
                assert answer.status_code == 401, (method, route.path)


async def test_a_coordinator_finds_every_section_in_the_navigation(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        home = await browser.get("/sign-in")
        assert home.headers["Location"] == "/admin"
        text = (await browser.get("/admin")).text

    nav = text[text.index("<nav") : text.index("</nav>")]
    linked = re.findall(r'href="(/admin[^"]*)"', nav)
    assert linked == [one.address for one in admin.SECTIONS if one.is_in_navigation]
    assert 'action="/admin/find" role="search"' in text
    assert '<a href="/admin" aria-current="page">Queue</a>' in nav


@pytest.mark.parametrize(
    ("path", "name"),
    [("/sessions/1", "Sessions"), ("/notes", "Notes"), ("/devices", None)],
)
async def test_the_navigation_stays_on_pages_that_others_have_too(
    pages: Pages, path: str, name: str | None
) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get(path)).text

    nav = text[text.index("<nav") : text.index("</nav>")]
    for one in admin.SECTIONS:
        assert (f'href="{one.address}"' in nav) == one.is_in_navigation
    assert re.findall(r'aria-current="page">([^<]+)<', nav) == ([name] if name else [])


@pytest.mark.parametrize("who", ["tutor", "grace"])
async def test_nobody_else_is_shown_the_way(pages: Pages, who: str) -> None:
    async with pages.browser(getattr(pages.there, who)) as browser:
        answer = await browser.get("/notes")

    assert "/admin" not in answer.text
