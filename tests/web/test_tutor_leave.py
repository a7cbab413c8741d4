"""A tutor's leave on a page: shown before it counts, settled in one go (SPEC 7, 10)."""

from datetime import timedelta
from html import unescape

import httpx
import pytest
from sqlmodel import select

from models import Appointment, RescheduleProposal, TutorLeave
from models.enums import LeaveStatus, Status
from tests.builders import NOW
from tests.services.scenes import another_session
from tests.web.visiting import Pages, hidden_in

PATH = "/tutor/leave"
DAYS = {"starts_on": "2026-12-02", "ends_on": "2026-12-04", "reason": "A wedding"}


async def fill_in(
    browser: httpx.AsyncClient, values: dict[str, str], page: str | None = None
) -> httpx.Response:
    shown = page if page is not None else (await browser.get(PATH)).text
    return await browser.post(PATH, data=hidden_in(shown) | values)


def leave(pages: Pages) -> list[TutorLeave]:
    with pages.database.reading() as session:
        return list(session.exec(select(TutorLeave)).all())


def booked(pages: Pages, days: int) -> Appointment:
    there = another_session(
        pages.database, pages.there, starts_at=NOW + timedelta(days=days), subject="Physics"
    )
    return there.session


async def test_what_is_booked_is_shown_first_and_settled_as_chosen(pages: Pages) -> None:
    asked, cancelled = booked(pages, 7), booked(pages, 8)
    async with pages.browser(pages.there.tutor) as browser:
        shown = await fill_in(browser, DAYS)
        assert leave(pages) == []
        for told in ("Wed 2 Dec to Fri 4 Dec", "Emily Lim · Physics", "Wed 2 Dec 15:00-16:30"):
            assert told in shown.text
        assert f'name="at{asked.id}" value="2026-12-09T15:00"' in shown.text
        choices = {
            f"way{asked.id}": "ask",
            f"at{asked.id}": "2026-12-09T17:00",
            f"way{cancelled.id}": "cancel",
        }
        done = await fill_in(browser, choices, shown.text)
        listed = (await browser.get(done.headers["Location"])).text

    assert "Emily Lim · Physics</b>" in shown.text, "it is not told whose sessions they are"
    assert "The leave is entered: Wed 2 Dec to Fri 4 Dec" in listed
    assert "Sessions: 1 cancelled, 1 asked to move." in listed
    async with pages.browser(pages.there.coordinator) as browser:
        theirs = (await browser.get(f"/admin/leave?entered={leave(pages)[0].id}")).text
    assert "Sessions: 1 cancelled, 1 asked to move." in theirs
    assert done.status_code == 303
    (row,) = leave(pages)
    assert (row.reason, row.status) == ("A wedding", LeaveStatus.TAKEN)
    with pages.database.reading() as session:
        proposal = session.exec(select(RescheduleProposal)).one()
        gone = session.get_one(Appointment, cancelled.id)
    assert proposal.new_starts_at == NOW + timedelta(days=14, hours=2)
    assert gone.status is Status.CANCELLED_BY_TUTOR
    assert "Wed 2 Dec to Fri 4 Dec" in listed


async def test_where_nothing_is_booked_it_counts_at_once_and_can_be_taken_back(
    pages: Pages,
) -> None:
    async with pages.browser(pages.there.tutor) as browser:
        done = await fill_in(browser, DAYS)
        (row,) = leave(pages)
        listed = (await browser.get(PATH)).text
        back = await browser.post(f"{PATH}/{row.id}/back", data=hidden_in(listed))
        told = (await browser.get(back.headers["Location"])).text

    assert "The leave is taken back: Wed 2 Dec to Fri 4 Dec." in told
    assert (done.status_code, back.status_code) == (303, 303)
    assert leave(pages)[0].status is LeaveStatus.WITHDRAWN


async def test_what_has_changed_since_is_shown_anew(pages: Pages) -> None:
    booked(pages, 7)
    async with pages.browser(pages.there.tutor) as browser:
        shown = await fill_in(browser, DAYS)
        booked(pages, 8)
        again = await fill_in(browser, {}, shown.text)
        assert again.status_code == 409
        assert "Something has changed since you looked" in again.text
        assert "Thu 3 Dec 15:00-16:30" in again.text
        done = await fill_in(browser, {}, again.text)

    assert done.status_code == 303


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-12-03T10:00", "You are away on Thu 3 Dec"),
        ("2026-11-01T10:00", "has passed"),
        ("2026-12-10T15:30", "Emily has another session then"),
        ("soon", "Please choose a day"),
    ],
)
async def test_a_new_time_that_cannot_be_is_refused_at_its_field(
    pages: Pages, at: str, said: str
) -> None:
    first, second = booked(pages, 7), booked(pages, 8)
    booked(pages, 15)
    async with pages.browser(pages.there.tutor) as browser:
        shown = await fill_in(browser, DAYS)
        chosen = {
            f"way{first.id}": "leave",
            f"way{second.id}": "ask",
            f"at{second.id}": at,
        }
        answer = await fill_in(browser, chosen, shown.text)

    assert answer.status_code == 409
    before, field, after = answer.text.partition(f'<p class="error" id="at{second.id}-error">')
    assert field
    assert said in unescape(after.partition("</p>")[0])
    assert f'aria-describedby="at{second.id}-error"' in after
    assert before.count("<fieldset") == 2
    assert '<p class="notice bad"' not in answer.text
    assert f'value="{at}"' in after
    assert leave(pages) == []


async def test_what_is_wrong_stands_beside_its_field(pages: Pages) -> None:
    async with pages.browser(pages.there.tutor) as browser:
        for over, told in (
            ({"starts_on": ""}, "choose a day"),
            ({"ends_on": "2026-12-01"}, "before the first"),
            ({"reason": ""}, "say why"),
        ):
            answer = await fill_in(browser, DAYS | over)
            assert answer.status_code == 409
            assert told in unescape(answer.text)
    assert leave(pages) == []


async def test_it_is_for_tutors_and_their_own(pages: Pages) -> None:
    async with pages.browser(pages.there.tutor) as browser:
        await fill_in(browser, DAYS)
    (row,) = leave(pages)
    async with pages.browser(pages.there.grace) as browser:
        assert (await browser.get(PATH)).status_code == 409
        data = {"csrf": pages.token(browser)}
        assert (await browser.post(f"{PATH}/{row.id}/back", data=data)).status_code == 409
    assert leave(pages)[0].status is LeaveStatus.TAKEN
