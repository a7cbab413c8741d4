"""What a session's forms and its greyed actions say, so that nobody is led astray (UX 6, 10)."""

import re
from datetime import datetime, timedelta

from models import TutorLeave
from tests.builders import NOW, ZONE
from tests.services.scenes import another_session, open_thread
from tests.web.test_coordinating import lost
from tests.web.visiting import Pages, send

DAY = timedelta(days=1)


def away(pages: Pages, first: datetime, last: datetime) -> None:
    """Leave of the tutor."""
    tutor_id = pages.there.tutor.id
    days = [one.astimezone(ZONE).date() for one in (first, last)]
    with pages.database.unit_of_work() as session:
        session.add(
            TutorLeave(
                tutor_id=tutor_id,
                starts_on=days[0],
                ends_on=days[1],
                asked_by_id=tutor_id,
                asked_at=NOW,
            )
        )


def between(text: str, first: str, last: str) -> str:
    return text[text.index(first) :].partition(last)[0]


async def test_attendance_of_a_session_to_come_is_not_greyed_because_of_a_request(
    pages: Pages,
) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + 2 * DAY)
    open_thread(pages.database, there)
    async with pages.browser(there.coordinator) as browser:
        text = (await browser.get(f"/sessions/{there.id}")).text

    assert "asked to move this session" in text
    assert "Correct attendance" not in text


async def test_what_a_request_holds_up_is_still_greyed_with_its_reason(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(minutes=20))
    open_thread(pages.database, there)
    async with pages.browser(there.tutor) as browser:
        text = (await browser.get(f"/sessions/{there.id}")).text

    greyed = between(text, '<ul class="not-now">', "</ul>")
    assert "<b>Check in, Change time</b>: Grace Lim has asked to move this session" in greyed


async def test_a_clear_time_that_cannot_be_had_is_not_offered_again(pages: Pages) -> None:
    there = lost(pages)
    away(pages, NOW + 3 * DAY, NOW + 3 * DAY)
    day = (NOW + 3 * DAY).astimezone(ZONE)
    async with pages.browser(there.coordinator) as browser:
        path = f"/sessions/{there.id}/replace?typed={day.day}/{day.month}+15:00"
        text = (await browser.get(path)).text
        unclear = (await browser.get(f"/sessions/{there.id}/replace?typed=gibberish")).text

    refused = between(text, 'class="field wrong"', '<input type="text" id="typed"')
    assert "is away on" in refused
    assert "<a " not in refused
    assert 'class="field wrong"' in unclear


async def test_of_a_taken_time_the_free_hours_of_its_day_are_shown(pages: Pages) -> None:
    there = lost(pages)
    taken = another_session(pages.database, pages.there, starts_at=NOW + 2 * DAY)
    day = taken.session.starts_at.astimezone(ZONE)
    async with pages.browser(there.coordinator) as browser:
        typed = f"typed={day.day}/{day.month}+{day:%H:%M}"
        text = (await browser.get(f"/sessions/{there.id}/replace?{typed}")).text

    hours = between(text, '<div class="slots hours">', "</section>")
    assert re.findall(r">(\d\d:\d\d)</a>", hours)
    assert f">{day:%H:%M}</a>" not in hours


async def test_during_leave_the_days_after_it_are_offered(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + 9 * DAY)
    away(pages, NOW, NOW + 25 * DAY)
    async with pages.browser(there.grace) as browser:
        text = (await browser.get(f"/sessions/{there.id}/propose")).text

    days = re.findall(r"day=(\d{4}-\d\d-\d\d)#days", text)
    own, back = ((NOW + one * DAY).astimezone(ZONE).date() for one in (9, 26))
    assert days[:2] == [own.isoformat(), back.isoformat()]  # on its own day it may stay
    assert len(days) == 14


async def test_a_report_without_words_is_asked_what_the_problem_is(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        path = f"/sessions/{pages.there.id}/report-problem"
        answer = await send(browser, path, text=" ")

    assert "Please say what the problem is, in a few words." in answer.text
    assert "say why" not in answer.text
