"""A coordinator, a tutor and two parents do a whole week's work on the pages alone (SPEC 10).

Nobody touches Telegram but for Mei's, Grace's and Priya's one-time links; Daniel has none at all.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload
from sqlmodel import col, select, update

from models import Person
from models.enums import Status
from tests import files
from tests.browser import SHARED
from tests.databases import SqliteDatabases
from tests.end_to_end.desk import Desk, desk
from tests.end_to_end.invariants import require_invariants
from tests.end_to_end.stage import DANIEL, set_up
from tests.end_to_end.test_pages_in_step import link_of, pages_beside
from tests.end_to_end.week import ENDED, Week
from tests.services.billing.simulated import MONEYED

pytestmark = [pytest.mark.browser, SHARED]

PHOTO: FilePayload = {"name": "board.jpg", "mimeType": "image/jpeg", "buffer": files.jpeg_photo()}
SHEET: FilePayload = {"name": "Ohm.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
DOOR: FilePayload = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": files.jpeg_photo()}
WORDS = "Emily compared halves and thirds. She was proud of it."


@dataclass
class WeekOfPages(Week):
    """The week of four at their desks."""

    priya: Desk
    grace: Desk
    mei: Desk
    daniel: Desk

    def path(self, starts: str) -> str:
        return f"/sessions/{self.session(starts).id}"


@pytest_asyncio.fixture(loop_scope="session")
async def week(
    sqlite: SqliteDatabases, tmp_path: Path, browser: Browser
) -> AsyncIterator[WeekOfPages]:
    """Wednesday 25 November, 15:00. Emily has no lessons yet, and Daniel no Telegram.

    On one kind of database, since a week takes its time.
    """
    with sqlite.fresh() as url:
        async with set_up(url, tmp_path, agency=MONEYED) as stage:
            stage.people()
            with stage.database.unit_of_work() as session:
                session.exec(
                    update(Person)
                    .where(col(Person.telegram_user_id) == DANIEL)
                    .values(telegram_user_id=None, started_at=None)
                )
            async with (
                pages_beside(stage) as address,
                desk(browser, address, 1280) as priya,
                desk(browser, address, 390) as grace,
                desk(browser, address, 390) as mei,
                desk(browser, address, 390) as daniel,
            ):
                yield WeekOfPages(stage, priya, grace, mei, daniel)
            await require_invariants(stage)


async def test_a_week_of_a_coordinator_a_tutor_and_two_parents(week: WeekOfPages) -> None:
    await lessons_are_agreed(week)
    await a_session_is_held_noted_and_acknowledged(week)
    await a_problem_is_reported_and_answered(week)
    await a_dispute_is_settled(week)
    await another_time_is_found(week)
    await a_session_is_cancelled_and_its_penalty_waived(week)
    await extra_sessions_are_logged(week)
    await a_missed_attendance_is_corrected(week)
    await leave_is_taken(week)
    await a_request_expires_and_the_session_is_replaced(week)
    await who_was_silent_is_not_waited_for(week)
    await the_month_is_closed(week)

    assert week.ended() == ENDED


async def lessons_are_agreed(week: WeekOfPages) -> None:
    """Wednesday: weekly lessons are offered and accepted, two sessions added, a package bought."""
    priya, mei, daniel = week.priya, week.mei, week.daniel
    await priya.sign_in(link_of(week.stage, week.stage.priya))
    await priya.go("/admin/matches/new")
    await priya.fill("Subject", "Mathematics")
    for row, weekday in ((1, "4"), (2, "5")):
        await priya.fill_in(f"weekday{row}", weekday)
        await priya.fill_in(f"start{row}", "16:00")
    await priya.fill("First day", "2026-11-26")
    await priya.fill("Price in SGD", "60")
    await priya.fill("Pay in SGD", "40")
    await priya.press("Offer")
    await priya.reads("Waits for the parents")

    with week.stage.database.reading() as session:
        family = session.exec(select(Person.id).where(Person.name == "Daniel Lim")).one()
    await priya.go(f"/admin/people/{family}")
    await priya.press("Make a sign-in link")
    await daniel.sign_in(await priya.page.locator("#made-link").inner_text())
    await mei.sign_in(link_of(week.stage, week.stage.mei))
    await mei.press("Accept")
    await mei.reads("Mathematics with Grace Tan")
    await daniel.go("/family")
    await daniel.reads("Mathematics with Grace Tan")

    for day, at in (("2026-11-28", "10:00"), ("2026-11-30", "16:00")):
        await priya.go("/admin/sessions/new?child=1")
        await priya.fill("Day and time", day)
        await priya.fill_in("time", at)
        await priya.fill("Length in minutes", "60")
        await priya.press("Schedule")
        await priya.reads("You scheduled this")
    await priya.go("/admin/packages/new?child=1")
    await priya.fill("Sessions", "3")
    await priya.fill("Price in SGD", "150")
    await priya.press("Record")
    await priya.reads("3 of 3")


async def is_held(week: WeekOfPages, came: str, went: str) -> None:
    """Grace checks in, and out again, from the list of the day."""
    await week.until(came)
    await week.grace.go("/tutor")
    await week.grace.press("Check in")
    await week.grace.reads("In progress")
    await week.until(went)
    await week.grace.page.reload()
    await week.grace.press("Check out")


async def a_session_is_held_noted_and_acknowledged(week: WeekOfPages) -> None:
    """Thursday."""
    grace, mei = week.grace, week.mei
    await week.until("26 15:30")
    await grace.sign_in(link_of(week.stage, week.stage.grace))
    await is_held(week, "26 15:40", "26 17:00")
    await grace.go(week.path("26 16:00"))
    await grace.follow("Add notes")
    await grace.fill("What you did and how it went", WORDS)
    await grace.attach("Photos, documents, recordings", PHOTO, SHEET)
    await grace.press("Done")
    await grace.reads("You added notes")
    await week.stage.settled()
    await grace.page.reload()
    await grace.press("Looks right")

    await mei.go("/family?tab=awaiting")
    await mei.follow("Mathematics with Grace Tan")
    await mei.reads("She was proud of it.")
    await mei.reads("Ohm.pdf")
    await mei.press("Acknowledge")
    await mei.reads("You acknowledged this")


async def a_problem_is_reported_and_answered(week: WeekOfPages) -> None:
    mei, priya = week.mei, week.priya
    await mei.follow("Report a problem")
    await mei.fill("What is the problem?", "He parks in front of the gate.")
    await mei.press("Send")
    await mei.reads("What you reported")
    await priya.go("/admin?kind=problem")
    await priya.follow("Reply")
    await priya.fill("Your reply", "We have told her.")
    await priya.press("Reply")
    await priya.go("/admin/problems/1")
    await priya.press("Close")
    await mei.reads("We have told her.")


async def a_dispute_is_settled(week: WeekOfPages) -> None:
    """Friday: Daniel disputes with a photo; the page that Mei has open shows it."""
    daniel, mei, priya = week.daniel, week.mei, week.priya
    await is_held(week, "27 15:45", "27 16:35")
    await mei.go(week.path("27 16:00"))
    await daniel.go(week.path("27 16:00"))
    await daniel.follow("Dispute")
    await daniel.choose("Shorter than booked")
    await daniel.fill("What happened", "She left at half past.")
    await daniel.attach("Photos or documents, if you like", DOOR)
    await daniel.press("Dispute")
    await daniel.reads("You disputed this")
    await mei.reads("Daniel Lim disputed this")
    await priya.go("/admin?kind=dispute")
    await priya.reads("She left at half past.")
    await priya.press("Claim")
    await priya.go("/admin/disputes/1")
    await priya.fill("Reason", "The door log agrees.")
    await priya.press("Uphold")
    await priya.reads("The door log agrees.")
    await daniel.reads("you are not charged")


async def another_time_is_found(week: WeekOfPages) -> None:
    """Saturday's session, in three versions."""
    mei, grace, daniel, path = week.mei, week.grace, week.daniel, week.path("28 10:00")
    await mei.go(path)
    await mei.follow("Change time")
    await mei.type_time("sun 11am")
    await mei.choose("School event")
    await mei.press("Send")
    await mei.reads("You asked to move")
    await grace.go(path)
    await grace.follow("Suggest another")
    await grace.type_time("sun 2pm")
    await grace.press("Send")
    await daniel.go(path)
    await daniel.press("Accept")
    await daniel.reads("Sun 29 Nov 14:00-15:00")
    await mei.reads("Sun 29 Nov 14:00-15:00")


