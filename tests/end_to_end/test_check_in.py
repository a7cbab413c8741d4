"""Check-in by command and by button (SPEC 3)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Appointment, AuditEvent, Person, RescheduleProposal, RescheduleThread, Student
from models.enums import Action, ChangeReason, Role, Status
from sandbox.faults import Fault, FaultKind
from sandbox.phone import Phone
from tests import builders
from tests.end_to_end.stage import OUTAGE, STRANGER, Stage, labels, text_of, texts


def second_student(stage: Stage, guardian: Person) -> Student:
    with stage.database.unit_of_work() as session:
        return builders.student(session, name="Ryan Lim", guardians=[guardian])


def check_ins(stage: Stage, appointment: Appointment) -> int:
    with stage.database.reading() as session:
        found = session.exec(
            select(AuditEvent).where(
                AuditEvent.appointment_id == appointment.id, AuditEvent.action == Action.CHECK_IN
            )
        )
        return len(found.all())


async def said(stage: Stage, phone: Phone, text: str) -> str:
    """What the bot answers to a text."""
    phone.send_text(text)
    await stage.settled()
    return text_of(phone.last())


async def test_with_one_session_that_qualifies_the_command_checks_in_at_once(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))

    answer = await said(stage, stage.grace, "/checkin")

    assert stage.status(session) is Status.CHECKED_IN
    assert "Emily Lim" in answer
    assert "In progress" in answer
    assert "Checked in 15:00" in answer


async def test_with_several_sessions_the_command_offers_a_button_each(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    first = await stage.session(grace, emily, starts_in=timedelta(minutes=10))
    second = await stage.session(grace, second_student(stage, mei), starts_in=timedelta(minutes=20))

    assert await said(stage, stage.grace, "/checkin") == "Which session is starting?"
    assert labels(stage.grace.last()) == [
        "Emily Lim · Today 15:10",
        "Ryan Lim · Today 15:20",
        "Leave",
    ]

    stage.grace.press("Ryan Lim · Today 15:20")
    await stage.settled()
    assert stage.status(first) is Status.SCHEDULED
    assert stage.status(second) is Status.CHECKED_IN
    assert stage.grace.toasts()[-1]["text"] == "You checked in at 15:00"


@pytest.mark.parametrize(
    ("starts_in", "answer"),
    [
        (timedelta(minutes=47), "Check-in opens in 17 minutes (15:17)"),
        (timedelta(minutes=30, seconds=1), "Check-in opens in 1 minute (15:00)"),
        (timedelta(minutes=32, seconds=-1), "Check-in opens in 2 minutes (15:01)"),
    ],
)
async def test_too_early_the_command_says_in_how_many_minutes_it_opens(
    stage: Stage, starts_in: timedelta, answer: str
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=starts_in)

    told, _, who, when, *_ = (await said(stage, stage.grace, "/checkin")).split("\n")
    assert told == answer
    assert who == "Emily Lim · Mathematics"
    assert when.startswith("Today 15:")
    assert stage.status(session) is Status.SCHEDULED


async def test_check_in_opens_at_the_instant_that_is_thirty_minutes_before(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=30))

    await said(stage, stage.grace, "/checkin")

    assert stage.status(session) is Status.CHECKED_IN


async def test_check_in_closes_at_midnight_of_the_agency(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=-1))
    await stage.forward(hours=9)

    answer = await said(stage, stage.grace, "/checkin")

    assert answer.startswith("Check-in closed at 00:00. A coordinator can still enter your times")
    assert stage.status(session) is Status.SCHEDULED


async def test_the_last_second_of_the_day_still_counts(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=-1))
    await stage.forward(hours=9, seconds=-1)

    await said(stage, stage.grace, "/checkin")

    assert stage.status(session) is Status.CHECKED_IN


async def test_the_reason_is_that_of_the_nearest_session(stage: Stage) -> None:
    """One missed an hour ago is nearer than the one in five days."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=7, minutes=30), minutes=60)
    await stage.session(grace, emily, starts_in=timedelta(days=5))
    await stage.forward(hours=9, minutes=30)

    told = await said(stage, stage.grace, "/checkin")
    assert "Check-in closed at 00:00" in told
    assert told.endswith("\nEmily Lim · Yesterday 22:30-23:30")


async def test_a_forgotten_session_of_yesterday_does_not_hide_the_next_one(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=-1), status=Status.CHECKED_IN)
    await stage.session(grace, emily, starts_in=timedelta(minutes=40))

    assert "Check-in opens in 10 minutes" in await said(stage, stage.grace, "/checkin")


