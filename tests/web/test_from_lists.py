"""What a button of a list did is told on the list, and a session leads back to it (SPEC 10)."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest

from models.enums import ChangeReason, DisputeReason, Status
from services.approvals.disputes import dispute
from services.queries.teaching import A_PAGE
from services.reschedules.negotiation import propose
from services.sessions.attendance import clear_check_in
from services.sessions.coordinator_actions import move
from tests import builders
from tests.builders import NOW, ZONE, acting
from tests.services.scenes import another_session, carry_out
from tests.web.visiting import Pages, send

DAY = timedelta(days=1)


def back_of(text: str) -> str:
    """The address to which a session's page leads back."""
    [found] = re.findall(r'<p class="back"><a href="([^"]+)">', text)
    return unescape(str(found))


async def test_what_was_acknowledged_on_the_list_is_told_with_a_way_to_report_a_problem(
    pages: Pages,
) -> None:
    there = pages.there
    async with pages.browser(there.grace) as browser:
        answer = await send(
            browser,
            f"/sessions/{there.id}/acknowledge",
            on="/family",
            back=f"/family?child={there.session.student_id}&tab=awaiting",
        )
        told = (await browser.get(answer.headers["Location"])).text
        pages.clock.forward(minutes=6)
        later = (await browser.get(answer.headers["Location"])).text

    assert "You acknowledged this at 15:00: <a " in told
    assert f'<a href="/sessions/{there.id}">Emily' in told
    assert f'href="/sessions/{there.id}/report-problem"' in told
    assert "You acknowledged" not in later


async def test_who_acknowledges_twice_is_led_to_the_session_which_says_so(pages: Pages) -> None:
    there = pages.there
    path = f"/sessions/{there.id}/acknowledge"
    async with pages.browser(there.grace) as browser:
        form = {"csrf": pages.token(browser), "back": "/family"}
        await browser.post(path, data=form)
        again = await browser.post(path, data=form)

    assert again.headers["Location"] == f"/sessions/{there.id}?done=acknowledge"


async def test_a_check_out_on_the_list_is_told_and_asks_for_notes(pages: Pages) -> None:
    there = another_session(
        pages.database,
        pages.there,
        starts_at=NOW - timedelta(minutes=85),
        checked_in_at=NOW - timedelta(minutes=85),
        status=Status.CHECKED_IN,
    )
    async with pages.browser(there.tutor) as browser:
        answer = await send(browser, f"/sessions/{there.id}/check-out", on="/tutor", back="/tutor")
        told = (await browser.get(answer.headers["Location"])).text

    notice = told[told.index('class="notice good"') :].partition("</div>\n</div>")[0]
    assert "You checked out at 15:00: <a " in notice
    assert f'href="/sessions/{there.id}/add-notes"' in notice


async def test_a_notice_goes_once_somebody_has_undone_what_it_tells(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(minutes=10))
    async with pages.browser(there.tutor) as browser:
        answer = await send(browser, f"/sessions/{there.id}/check-in", on="/tutor", back="/tutor")
        listed, page = answer.headers["Location"], f"/sessions/{there.id}?done=check_in"
        before = [(await browser.get(one)).text for one in (listed, page)]
        later = acting(there.coordinator, NOW + timedelta(minutes=1))
        carry_out(pages.database, clear_check_in, there.id, later, "Pressed by mistake.")
        after = [(await browser.get(one)).text for one in (listed, page)]

    assert all('role="status">' in one and "You checked in at 15:00" in one for one in before)
    assert not any('class="notice good"' in one for one in after)


async def test_a_notice_of_a_request_goes_once_the_agency_has_moved_the_session(
    pages: Pages,
) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + 3 * DAY)
    carry_out(
        pages.database, propose, there.id, acting(there.grace), NOW + 5 * DAY,
        ChangeReason.SCHEDULE_CONFLICT, None, zone=ZONE,
    )  # fmt: skip
    page = f"/sessions/{there.id}?done=propose"
    async with pages.browser(there.grace) as browser:
        before = (await browser.get(page)).text
        later = acting(there.coordinator, NOW + timedelta(minutes=1))
        carry_out(
            pages.database, move, there.id, later, NOW + 4 * DAY, "The room is free.",
            seen=NOW + 3 * DAY, zone=ZONE,
        )  # fmt: skip
        after = (await browser.get(page)).text

    assert 'role="status">You asked to move this' in before
    assert 'role="status">You asked' not in after


