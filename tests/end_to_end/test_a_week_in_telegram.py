"""A coordinator, a tutor and two parents do a whole week's work in Telegram alone (SPEC 9, 10).

Nobody opens a page. What the agency has in its tables is imported before the week, as on any first
day: people, a child, lessons to be offered, a package.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chat.deep_links import UseInvitation, payload_of
from models.enums import Status
from services.people.accounts import make_coordinator
from tests import files
from tests.databases import SqliteDatabases
from tests.end_to_end.chats import Chat
from tests.end_to_end.invariants import require_invariants
from tests.end_to_end.stage import set_up, text_of
from tests.end_to_end.week import ENDED
from tests.end_to_end.week_of_chats import LEFT, WeekOfChats
from tests.services.billing.simulated import MONEYED
from tests.services.imports import files as tables
from tests.services.imports.runs import imported

NOTE = "Emily compared halves and thirds. She was proud of it."


@pytest.fixture
async def week(sqlite: SqliteDatabases, tmp_path: Path) -> AsyncIterator[WeekOfChats]:
    """Wednesday 25 November, 15:00. What was imported waits, and nobody has linked an account.

    On one kind of database, since a week takes its time.
    """
    folder = tables.write(
        tmp_path / "tables",
        people=[
            tables.person("c1", name="Priya Nair", roles="coordinator"),
            tables.person("t1", name="Grace Tan"),
            tables.parent("p1", name="Mei Lim"),
            tables.parent("p2", name="Daniel Lim"),
        ],
        students=[tables.student(guardian_refs="p1;p2", address="18 Bishan Street")],
        sessions=[],
        matches=[
            tables.match(weekday="thu;fri", duration_minutes=60, price=60, pay=40, accepted="no")
        ],
        packages=[tables.package(sessions_total=3, starts_on="2026-11-25", price=150)],
    )
    with sqlite.fresh() as url:
        async with set_up(url, tmp_path, agency=MONEYED) as stage:
            assert (await imported(stage.database, folder, agency=MONEYED)).is_saved
            phones = (stage.priya, stage.priya_in_group, stage.grace, stage.mei, stage.daniel)
            yield WeekOfChats(stage, *(Chat(stage, one) for one in phones))
            await require_invariants(stage)


async def test_a_week_of_a_coordinator_a_tutor_and_two_parents(week: WeekOfChats) -> None:
    await everybody_is_linked(week)
    await lessons_are_agreed(week)
    await everybody_looks_round(week)
    await a_session_is_held_noted_and_acknowledged(week)
    await a_problem_is_reported_and_answered(week)
    await coordinators_are_told_of_what_comes_late(week)
    await a_dispute_is_settled(week)
    await another_time_is_found(week)
    await a_session_is_cancelled_and_its_penalty_waived(week)
    await extra_sessions_are_logged(week)
    await a_missed_attendance_is_corrected(week)
    await leave_is_taken(week)
    await a_request_expires_and_the_session_is_replaced(week)
    await who_was_silent_is_not_waited_for(week)

    assert week.ended() == ENDED
    assert week.commands_left_out() == {"web"}
    assert week.questions() == []
    for name, offers in week.offers().items():
        assert offers == LEFT[name], "\n".join([name, *map(str, offers)])
    assert not any(week.claims().values()), week.claims()


async def everybody_is_linked(week: WeekOfChats) -> None:
    """Priya by the link that the program prints, the others by her invitations."""
    stage, priya = week.stage, week.priya
    with stage.database.unit_of_work() as session:
        token = make_coordinator(session, "Priya Nair", stage.now)
    await priya.open(f"?start={payload_of(UseInvitation(token))}")
    for who, named in (
        (week.grace, "Grace Tan (Tutor)"),
        (week.mei, "Mei Lim (Parent)"),
        (week.daniel, "Daniel Lim (Parent)"),
    ):
        await priya.send(f"/invite {named.split()[0]}")
        await priya.tap(named)
        await who.open(text_of(priya.phone.last()))
        does = "keep your sessions for" if who is week.grace else "follow the sessions of"
        who.reads(f"Here you {does} Bright Minds.")


async def lessons_are_agreed(week: WeekOfChats) -> None:
    """Weekly lessons that were imported are accepted; two sessions are added."""
    priya, mei = week.priya, week.mei
    await mei.tap("Accept")
    week.daniel.reads("Mei Lim accepted this", "16 sessions are booked")
    week.group.reads("Mei Lim accepted a match")
    for when in ("sat 10am", "mon 4pm"):
        await priya.send("/schedule Emily", when)
        await priya.tap("Schedule")
    week.grace.reads("Sat 28 Nov 10:00-11:00", "Mon 30 Nov 16:00-17:00")


async def everybody_looks_round(week: WeekOfChats) -> None:
    """Every list and setting that there is, before anything has happened."""
    await week.grace.send("/sessions", "/upcoming", "/todos", "/mystudents", "/help")
    week.grace.reads("Your students", "Next: Thu 26 Nov 16:00-17:00")
    await week.mei.send("/sessions", "/pending", "/settings", "/change", "/stop")
    await week.daniel.send("/package")
    week.daniel.reads("3 of 3 sessions left")
    await week.daniel.send("/language", "/settings")
    week.daniel.reads("the only language so far")
    for command in ("/dashboard", "/disputes", "/problems", "/lowpackages", "/pending"):
        await week.priya.send(command)
        await week.group.send(command)
    await week.priya.send("/find Emily")
    week.priya.reads("Emily Lim: Daniel Lim, Mei Lim")


async def a_session_is_held_noted_and_acknowledged(week: WeekOfChats) -> None:
    """Thursday: notes of text, an album and a voice memo, and a summary."""
    grace, mei = week.grace, week.mei
    await week.until("26 15:40")
    await grace.send("/checkin")
    grace.reads("In progress")
    await week.until("26 17:00")
    await grace.send("/checkout", NOTE)
    grace.phone.send_album([files.jpeg_photo()] * 2, "The board")
    grace.phone.send_voice(files.ogg_voice(3), 3)
    await week.stage.settled()
    grace.reads("So far: 2 photos, 1 voice memo, 1 text")
    await grace.tap("Done", "Summary", "Looks right")

    await mei.tap("View notes", "Summary")
    mei.reads(NOTE, "She was proud of it.")
    await mei.tap("Acknowledge")
    week.daniel.reads("Mei Lim acknowledged this")


async def a_problem_is_reported_and_answered(week: WeekOfChats) -> None:
    mei, group = week.mei, week.group
    await mei.tap("Report a problem")
    await mei.send("He parks in front of the gate.")
    await week.priya.open(group.link("Read it"))
    week.priya.reads("He parks in front of the gate.")
    await group.tap("Claim", "Reply")
    await group.reply("We have told her.")
    await group.tap("Close")
    mei.reads("We have told her.", "Priya Nair closed your report")


async def coordinators_are_told_of_what_comes_late(week: WeekOfChats) -> None:
    """Friday, within four hours of the start."""
    await week.until("27 12:30")
    await week.grace.send("/change")
    await week.grace.tap("📣 Emily Lim · Today 16:00", "Other")
    await week.grace.send("My bus is late.")
    week.group.reads("Message from the tutor", "My bus is late.")


async def a_dispute_is_settled(week: WeekOfChats) -> None:
    """Daniel disputes with a photo; there are no notes."""
    grace, daniel, group = week.grace, week.daniel, week.group
    await week.until("27 15:45")
    await grace.send("/checkin")
    await week.until("27 16:35")
    await grace.send("/checkout")
    await grace.tap("No notes")
    await daniel.tap("Dispute", "Shorter than booked")
    daniel.phone.send_photo(files.jpeg_photo(), "The door log")
    await week.stage.settled()
    await daniel.send("She left at half past.")
    await daniel.tap("Dispute")
    week.mei.reads("Daniel Lim disputed this")
    await week.priya.open(group.link("Details"))
    week.priya.reads("She left at half past.")
    await group.tap("Claim", "Uphold")
    await group.reply("The door log agrees.")
    for who in (week.mei, daniel):
        who.reads("Upheld: you are not charged for this session.")


async def another_time_is_found(week: WeekOfChats) -> None:
    """Saturday's session, in three versions, typed and chosen by buttons."""
    mei, grace, daniel = week.mei, week.grace, week.daniel
    await mei.send("/change")
    await mei.tap("Emily Lim · Tomorrow 10:00", "Change time")
    await mei.send("sun 11am")
    await mei.tap("School event", "Send")
    await grace.tap("Suggest another", "Other day", "Sun 29 Nov", "15:00", "Send")
    daniel.reads("Grace Tan suggested another time:\nSun 29 Nov 15:00-16:00")
    await daniel.tap("Suggest another")
    await daniel.send("sun 2pm")
    await daniel.tap("Send")
    await grace.tap("Accept")
    for who in (mei, daniel):
        who.reads("Moved to Sun 29 Nov 14:00-15:00")