async def a_session_is_cancelled_and_its_penalty_waived(week: WeekOfPages) -> None:
    """Sunday evening: Grace is unwell."""
    grace, priya, path = week.grace, week.priya, week.path("30 16:00")
    await week.until("29 21:00")
    await grace.go(path)
    await grace.follow("Cancel")
    await grace.reads("Penalty: One strike")
    await grace.choose("Unwell")
    await grace.press("Cancel session")
    await grace.reads("You cancelled this")
    await priya.go(path)
    await priya.follow("Waive penalty")
    await priya.fill("Reason", "She has a fever.")
    await priya.press("Waive penalty")
    await priya.reads("You waived the penalty")


async def extra_sessions_are_logged(week: WeekOfPages) -> None:
    grace = week.grace
    await grace.go("/tutor/adhoc")
    for row, day in ((1, "2026-11-28"), (2, "2026-11-29")):
        await grace.fill_in(f"day-{row}", day)
        await grace.fill_in(f"start-{row}", "18:00")
        await grace.fill_in(f"topic-{row}", "Exam practice")
    await grace.press("Check")
    await grace.reads("Is that right?")
    await grace.press("Log 2 sessions")
    await grace.reads("Log more")


async def a_missed_attendance_is_corrected(week: WeekOfPages) -> None:
    """Monday: nobody checked in on Sunday."""
    priya = week.priya
    await week.until("30 09:00")
    await priya.go("/admin?kind=attendance")
    await priya.follow("Correct")
    await priya.fill("Checked in and out", "14:00-15:05")
    await priya.fill("Reason", "She had no signal.")
    await priya.press("Set these times")
    assert week.stage.status(week.session("28 10:00")) is Status.AWAITING_APPROVAL_PARENT