@pytest.mark.parametrize(
    ("tab", "over"),
    [
        ("awaiting", {"status": Status.AWAITING_APPROVAL_PARENT, "starts_at": NOW - DAY}),
        ("upcoming", {"starts_at": NOW + DAY}),
        ("upcoming", {"starts_at": NOW - timedelta(minutes=5), "status": Status.CHECKED_IN}),
        ("future", {"starts_at": NOW + 8 * DAY}),
        ("past", {"starts_at": NOW - 2 * DAY}),
        ("past", {"starts_at": NOW + 2 * DAY, "status": Status.CANCELLED_BY_PARENT}),
    ],
)
async def test_a_familys_session_leads_back_to_its_child_and_its_tab(
    pages: Pages, tab: str, over: dict[str, Any]
) -> None:
    with pages.database.unit_of_work() as session:
        ryan = builders.student(session, [pages.there.grace], name="Ryan Lim")
    there = another_session(pages.database, pages.there, student=ryan, **over)
    async with pages.browser(pages.there.grace) as browser:
        back = back_of((await browser.get(f"/sessions/{there.id}")).text)
        listed = (await browser.get(back)).text

    assert back == f"/family?child={ryan.id}&tab={tab}"
    assert f'href="/sessions/{there.id}"' in listed


async def test_once_answered_it_leads_back_to_what_still_awaits_an_answer(pages: Pages) -> None:
    there = pages.there
    path = f"/sessions/{there.id}/acknowledge"
    async with pages.browser(there.grace) as browser:
        await send(browser, path, on=f"/sessions/{there.id}")
        text = (await browser.get(f"/sessions/{there.id}?done=acknowledge")).text

    assert back_of(text) == f"/family?child={there.session.student_id}"


@pytest.mark.parametrize(
    ("query", "starts_at"),
    [("", NOW + timedelta(hours=2)), ("?tab=upcoming", NOW + DAY), ("?tab=past", NOW - DAY)],
)
async def test_a_tutors_session_leads_back_to_its_tab(
    pages: Pages, query: str, starts_at: datetime
) -> None:
    there = another_session(pages.database, pages.there, starts_at=starts_at)
    async with pages.browser(there.tutor) as browser:
        back = back_of((await browser.get(f"/sessions/{there.id}")).text)
        listed = (await browser.get(back)).text

    assert back == f"/tutor{query}"
    assert f'href="/sessions/{there.id}"' in listed


async def test_a_coordinators_session_leads_back_to_the_list_as_it_was_filtered(
    pages: Pages,
) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        listed = (await browser.get("/admin/sessions?status=disputed&text=Math")).text
        plain = (await browser.get("/admin/sessions")).text
        by, why = acting(pages.there.grace), DisputeReason.CONDUCT
        carry_out(pages.database, dispute, pages.there.id, by, why, None)
        filtered = (await browser.get("/admin/sessions?status=disputed&text=Math")).text
        [link] = re.findall(r'<a href="(/sessions/\d+[^"]*)"', filtered)
        back = back_of((await browser.get(unescape(link))).text)
        strange = await browser.get(f"/sessions/{pages.there.id}?back=//elsewhere.example")

    assert f'"/sessions/{pages.there.id}' not in listed
    assert f'"/sessions/{pages.there.id}"' in plain
    assert back == "/admin/sessions?text=Math&status=disputed"
    assert back_of(strange.text) == "/admin/sessions"


async def test_a_session_of_a_further_page_leads_back_to_that_page(pages: Pages) -> None:
    for days in range(1, A_PAGE + 2):
        another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=days))
    async with pages.browser(pages.there.tutor) as browser:
        listed = (await browser.get("/tutor?tab=upcoming&page=2")).text
        [link] = re.findall(r'class="what" href="([^"]+)"', listed)
        back = back_of((await browser.get(link)).text)

    assert back == "/tutor?tab=upcoming&page=2"