async def a_session_is_cancelled_and_its_penalty_waived(week: WeekOfChats) -> None:
    """Sunday evening: Grace is unwell."""
    grace, priya = week.grace, week.priya
    await week.until("29 21:00")
    await grace.send("/upcoming")
    await grace.tap("Emily Lim · Tomorrow 16:00", "Cancel", "Unwell")
    grace.reads("Penalty: One strike")
    await grace.tap("Cancel session")
    week.mei.reads("Cancelled by the tutor: you can ask for another time.")
    await priya.send("/find Emily")
    await priya.tap("Emily Lim · Tomorrow 16:00", "Waive penalty")
    await priya.send("She has a fever.")
    grace.reads("Priya Nair waived the penalty")


async def extra_sessions_are_logged(week: WeekOfChats) -> None:
    """Two, in one go."""
    await week.grace.send("/adhoc", "sat 6pm 60 exam practice\nsun 6pm 60 exam practice")
    await week.grace.tap("Log 2 sessions")
    await week.grace.send("/notes")
    await week.grace.tap("Emily Lim · Yesterday 18:00")
    await week.grace.send("We went through last year's paper.")
    await week.grace.tap("Done")
    week.daniel.reads("Emily Lim · exam practice", "📝 Notes: 1 text")


async def a_missed_attendance_is_corrected(week: WeekOfChats) -> None:
    """Monday: nobody checked in on Sunday."""
    priya = week.priya
    await week.until("30 09:00")
    week.group.reads("Attendance is missing")
    await priya.send("/dashboard")
    await priya.tap("Missed (1)", "Emily Lim · Yesterday 14:00", "Correct attendance")
    await priya.send("14:00-15:05", "She had no signal.")
    session = week.session("28 10:00")
    assert week.stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def leave_is_taken(week: WeekOfChats) -> None:
    grace = week.grace
    await grace.send("/mystudents")
    await grace.tap("Enter leave")
    await grace.send("4 dec", "A wedding.")
    grace.reads("1. Emily Lim, Mathematics, Fri 4 Dec 16:00-17:00")
    await grace.tap("Enter leave")
    week.group.reads("Grace Tan is away: Fri 4 Dec")


