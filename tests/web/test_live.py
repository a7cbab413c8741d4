"""An open page hears within two seconds that something has changed (SPEC 10)."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from models import Person
from models.enums import Status
from services.approvals.approvals import acknowledge
from services.people.devices import end_all_of
from services.people.families import remove_guardian
from services.queries import changes
from services.sessions.attendance import check_in
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.services.scenes import another_session, carry_out, open_thread
from tests.web.visiting import Pages, press, send
from web.app import create_app
from web.server import listen, serving

PATIENCE = 2.0
"""Seconds within which an open page shows what was done."""


@asynccontextmanager
async def served(pages: Pages, person: Person) -> AsyncIterator[httpx.AsyncClient]:
    """A browser over the network, as streams need it."""
    site = pages.site()
    async with (
        serving(create_app(site), listen("127.0.0.1", 0)) as address,
        httpx.AsyncClient(base_url=address) as browser,
    ):
        await press(browser, pages.link(person))
        yield browser
        site.changes.close()


@asynccontextmanager
async def stream(browser: httpx.AsyncClient, path: str) -> AsyncIterator[AsyncIterator[str]]:
    async with browser.stream("GET", path, timeout=30) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert await anext(lines) == ": here"
        yield lines


async def changed(lines: AsyncIterator[str], within: float = PATIENCE) -> bool:
    try:
        async with asyncio.timeout(within):
            async for line in lines:
                if line == "data: changed":
                    return True
    except TimeoutError:
        return False
    return False


async def test_what_is_done_in_the_chat_is_heard_on_the_page(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(minutes=5))
    async with (
        served(pages, there.grace) as browser,
        stream(browser, f"/live?session={there.id}") as lines,
    ):
        begun = time.monotonic()
        carry_out(pages.database, check_in, there.id, acting(there.tutor), AGENCY)
        assert await changed(lines)
        assert time.monotonic() - begun < PATIENCE


async def test_what_a_page_does_is_heard_by_others_at_once(pages: Pages) -> None:
    there = pages.there
    async with served(pages, there.grace) as browser, stream(browser, "/live") as lines:
        await send(browser, f"/sessions/{there.id}/acknowledge", on="/family")
        assert await changed(lines, within=1.0)


async def test_nothing_is_missed_between_a_page_and_its_stream(pages: Pages) -> None:
    there = pages.there
    with pages.database.reading() as session:
        mark = changes.newest(session)
    carry_out(pages.database, acknowledge, there.id, acting(there.grace))
    async with (
        served(pages, there.daniel) as browser,
        stream(browser, f"/live?since={mark}") as lines,
    ):
        assert await changed(lines)


async def test_a_page_is_not_told_what_it_shows_though_others_are(pages: Pages) -> None:
    there = pages.there
    async with served(pages, there.daniel) as browser, stream(browser, "/live") as others:
        carry_out(pages.database, acknowledge, there.id, acting(there.grace))
        with pages.database.reading() as session:
            mark = changes.newest(session)
        async with stream(browser, f"/live?session={there.id}&since={mark}") as fresh:
            assert await changed(others)
            assert not await changed(fresh, within=1.5)


async def test_who_is_signed_out_meanwhile_hears_nothing_more(pages: Pages) -> None:
    there = pages.there
    async with served(pages, there.grace) as browser, stream(browser, "/live") as lines:
        carry_out(pages.database, end_all_of, acting(there.coordinator), there.grace.id)
        carry_out(pages.database, acknowledge, there.id, acting(there.daniel))
        assert not await changed(lines)
        assert (await browser.get("/live")).status_code == 401


async def test_other_peoples_sessions_are_not_heard(pages: Pages) -> None:
    with pages.database.unit_of_work() as session:
        stranger = builders.parent(session)
        child = builders.student(session, [stranger])
    own = another_session(
        pages.database, pages.there, student=child, status=Status.AWAITING_APPROVAL_PARENT
    )
    async with served(pages, stranger) as browser, stream(browser, "/live") as lines:
        carry_out(pages.database, acknowledge, pages.there.id, acting(pages.there.grace))
        assert not await changed(lines, within=1.5)
    async with served(pages, stranger) as browser, stream(browser, "/live") as lines:
        carry_out(pages.database, acknowledge, own.id, acting(stranger))
        assert await changed(lines)


@pytest.mark.parametrize("query", ["?session=1", "?session=x", "?session=4711"])
async def test_a_session_is_followed_by_its_people_alone(pages: Pages, query: str) -> None:
    with pages.database.unit_of_work() as session:
        stranger = builders.parent(session)
    async with pages.browser(stranger) as browser:
        assert (await browser.get(f"/live{query}")).status_code == 404
    async with pages.browser() as browser:
        assert (await browser.get("/live")).status_code == 401


@pytest.mark.parametrize("query", ["", "?session={}"])
async def test_who_is_unlinked_from_a_child_hears_of_it(pages: Pages, query: str) -> None:
    there = pages.there
    async with (
        served(pages, there.daniel) as browser,
        stream(browser, f"/live{query.format(there.id)}") as lines,
    ):
        carry_out(
            pages.database,
            remove_guardian,
            acting(there.coordinator),
            there.student.id,
            there.daniel.id,
        )
        assert await changed(lines)


async def test_parts_of_notes_and_requests_count_as_changes(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=2))
    with pages.database.reading() as session:
        mark = changes.newest(session)
    pages.note(text="Halves.")
    open_thread(pages.database, there)
    with pages.database.reading() as session:
        now, touched = changes.touched_since(session, mark)
        assert [one.appointment_id for one in touched] == [pages.there.id]
        assert changes.touched_since(session, now) == (now, [])


@pytest.mark.parametrize("text", ["", "1", "1.2", "1.2.3.4", "x.y.z", "-1.2.3", "1.2." + "9" * 40])
def test_a_mark_that_was_never_written_is_none(text: str) -> None:
    assert changes.Mark.read(text) is None


async def test_the_server_stops_while_pages_are_open(pages: Pages) -> None:
    begun = time.monotonic()
    async with served(pages, pages.there.grace) as browser, stream(browser, "/live"):
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