async def leave_is_taken(week: WeekOfPages) -> None:
    grace = week.grace
    await grace.go("/tutor/leave")
    await grace.fill("First day", "2026-12-04")
    await grace.fill("Reason", "A wedding.")
    await grace.press("Next")
    await grace.reads("Booked during your leave")
    await grace.press("Enter leave")
    await grace.reads("A wedding.")


async def a_request_expires_and_the_session_is_replaced(week: WeekOfPages) -> None:
    """Thursday's session is lost, since nobody answered."""
    daniel, priya, path = week.daniel, week.priya, week.path("03 16:00")
    await week.until("2 10:00")
    await daniel.go(path)
    await daniel.follow("Change time")
    await daniel.type_time("8/12 4pm")
    await daniel.choose("Family matter")
    await daniel.press("Send")
    await week.until("3 16:05")
    await daniel.page.reload()
    await daniel.reads("Not Completed")
    await daniel.press("Ask for replacement")
    await daniel.reads("You asked for a replacement")
    await priya.go(path)
    await priya.follow("Book a replacement")
    await priya.type_time("8/12 4pm")
    await priya.fill("Reason", "Nobody had answered.")
    await priya.press("Book it")
    await daniel.go("/family?tab=upcoming")
    await daniel.reads("Tue 8 Dec")


async def who_was_silent_is_not_waited_for(week: WeekOfPages) -> None:
    """Three sessions have waited for more than two days."""
    priya = week.priya
    await priya.go("/admin?kind=unanswered")
    await priya.follow("All of these")
    await priya.follow("Verify")
    await priya.fill("Reason", "No answer in two days.")
    await priya.press("Verify: 3")
    await priya.reads("3 done")


async def the_month_is_closed(week: WeekOfPages) -> None:
    """November's statements add up, for the family, the tutor and the agency."""
    priya, mei, grace = week.priya, week.mei, week.grace
    await priya.go("/admin/billing/2026-11")
    await priya.follow("Close the month")
    await priya.press("Close the month")
    await priya.reads("Closed")
    await mei.go("/family")
    await mei.follow("Statement")
    await mei.follow("November 2026")
    await mei.reads("Closed")
    await mei.reads("Extra sessions")
    await grace.go("/tutor")
    await grace.follow("Pay, month by month")
    await grace.follow("November 2026")
    await grace.reads("Closed")