async def a_request_expires_and_the_session_is_replaced(week: WeekOfChats) -> None:
    """Thursday's session is lost, since nobody answered."""
    daniel, priya = week.daniel, week.priya
    await week.until("2 10:00")
    await daniel.send("/upcoming")
    await daniel.tap("Emily Lim · Tomorrow 16:00", "Change time")
    await daniel.send("8/12 4pm")
    await daniel.tap("Family matter", "Send")
    await week.until("3 16:05")
    daniel.reads("Not Completed")
    await daniel.tap("Ask for replacement")
    await priya.open(week.group.link("Replace"))
    await priya.send("8/12 4pm", "Nobody had answered.")
    await priya.tap("Book replacement")
    week.mei.reads("Tue 8 Dec 16:00-17:00")


async def who_was_silent_is_not_waited_for(week: WeekOfChats) -> None:
    """Three sessions have waited for more than two days."""
    priya = week.priya
    for session in ("Sat 28 Nov 18:00", "Sun 29 Nov 18:00", "Sun 29 Nov 14:00"):
        await priya.send("/pending")
        await priya.tap(f"Emily Lim · {session}", "Verify")
        await priya.send("No answer in two days.")
    await priya.send("/pending", "/lowpackages")
    priya.reads("Nothing is waiting: no session, change, request, dispute or problem report.")
    await week.daniel.send("/package")
    week.daniel.reads("1 of 3 sessions left")
    await week.daniel.send("/statement")
    week.daniel.reads("Sum · SGD\N{NO-BREAK SPACE}270.00 · 4 sessions, 4 h")
    await week.grace.send("/statement")
    week.grace.reads("Sum · SGD\N{NO-BREAK SPACE}160.00 · 4 sessions, 4 h")
