"""Every route, with everybody: what is somebody else's is as what is not there (SPEC 10)."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from tests.services.proofs import every_row
from tests.web.visiting import ADDRESS, Pages
from tests.web.ways import (
    EVERYBODY,
    STRANGER,
    STREAMS,
    WAYS,
    Populated,
    Way,
    filled,
    paths_of,
    populated,
    way_of,
)
from web import every_page
from web.app import BODY_LIMIT

ALLOWED = frozenset({200, 302, 303, 307, 400, 409})
"""Answers to those who may go there; 409 is a refusal because of what stands."""
HIDDEN = frozenset({404, 409})
"""Answers to others; 409 says for whom the page is."""
THEIR_OWN = re.compile(r"Emily|Zoe|Mathematics|Fractions|board\.jpg|door\.jpg")
"""Names and words of the family, none of which another one may read."""
OTHER_LIMITS = frozenset(
    {
        *("/sessions/{id}/dispute", "/sessions/{id}/report-problem", "/sessions/{id}/add-notes"),
        "/sign-out",
        "/admin/import",
    }
)
"""Forms that take files have a limit of their own; that of signing out is not read at all."""


def routes(pages: Pages, method: str) -> Iterator[tuple[str, Way]]:
    """Paths that are asked for with a method, and their rows."""
    for used, path in paths_of(every_page.routes()):
        if used == method:
            known = way_of(path)
            assert known, path
            yield path, WAYS[known]


@asynccontextmanager
async def browsers(pages: Pages, there: Populated) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """A browser of each, and one in which nobody is signed in."""
    async with AsyncExitStack() as stack:
        opened = {
            name: await stack.enter_async_context(pages.browser(person))
            for name, person in there.people.items()
        }
        yield opened | {STRANGER: await stack.enter_async_context(pages.browser())}


def seen(answer: httpx.Response) -> tuple[int, str]:
    """What an answer tells, without what is new each time."""
    text = re.sub(r'nonce="[^"]+"|name="csrf" value="[^"]*"', "", answer.text)
    return answer.status_code, text


async def test_every_route_has_a_row_and_every_row_a_route(pages: Pages) -> None:
    there = {path for _, path in paths_of(every_page.routes())}
    known = {path: way_of(path) for path in there}

    without = {path for path, row in known.items() if row is None}
    assert without == set(), "give these a row in tests/web/ways.py"
    assert set(WAYS) - set(known.values()) == set(), "these rows have no route"


async def test_a_page_is_shown_to_those_whom_it_concerns_and_is_not_there_for_others(
    pages: Pages,
) -> None:
    there = populated(pages)
    async with browsers(pages, there) as opened:
        for path, way in routes(pages, "GET"):
            address = filled(path, way, there.values.get(way.name, ""))
            nowhere = filled(path, way, way.absent)
            for name, browser in opened.items():
                where = f"GET {address} as {name}"
                if name == STRANGER and not way.is_public:
                    answer = await browser.get(address)
                    assert answer.status_code == 401, where
                elif name in way.who:
                    if path not in STREAMS:
                        allowed = ALLOWED | ({404} if way.needs_more else set())
                        assert (await browser.get(address)).status_code in allowed, where
                    continue
                else:
                    answer = await browser.get(address)
                    if way.is_public:
                        continue
                    assert answer.status_code in HIDDEN, where
                    assert seen(answer) == seen(await browser.get(nowhere)), where
                assert not THEIR_OWN.search(seen(answer)[1]), where


async def test_a_form_counts_for_those_whom_it_concerns_and_says_nothing_to_others(
    pages: Pages,
) -> None:
    there = populated(pages)
    async with browsers(pages, there) as opened:
        before = every_row(pages.database)
        for path, way in routes(pages, "POST"):
            address = filled(path, way, there.values.get(way.name, ""))
            nowhere = filled(path, way, way.absent)
            for name, browser in opened.items():
                if way.is_public or name in way.who:
                    continue
                where = f"POST {address} as {name}"
                form = {"csrf": pages.token(browser)}
                answer = await browser.post(address, data=form)
                nothing = await browser.post(nowhere, data=form)
                assert seen(answer) == seen(nothing), where
                done = name != STRANGER and nothing.status_code == 303  # what has ended, ends again
                wanted = {401} if name == STRANGER else HIDDEN | ({303} if done else set())
                assert answer.status_code in wanted, where
                assert not THEIR_OWN.search(seen(answer)[1]), where
        assert every_row(pages.database) == before


async def test_a_form_without_token_or_from_another_site_does_nothing(pages: Pages) -> None:
    there = populated(pages)
    async with browsers(pages, there) as opened:
        before = every_row(pages.database)
        for path, way in routes(pages, "POST"):
            address = filled(path, way, there.values.get(way.name, ""))
            for name in sorted(way.who):
                browser, where = opened[name], f"POST {address} as {name}"
                good = {"csrf": pages.token(browser)}
                foreign = await browser.post(
                    address, data=good, headers={"Origin": "https://evil.example"}
                )
                assert foreign.status_code == 403, where
                assert "another site" in foreign.text, where
                if way.has_token:
                    for token in ({}, {"csrf": ""}, {"csrf": "x" * 64}):
                        answer = await browser.post(
                            address, data=token, headers={"Origin": ADDRESS}
                        )
                        assert answer.status_code == 403, where
        assert every_row(pages.database) == before


async def test_no_form_is_longer_than_it_may_be(pages: Pages) -> None:
    there = populated(pages)
    async with browsers(pages, there) as opened:
        before = every_row(pages.database)
        for path, way in routes(pages, "POST"):
            if path in OTHER_LIMITS:
                continue
            address = filled(path, way, there.values.get(way.name, ""))
            browser = opened[min(way.who)]
            answer = await browser.post(address, data={"text": "x" * BODY_LIMIT})
            assert answer.status_code == 413, address
        assert every_row(pages.database) == before


async def test_reading_previewing_and_prefetching_write_nothing(pages: Pages) -> None:
    there = populated(pages)
    async with browsers(pages, there) as opened:
        before = every_row(pages.database)
        for path, way in routes(pages, "GET"):
            if path in STREAMS:
                continue
            address = filled(path, way, there.values.get(way.name, ""))
            for name in sorted(EVERYBODY | {STRANGER}):
                browser = opened[name]
                shown = await browser.get(address, headers={"Sec-Purpose": "prefetch"})
                head = await browser.head(address)
                assert (head.status_code, head.content) == (shown.status_code, b""), address
        assert every_row(pages.database) == before


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43])
async def test_without_a_session_that_goes_on_there_is_only_the_way_in(
    pages: Pages, cookie: str
) -> None:
    there = populated(pages)
    async with browsers(pages, there) as opened:
        browser = opened["coordinator"]
        if cookie:
            browser.cookies.set("__Host-tutorline", cookie, domain="pages.example")
        else:
            pages.clock.at += timedelta(days=30)
        for path, way in routes(pages, "GET"):
            if not way.is_public:
                address = filled(path, way, there.values.get(way.name, ""))
                assert (await browser.get(address)).status_code == 401, address