async def test_without_any_session_the_way_on_is_told(stage: Stage) -> None:
    stage.people()

    answer = await said(stage, stage.grace, "/checkin")

    assert answer == "You have no session to check in to. /upcoming shows your next ones."


async def test_a_parent_is_told_that_the_command_is_for_tutors(stage: Stage) -> None:
    stage.people()

    assert (await said(stage, stage.mei, "/checkin")).startswith("This is for tutors.")


async def test_the_command_a_second_time_shows_the_session_in_progress(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))

    await said(stage, stage.grace, "/checkin")
    again = await said(stage, stage.grace, "/checkin")

    assert "Checked in 15:00" in again
    assert check_ins(stage, session) == 1


async def test_the_button_in_the_list_of_today_checks_in(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    await said(stage, stage.grace, "/sessions")

    stage.grace.press("Check in · Emily Lim")
    await stage.settled()

    assert stage.status(session) is Status.CHECKED_IN
    assert "In progress" in text_of(stage.grace.last())
    assert "Check in" not in stage.grace.buttons()


async def test_a_double_tap_has_its_effect_once_and_both_taps_are_answered(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    await said(stage, stage.grace, "/sessions")

    stage.grace.press("Check in · Emily Lim")
    stage.grace.press("Check in · Emily Lim")
    await stage.settled()

    assert [toast["text"] for toast in stage.grace.toasts()] == ["You checked in at 15:00"] * 2
    assert check_ins(stage, session) == 1


async def test_a_redelivered_update_has_its_effect_once(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    await said(stage, stage.grace, "/checkin")
    update_id = stage.world.updates.next_id - 1
    answers = len(texts(stage.grace))

    with stage.world.turn():
        stage.world.updates.repeat(update_id, stage.now)
    await stage.settled()

    assert check_ins(stage, session) == 1
    assert len(texts(stage.grace)) == answers


async def test_another_tutors_forged_button_changes_nothing(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    with stage.database.unit_of_work() as rows:
        builders.tutor(rows, name="Sam Other", telegram_user_id=STRANGER)
    stage.stranger.send_text("/sessions")
    await stage.settled()

    stage.stranger.press(f"ci.1:{session.id}", stage.stranger.last()["message_id"])
    await stage.settled()

    assert stage.status(session) is Status.SCHEDULED
    toast = stage.stranger.toasts()[-1]
    assert toast["text"].startswith("Only the session's own tutor can do this.")


async def test_an_open_request_blocks_check_in_and_says_who_asked(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    ask_to_move(stage, session, mei)

    answer = await said(stage, stage.grace, "/checkin")

    assert "Mei Lim has asked to move this session" in answer
    assert "Tomorrow 15:20-16:50" in answer
    assert stage.status(session) is Status.SCHEDULED


def ask_to_move(stage: Stage, session: Appointment, who: Person) -> None:
    with stage.database.unit_of_work() as rows:
        thread = RescheduleThread(
            appointment_id=session.id, opened_at=stage.now, expires_at=session.starts_at
        )
        rows.add(thread)
        rows.flush()
        day = timedelta(days=1)
        rows.add(
            RescheduleProposal(
                thread_id=thread.id,
                side=Role.PARENT,
                proposed_by_id=who.id,
                new_starts_at=session.starts_at + day,
                new_ends_at=session.ends_at + day,
                reason=ChangeReason.CHILD_UNWELL,
                proposed_at=stage.now,
            )
        )


async def test_a_session_just_after_midnight_is_checked_into_before_it(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=9, minutes=15))
    await stage.forward(hours=8, minutes=50)

    await said(stage, stage.grace, "/sessions")
    stage.grace.press("Check in · Emily Lim")
    await stage.settled()

    assert stage.status(session) is Status.CHECKED_IN


async def test_a_tutor_elsewhere_reads_their_own_time_with_its_zone(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as rows:
        person = rows.get_one(Person, grace.id)
        person.time_zone = "Asia/Tokyo"
    await stage.session(grace, emily, starts_in=timedelta(minutes=47))

    answer = await said(stage, stage.grace, "/checkin")

    assert answer.startswith("Check-in opens in 17 minutes (16:17")
    assert "Tokyo" in answer


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "status", "retry_after"])
async def test_an_answer_that_telegram_failed_to_take_comes_all_the_same(
    stage: Stage, kind: FaultKind
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    stage.world.faults.plan(Fault("sendMessage", kind, seconds=0.1))
    stage.expect_refusal(OUTAGE)

    assert "In progress" in await said(stage, stage.grace, "/checkin")
    assert check_ins(stage, session) == 1
