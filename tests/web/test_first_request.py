"""Pages are loaded at the first request for one."""

import asyncio

import httpx
import pytest
from starlette.routing import Route

from tests.web.visiting import ADDRESS, Pages
from web.app import _load, create_app


async def test_requests_that_are_first_at_once_are_all_answered(pages: Pages) -> None:
    _load.cache_clear()
    transport = httpx.ASGITransport(create_app(pages.site(base_url=ADDRESS)))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as browser:
        paths = ("/tutor", "/family", "/admin", "/tutor")
        answers = await asyncio.gather(*(browser.get(path) for path in paths))
        unknown = await browser.get("/no-such-page")

    assert [answer.status_code for answer in answers] == [401] * len(paths)
    assert (unknown.status_code, "There is no such page." in unknown.text) == (404, True)


@pytest.mark.parametrize("path", ["/admin", "/admin/sessions", "/tutor", "/family"])
async def test_a_page_is_compared_with_no_route_but_its_own(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    compared: list[str] = []
    matches = Route.matches

    def counted(route: Route, scope: object) -> object:
        compared.append(route.path)
        return matches(route, scope)  # type: ignore[arg-type]

    async with pages.browser() as browser:
        await browser.get(path)
        monkeypatch.setattr(Route, "matches", counted)
        assert (await browser.get(path)).status_code == 401

    assert compared == [path]
