"""The tutor's page: today, upcoming, past, and what is still to do (SPEC 10)."""

import re
from datetime import timedelta

from sqlmodel import update

from models import RescheduleProposal
from models.enums import Status
from services.queries.teaching import A_PAGE
from tests import builders
from tests.builders import NOW
from tests.services.proofs import every_row
from tests.services.scenes import another_session, open_thread
from tests.web.visiting import Pages


async def shown(pages: Pages, query: str = "") -> str:
    async with pages.browser(pages.there.tutor) as browser:
        answer = await browser.get(f"/tutor{query}")
    assert answer.status_code == 200
    return answer.text


def rows(text: str) -> list[int]:
    """The sessions that a page lists, in order."""
    return [int(one) for one in re.findall(r'class="what" href="/sessions/(\d+)["?]', text)]


async def test_today_lists_the_day_with_the_button_that_fits_now(pages: Pages) -> None:
    soon = another_session(pages.database, pages.there, starts_at=NOW + timedelta(minutes=30))
    running = another_session(
        pages.database,
        pages.there,
        starts_at=NOW - timedelta(minutes=70),
        status=Status.CHECKED_IN,
    )
    later = another_session(pages.database, pages.there, starts_at=NOW + timedelta(hours=5))

    text = await shown(pages)

    assert rows(text) == [pages.there.id, running.id, soon.id, later.id]
    assert text.count(f'action="/sessions/{soon.id}/check-in"') == 1
    assert text.count(f'action="/sessions/{running.id}/check-out"') == 1
    assert f'href="/sessions/{pages.there.id}/add-notes"' in text
    assert f"/sessions/{later.id}/check-in" not in text


async def test_what_is_still_to_do_is_counted_above_the_day_and_listed_below_it(
    pages: Pages,
) -> None:
    unwritten = another_session(
        pages.database,
        pages.there,
        starts_at=NOW - timedelta(days=3),
        status=Status.AWAITING_APPROVAL_PARENT,
    )
    asked = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    open_thread(pages.database, asked)

    text = await shown(pages)

    assert rows(text) == [pages.there.id, asked.id, unwritten.id]
    strip = '<a href="#tasks">1 request to answer, notes of 1 session</a>'
    assert text.index(strip) < text.index(f'href="/sessions/{pages.there.id}"')
    assert text.index('id="tasks"') < text.index(f'href="/sessions/{asked.id}"')
    assert "Grace Lim asked to move it to Fri 27 Nov 15:00-16:30" in text
    assert f'action="/sessions/{asked.id}/accept"' in text


async def test_missed_attendance_is_still_to_do_until_the_coordinators_are_told(
    pages: Pages,
) -> None:
    missed_in, missed_out, told = (
        another_session(
            pages.database, pages.there, starts_at=NOW - timedelta(days=days), status=status
        )
        for days, status in ((3, Status.SCHEDULED), (4, Status.CHECKED_IN), (5, Status.SCHEDULED))
    )
    async with pages.browser(pages.there.tutor) as browser:
        data = {"csrf": pages.token(browser), "text": "I was there from 3 to 4."}
        await browser.post(f"/sessions/{told.id}/explain-missed", data=data)

    text = await shown(pages)

    assert set(rows(text)) == {pages.there.id, missed_in.id, missed_out.id}
    assert '<a href="#tasks">attendance of 2 sessions</a>' in text
    tasks = text[text.index('id="tasks"') :]
    assert ("No check-in" in tasks, "No check-out" in tasks) == (True, True)
    assert f'href="/sessions/{missed_in.id}/explain-missed"' in tasks


async def test_an_answer_with_another_time_is_not_said_to_ask(pages: Pages) -> None:
    asked = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    open_thread(pages.database, asked)
    with pages.database.unit_of_work() as session:
        session.exec(update(RescheduleProposal).values(version=2))

    assert "Grace Lim suggested Fri 27 Nov 15:00-16:30" in await shown(pages)


async def test_a_day_that_leaves_nothing_to_do_says_nothing_of_it(pages: Pages) -> None:
    assert "Still to do" not in await shown(pages)


async def test_upcoming_and_past_are_tabs_with_pages(pages: Pages) -> None:
    for days in range(1, A_PAGE + 2):
        another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=days))
    called_off = another_session(
        pages.database,
        pages.there,
        starts_at=NOW + timedelta(days=2, hours=3),
        status=Status.CANCELLED_BY_PARENT,
    )

    first, second = [await shown(pages, f"?tab=upcoming&page={page}") for page in (1, 2)]
    past = await shown(pages, "?tab=past")

    assert (len(rows(first)), len(rows(second))) == (A_PAGE, 1)
    assert called_off.id not in rows(first) + rows(second)
    assert rows(past) == [called_off.id]
    assert f'<span class="count">{A_PAGE + 1}</span>' in first
    assert "Cancelled by the family" in past


async def test_a_session_that_is_over_without_check_in_is_no_longer_scheduled(
    pages: Pages,
) -> None:
    row = another_session(pages.database, pages.there, starts_at=NOW - timedelta(hours=3))
    text = await shown(pages)
    found = text[text.index(f'href="/sessions/{row.id}"') :]
    assert found.index("No check-in") < found.index("</li>")
    async with pages.browser(pages.there.grace) as browser:
        page = (await browser.get(f"/sessions/{row.id}")).text
        past = (await browser.get(f"/family?child={row.student.id}&tab=past")).text
    assert "No check-in: nothing is charged so far." in page
    for one in (page, past):
        assert ">Scheduled<" not in one


async def test_empty_tabs_say_what_will_be_there(pages: Pages) -> None:
    pages.clock.forward(days=30)

    assert "No sessions today" in await shown(pages)
    assert "Nothing is booked after today" in await shown(pages, "?tab=upcoming")


async def test_a_page_beyond_the_last_leads_to_the_first(pages: Pages) -> None:
    async with pages.browser(pages.there.tutor) as browser:
        answer = await browser.get("/tutor?tab=upcoming&page=9")

    assert (answer.status_code, answer.headers["Location"]) == (307, "/tutor?tab=upcoming")


async def test_it_is_for_tutors_and_shows_their_own_sessions_alone(pages: Pages) -> None:
    with pages.database.unit_of_work() as session:
        other = builders.tutor(session)
    async with pages.browser(other) as browser:
        assert rows((await browser.get("/tutor")).text) == []
    async with pages.browser(pages.there.grace) as browser:
        answer = await browser.get("/tutor")
    assert answer.status_code == 409
    assert "This is for tutors." in answer.text


async def test_looking_changes_nothing(pages: Pages) -> None:
    asked = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    open_thread(pages.database, asked)
    async with pages.browser(pages.there.tutor) as browser:
        before = every_row(pages.database)
        pages.clock.forward(days=4)
        for tab in ("", "?tab=upcoming", "?tab=past", "?tab=nonsense"):
            assert (await browser.get(f"/tutor{tab}")).status_code == 200
        assert every_row(pages.database) == before
