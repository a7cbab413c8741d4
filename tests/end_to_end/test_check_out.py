"""Check-out by command and by button, and the student's absence (SPEC 3)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Appointment, AuditEvent, NoteBatch, Person
from models.enums import Action, Status
from sandbox.faults import Fault, FaultKind
from tests import builders
from tests.end_to_end.note_scenes import notes_begun, parts_of
from tests.end_to_end.scenes import all_text, card_of, just_over, press, under_way, write
from tests.end_to_end.stage import OUTAGE, STRANGER, Stage, labels, text_of

PROMPT = "Send text, photos, documents or voice memos"


def check_outs(stage: Stage, appointment: Appointment) -> int:
    with stage.database.reading() as session:
        found = session.exec(
            select(AuditEvent).where(
                AuditEvent.appointment_id == appointment.id, AuditEvent.action == Action.CHECK_OUT
            )
        )
        return len(found.all())


def batches(stage: Stage) -> int:
    with stage.database.reading() as session:
        return len(session.exec(select(NoteBatch.id)).all())


async def running(stage: Stage, *, ends_in: timedelta, name: str = "Emily Lim") -> Appointment:
    """A session in progress of 90 minutes; the usual cast is there."""
    grace, mei, _, _ = stage.people()
    with stage.database.unit_of_work() as session:
        child = builders.student(session, name=name, guardians=[mei])
    starts_in = ends_in - timedelta(minutes=90)
    return await stage.session(grace, child, starts_in=starts_in, status=Status.CHECKED_IN)


async def test_the_command_checks_out_tells_the_parents_and_asks_for_notes(stage: Stage) -> None:
    session = await under_way(stage)

    answer = await write(stage, stage.grace, "/checkout")

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
    assert PROMPT in answer
    assert stage.grace.buttons() == ["Skip for now", "No notes"]
    assert "checked out 15:00" in text_of(card_of(stage.grace, "Awaiting acknowledgement"))
    for parent in (stage.mei, stage.daniel):
        assert "Awaiting Your Acknowledgement" in text_of(parent.last())


async def test_with_several_sessions_the_command_offers_a_button_each(stage: Stage) -> None:
    first = await under_way(stage)
    with stage.database.unit_of_work() as session:
        tutor = session.get_one(Person, first.tutor_id)
        ryan = builders.student(session, name="Ryan Lim")
    second = await stage.session(
        tutor, ryan, starts_in=timedelta(hours=-3), status=Status.CHECKED_IN
    )

    assert await write(stage, stage.grace, "/checkout") == "Which session is over?"
    told = await press(stage, stage.grace, "Ryan Lim · Today 12:00")

    assert told == "You checked out at 15:00"
    assert stage.status(first) is Status.CHECKED_IN
    assert stage.status(second) is Status.AWAITING_APPROVAL_PARENT
    assert "No parent of this child is linked" in text_of(stage.priya_in_group.last())


@pytest.mark.parametrize(
    ("ends_in", "answer"),
    [
        (timedelta(minutes=47), "Check-out opens in 17 minutes (15:17)"),
        (timedelta(minutes=30, seconds=1), "Check-out opens in 1 minute (15:00)"),
        (timedelta(hours=-24, seconds=-1), "Check-out closed at 14:59, 24 hours after the end."),
    ],
)
async def test_outside_the_window_the_answer_gives_the_number(
    stage: Stage, ends_in: timedelta, answer: str
) -> None:
    session = await running(stage, ends_in=ends_in)

    said = await write(stage, stage.grace, "/checkout")

    assert said.startswith(answer)
    assert "\nEmily Lim · " in said
    assert stage.status(session) is Status.CHECKED_IN


@pytest.mark.parametrize("ends_in", [timedelta(minutes=30), timedelta(hours=-24)])
async def test_both_ends_of_the_window_are_inside_it(stage: Stage, ends_in: timedelta) -> None:
    session = await running(stage, ends_in=ends_in)

    await write(stage, stage.grace, "/checkout")

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_before_check_in_the_command_says_to_check_in_first(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=-80))

    answer = await write(stage, stage.grace, "/checkout")

    assert answer.startswith("You haven't checked in to this session yet.")
    assert stage.status(session) is Status.SCHEDULED


async def test_without_any_session_the_way_on_is_told(stage: Stage) -> None:
    stage.people()

    answer = await write(stage, stage.grace, "/checkout")

    assert answer.startswith("You have no session to check out of.")


async def test_the_command_a_second_time_asks_for_no_second_notes(stage: Stage) -> None:
    session = await just_over(stage)

    answer = await write(stage, stage.grace, "/checkout")

    assert "checked out 15:00" in answer
    assert check_outs(stage, session) == 1
    assert batches(stage) == 1


async def test_a_double_tap_has_its_effect_once_and_shows_one_prompt(stage: Stage) -> None:
    session = await under_way(stage)
    await write(stage, stage.grace, "/sessions")

    stage.grace.press("Check out · Emily Lim")
    stage.grace.press("Check out · Emily Lim")
    await stage.settled()

    assert [toast["text"] for toast in stage.grace.toasts()] == ["You checked out at 15:00"] * 2
    assert check_outs(stage, session) == 1
    assert all_text(stage.grace).count(PROMPT) == 1


async def test_a_late_tap_on_an_old_check_out_begins_no_new_notes(stage: Stage) -> None:
    session = await under_way(stage)
    await write(stage, stage.grace, "/sessions")
    await press(stage, stage.grace, "Check out · Emily Lim")
    old = card_of(stage.grace, "Awaiting acknowledgement")["message_id"]
    await press(stage, stage.grace, "Skip for now")

    told = await press(stage, stage.grace, f"co.1:{session.id}", old)

    assert told == "You checked out at 15:00"
    assert batches(stage) == 1


async def test_another_tutors_forged_button_changes_nothing(stage: Stage) -> None:
    session = await under_way(stage)
    with stage.database.unit_of_work() as rows:
        builders.tutor(rows, name="Sam Other", telegram_user_id=STRANGER)
    await write(stage, stage.stranger, "/sessions")
    message_id = stage.stranger.last()["message_id"]

    for data in (f"co.1:{session.id}", f"wn.1:{session.id}", f"ab.1:{session.id}:1"):
        told = await press(stage, stage.stranger, data, message_id)
        assert told.startswith("Only the session's own tutor can do this.")

    assert stage.status(session) is Status.CHECKED_IN
    assert batches(stage) == 0


async def test_a_session_across_midnight_is_listed_and_checked_out_after_it(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(
        grace, emily, starts_in=timedelta(hours=8, minutes=30), minutes=60
    )
    await stage.forward(hours=8, minutes=30)
    assert "Today 23:30 - Thu 26 Nov 00:30" in await write(stage, stage.grace, "/checkin")
    await stage.forward(minutes=50)

    listed = await write(stage, stage.grace, "/sessions")
    assert "Yesterday 23:30 - 00:30" in listed
    await press(stage, stage.grace, "Check out · Emily Lim")

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
    assert "Checked in 23:30, checked out Thu 26 Nov 00:20" in text_of(stage.mei.last())


async def test_absence_is_a_toggle_that_the_parents_see(stage: Stage) -> None:
    await just_over(stage)

    told = await press(stage, stage.grace, "Student absent")
    assert told == "Marked as absent. The parents will see it."
    assert "student absent" in text_of(card_of(stage.mei, "Awaiting Your Acknowledgement"))

    assert await press(stage, stage.grace, "Student present") == "Marked as present."
    assert "student absent" not in text_of(card_of(stage.daniel, "Awaiting Your Acknowledgement"))


async def test_notes_go_on_after_the_student_was_marked_as_absent(stage: Stage) -> None:
    session = await notes_begun(stage)

    card = card_of(stage.grace, "Awaiting acknowledgement")["message_id"]
    await press(stage, stage.grace, "Student absent", card)
    assert "Your notes are on hold" not in all_text(stage.grace)
    await write(stage, stage.grace, "Nobody opened the door.")

    assert [part.text for part in parts_of(stage, session)] == ["Nobody opened the door."]


async def test_absence_is_not_marked_any_more_once_a_parent_has_answered(stage: Stage) -> None:
    session = await just_over(stage)
    card = card_of(stage.grace, "Awaiting acknowledgement")["message_id"]
    await press(stage, stage.mei, "Acknowledge")

    told = await press(stage, stage.grace, f"ab.1:{session.id}:1", card)

    assert told == "Mei Lim acknowledged this at 15:00"
    assert "student absent" not in text_of(card_of(stage.mei, "Acknowledged"))
    assert "Acknowledged" in text_of(card_of(stage.grace, "Acknowledged"))


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "answerCallbackQuery"])
@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "status", "retry_after"])
async def test_whatever_telegram_fails_to_take_the_parents_hear_once_and_notes_are_asked_for(
    stage: Stage, method: str, kind: FaultKind
) -> None:
    session = await under_way(stage)
    await write(stage, stage.grace, "/sessions")
    stage.world.faults.plan(Fault(method, kind, seconds=0.1))
    stage.expect_refusal(OUTAGE)

    await press(stage, stage.grace, "Check out · Emily Lim")

    assert check_outs(stage, session) == 1
    assert labels(card_of(stage.grace, PROMPT)) == ["Skip for now", "No notes"]
    assert all_text(stage.daniel).count("Awaiting Your Acknowledgement") == 1


async def test_where_all_is_done_already_it_names_the_session_of_which_it_speaks(
    stage: Stage,
) -> None:
    session = await running(stage, ends_in=timedelta(minutes=10))
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")
    await press(stage, stage.mei, "Acknowledge")
    assert stage.status(session) is Status.APPROVED

    said = await write(stage, stage.grace, "/checkout")

    assert said == "Mei Lim acknowledged this at 15:00\nEmily Lim · Today 13:40-15:10"
