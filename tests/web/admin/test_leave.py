"""Leave that coordinators enter for a tutor on a page (SPEC 7, 10)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import select

from models import Appointment, TutorLeave
from models.enums import LeaveStatus, MessageKind, Status
from tests.builders import NOW
from tests.services.proofs import recipients
from tests.services.scenes import another_session
from tests.web.visiting import Pages, hidden_in

PATH = "/admin/leave"


async def fill_in(
    browser: httpx.AsyncClient, values: dict[str, str], page: str | None = None
) -> httpx.Response:
    shown = page if page is not None else (await browser.get(PATH)).text
    return await browser.post(PATH, data=hidden_in(shown) | values)


def days(pages: Pages, **over: str) -> dict[str, str]:
    about = {"tutor": str(pages.there.tutor.id), "starts_on": "2026-12-02", "ends_on": ""}
    return about | {"reason": "In hospital"} | over


def leave(pages: Pages) -> list[TutorLeave]:
    with pages.database.reading() as session:
        return list(session.exec(select(TutorLeave)).all())


async def test_what_is_booked_is_shown_first_and_settled_as_chosen(pages: Pages) -> None:
    booked = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=7))
    async with pages.browser(pages.there.coordinator) as browser:
        shown = await fill_in(browser, days(pages))
        assert leave(pages) == []
        assert "Wed 2 Dec 15:00-16:30" in shown.text
        done = await fill_in(browser, {f"way{booked.id}": "cancel"}, shown.text)
        listed = (await browser.get(PATH)).text
        assert '<a href="/admin/matches" aria-current="page">' in listed
        assert "In hospital" in listed
        (row,) = leave(pages)
        await browser.post(f"{PATH}/{row.id}/back", data=hidden_in(listed))

    assert done.status_code == 303
    assert (row.tutor_id, row.asked_by_id) == (booked.tutor.id, booked.coordinator.id)
    with pages.database.reading() as session:
        assert session.get_one(Appointment, booked.id).status is Status.CANCELLED_BY_TUTOR
    told = recipients(pages.database, MessageKind.DAYS_SETTLED)
    assert told == [booked.grace.id, booked.daniel.id, booked.tutor.id]
    assert leave(pages)[0].status is LeaveStatus.WITHDRAWN


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"starts_on": "soon"}, "day"),
        ({"ends_on": "2026-12-01"}, "day"),
        ({"reason": ""}, "reason"),
        ({"tutor": "4711"}, "tutor"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field_and_kept(
    pages: Pages, over: Any, said: str
) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await fill_in(browser, days(pages, **over))
    assert answer.status_code == 409
    error = answer.text.partition('class="error"')[2][:200]
    assert said in error
    assert leave(pages) == []


async def test_nobody_else_enters_leave_here(pages: Pages) -> None:
    async with pages.browser(pages.there.tutor) as browser:
        assert (await browser.get(PATH)).status_code == 404
