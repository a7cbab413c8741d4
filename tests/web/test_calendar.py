"""The page of the calendar feed, and the feed as calendars fetch it (SPEC 10)."""

import re
from datetime import timedelta

import httpx
import vobject
from sqlmodel import select

from models import WebSession
from tests.builders import NOW
from tests.services.proofs import every_row
from tests.services.scenes import another_session
from tests.web.visiting import ADDRESS, Pages, hidden_in, send
from web.guesses import MOST


def address_in(answer: httpx.Response) -> str:
    """The address that the page shows."""
    found = re.search(
        r'value="(https://pages\.example/feeds/[\w-]{43}\.ics)" readonly', answer.text
    )
    assert found, answer.text
    return found[1]


async def made(browser: httpx.AsyncClient) -> str:
    return address_in(await send(browser, "/calendar/make", on="/calendar"))


async def test_the_address_is_shown_once_and_gives_the_sessions(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        before = await browser.get("/calendar")
        address = await made(browser)
        again = await browser.get("/calendar")
    async with pages.browser() as calendar:
        fetched = await calendar.get(address)

    assert "No address yet" in before.text
    assert "a day late" in before.text
    assert "In use since Wed 25 Nov 15:00" in again.text
    assert address.rpartition("/")[2] not in again.text
    assert fetched.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert fetched.headers["Cache-Control"] == "private, no-cache"
    [event] = vobject.readOne(fetched.text).contents["vevent"]
    assert event.summary.value == "Emily: Mathematics with Tan Wei Ming"
    assert event.url.value == f"{ADDRESS}/sessions/{pages.there.id}"


async def test_a_calendar_fetches_it_again_only_where_it_has_changed(pages: Pages) -> None:
    async with pages.browser(pages.there.tutor) as browser:
        address = await made(browser)
        first = await browser.get(address)
        tag = first.headers["ETag"]
        head = await browser.head(address)
        for given in (tag, f"W/{tag}", f'"x", {tag}'):
            same = await browser.get(address, headers={"If-None-Match": given})
            assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
        another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=9))
        other = await browser.get(address, headers={"If-None-Match": tag})

    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", tag)
    assert head.headers["Content-Length"] == str(len(first.content))
    assert (other.status_code, other.headers["ETag"] != tag) == (200, True)


async def test_an_address_that_was_replaced_or_ended_is_as_one_that_never_was(
    pages: Pages,
) -> None:
    async with pages.browser(pages.there.grace) as browser:
        first = await made(browser)
        second = await made(browser)
        replaced = await browser.get(first)
        assert (await browser.get(second)).status_code == 200
        ended = await send(browser, "/calendar/revoke", on="/calendar")
        gone, never = await browser.get(second), await browser.get("/feeds/never.ics")

    assert (ended.status_code, ended.headers["Location"]) == (303, "/calendar")
    assert [one.status_code for one in (replaced, gone, never)] == [404, 404, 404]
    assert "Mathematics" not in replaced.text


async def test_what_was_made_elsewhere_meanwhile_is_kept_and_said(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        older = hidden_in((await browser.get("/calendar")).text)
        first = await made(browser)
        answers = [
            await browser.post(f"/calendar/{act}", data=older | {"known": known})
            for act, known in (("make", "0"), ("revoke", "1"))
        ]
        assert (await browser.get(first)).status_code == 200
        shown = await browser.post("/calendar/make", data=hidden_in(answers[0].text))

    for answer in answers:
        assert answer.status_code == 409
        assert "Your calendar has another address by now." in answer.text
        assert "In use since" in answer.text
    assert "A new address ends this one." in shown.text


async def test_looking_changes_nothing(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        address = await made(browser)
        before = every_row(pages.database)
        for path in ("/calendar", address, "/feeds/never.ics"):
            await browser.get(path)
            await browser.head(path)
        assert every_row(pages.database) == before


async def test_a_coordinator_without_sessions_of_their_own_has_no_calendar(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        shown = await browser.get("/calendar")
        answer = await browser.post("/calendar/make", data={"csrf": pages.token(browser)})
        assert 'href="/calendar"' not in (await browser.get("/notes")).text

    assert (shown.status_code, answer.status_code) == (409, 409)


async def test_guesses_from_one_place_are_limited_for_ten_minutes(pages: Pages) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser(pages.there.tutor) as browser:
        address = await made(browser)
        for number in range(MOST):
            assert (await browser.get(f"/feeds/{number}.ics")).status_code == 404
        refused = [await browser.get(one) for one in ("/feeds/x.ics", "/sign-in/x", address, link)]
        pressed = await browser.post("/sign-in/x")
        assert (await browser.get("/tutor")).status_code == 200
        pages.clock.forward(minutes=9, seconds=59)
        assert (await browser.get(address)).status_code == 429
        pages.clock.forward(seconds=1)
        assert (await browser.get(address)).status_code == 200

    assert {one.status_code for one in (*refused, pressed)} == {429}
    assert {one.headers["Retry-After"] for one in refused} == {"600"}
    with pages.database.reading() as session:
        assert len(session.exec(select(WebSession)).all()) == 1
