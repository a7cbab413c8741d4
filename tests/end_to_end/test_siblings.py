"""Siblings taught together: one reminder and one tap for both, a card each (SPEC 3, 6; UX 21).

It is 15:00 to begin with.
"""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models import Appointment, AuditEvent, NotePart, OutboxMessage, Person, Student
from models.enums import Action, MessageKind, Role, Status
from tests import builders
from tests.end_to_end.reminded import HOUR, OPENS, change, count
from tests.end_to_end.scenes import all_text, ask_to_move, card_of, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of, texts
from tests.end_to_end.test_redelivery import tapped

BOTH = "Both: Emily and Ryan"


def sibling(stage: Stage, guardian: Person, name: str = "Ryan Lim") -> Student:
    with stage.database.unit_of_work() as session:
        return builders.student(session, name=name, guardians=[guardian])


async def both(
    stage: Stage, starts_in: timedelta, status: Status = Status.SCHEDULED
) -> list[Appointment]:
    """Grace teaches Emily and her brother Ryan together, so long after 15:00."""
    grace, mei, _, emily = stage.people()
    children = (emily, sibling(stage, mei))
    return [await stage.session(grace, one, starts_in=starts_in, status=status) for one in children]


def statuses(stage: Stage, sessions: list[Appointment]) -> list[Status]:
    return [stage.status(one) for one in sessions]


def events(stage: Stage, action: Action) -> list[int | None]:
    """The sessions of which the audit trail has this."""
    with stage.database.reading() as session:
        found = session.exec(
            select(AuditEvent.appointment_id)
            .where(AuditEvent.action == action)
            .order_by(col(AuditEvent.appointment_id))
        )
        return list(found.all())


def sent_of(stage: Stage, kind: MessageKind) -> int:
    """How many messages came of the reminders of this kind."""
    with stage.database.reading() as session:
        found = session.exec(
            select(OutboxMessage.message_id)
            .where(OutboxMessage.kind == kind, col(OutboxMessage.message_id).is_not(None))
            .distinct()
        )
        return len(found.all())


async def test_the_command_offers_one_tap_for_both_and_one_each(stage: Stage) -> None:
    sessions = await both(stage, timedelta(minutes=10))

    assert await write(stage, stage.grace, "/checkin") == "Which session is starting?"
    assert labels(stage.grace.last()) == [
        BOTH,
        "Emily Lim · Today 15:10",
        "Ryan Lim · Today 15:10",
        "Leave",
    ]
    asked = stage.grace.last()["message_id"]
    assert await press(stage, stage.grace, BOTH) == "You checked in at 15:00"

    assert statuses(stage, sessions) == [Status.CHECKED_IN, Status.CHECKED_IN]
    assert events(stage, Action.CHECK_IN) == [one.id for one in sessions]
    for child in ("Emily Lim", "Ryan Lim"):
        assert "Checked in 15:00" in text_of(card_of(stage.grace, f"{child} · Mathematics"))
    assert text_of(message_of(stage.grace, asked)) == "✅ Emily and Ryan: checked in at 15:00"
    assert asked not in [one["message_id"] for one in stage.grace.messages() if labels(one)]


async def test_only_one_of_them_may_be_there(stage: Stage) -> None:
    sessions = await both(stage, timedelta(minutes=10))
    await write(stage, stage.grace, "/checkin")

    await press(stage, stage.grace, "Ryan Lim · Today 15:10")

    assert statuses(stage, sessions) == [Status.SCHEDULED, Status.CHECKED_IN]
    assert labels(card_of(stage.grace, "Which session")) == ["Emily Lim · Today 15:10", "Leave"]


async def test_three_of_them_are_one_tap_too(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    sessions = [
        await stage.session(grace, one, starts_in=timedelta(minutes=10))
        for one in (emily, sibling(stage, mei), sibling(stage, mei, "Sam Lim"))
    ]
    await write(stage, stage.grace, "/checkin")

    asked = stage.grace.last()["message_id"]
    await press(stage, stage.grace, "All three: Emily, Ryan and Sam")

    left = text_of(message_of(stage.grace, asked))
    assert left == "✅ Emily, Ryan and Sam: checked in at 15:00"
    assert statuses(stage, sessions) == [Status.CHECKED_IN] * 3


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (["Bartholomew-John Lim"], "Both: Emily and Bartholome…"),
        (["Emily Lim-Tan"], "Both: Emily Lim and Emily Lim-…"),
        (["Maximiliana Lim", "Sam Lim"], "All three together"),
        (["Ryan Lim", "Sam Lim", "Zoe Lim"], "All 4 together"),
    ],
)
async def test_the_button_is_one_line_on_a_narrow_phone(
    stage: Stage, names: list[str], label: str
) -> None:
    grace, mei, _, emily = stage.people()
    for one in (emily, *(sibling(stage, mei, name) for name in names)):
        await stage.session(grace, one, starts_in=timedelta(minutes=10))

    await write(stage, stage.grace, "/checkin")

    assert labels(stage.grace.last())[0] == label


@pytest.mark.parametrize("apart", ["another family", "another end"])
async def test_others_are_checked_in_one_by_one(stage: Stage, apart: str) -> None:
    grace, mei, _, emily = stage.people()
    minutes = 90 if apart == "another family" else 60
    with stage.database.unit_of_work() as session:
        stranger = builders.parent(session, name="Ong Li Ting")
    other = sibling(stage, stranger if apart == "another family" else mei)
    await stage.session(grace, emily, starts_in=timedelta(minutes=10))
    await stage.session(grace, other, starts_in=timedelta(minutes=10), minutes=minutes)

    await write(stage, stage.grace, "/checkin")

    assert labels(stage.grace.last()) == [
        "Emily Lim · Today 15:10",
        "Ryan Lim · Today 15:10",
        "Leave",
    ]


async def test_the_command_after_both_are_in_names_both(stage: Stage) -> None:
    await both(stage, timedelta(minutes=10))
    await write(stage, stage.grace, "/checkin")
    await press(stage, stage.grace, BOTH)
    await stage.forward(minutes=2)

    told = await write(stage, stage.grace, "/checkin")

    assert told.startswith("✅ Emily and Ryan: checked in at 15:00\n\nRyan Lim · Mathematics\n")


async def test_one_that_is_refused_does_not_hold_up_the_other(stage: Stage) -> None:
    emily, ryan = await both(stage, timedelta(minutes=10))
    await write(stage, stage.grace, "/checkin")
    asked = stage.grace.last()["message_id"]
    change(stage, emily, status=Status.CANCELLED_BY_PARENT)

    told = await press(stage, stage.grace, BOTH, asked)

    assert statuses(stage, [emily, ryan]) == [Status.CANCELLED_BY_PARENT, Status.CHECKED_IN]
    first, second = told.split("\n")
    assert first.startswith("Emily Lim: ")
    assert second == "Ryan Lim: You checked in at 15:00"
    assert labels(card_of(stage.grace, "Emily Lim · Mathematics")) != ["Check in"]
    assert first.removeprefix("Emily Lim: ") in text_of(card_of(stage.grace, "Emily Lim · Math"))


async def test_a_second_tap_changes_nothing_and_sends_nothing(stage: Stage) -> None:
    sessions = await both(stage, timedelta(minutes=10))
    await write(stage, stage.grace, "/checkin")
    asked = stage.grace.last()["message_id"]

    stage.grace.press(BOTH, asked)
    stage.grace.press(BOTH, asked)
    await stage.settled()

    assert [one["text"] for one in stage.grace.toasts()[-2:]] == ["You checked in at 15:00"] * 2
    assert events(stage, Action.CHECK_IN) == [one.id for one in sessions]
    assert len(texts(stage.grace)) == 3  # what is left of the question, and two cards


async def test_check_in_opens_with_one_message_for_both(stage: Stage) -> None:
    sessions = await both(stage, HOUR)

    await stage.forward(minutes=31)

    (told,) = texts(stage.grace)
    assert told.startswith(OPENS)
    assert "Emily Lim · Mathematics\nWed 25 Nov 16:00-17:30\n📍 18 Bishan Street" in told
    assert "Ryan Lim · Mathematics" in told
    assert labels(stage.grace.last()) == [
        BOTH,
        "Emily Lim · Today 16:00",
        "Ryan Lim · Today 16:00",
    ]
    await press(stage, stage.grace, BOTH)
    assert statuses(stage, sessions) == [Status.CHECKED_IN, Status.CHECKED_IN]
    assert count(stage.grace, OPENS) == 0
    assert sent_of(stage, MessageKind.CHECK_IN_OPEN) == 1


async def test_a_reminder_that_was_asked_for_is_that_of_both(stage: Stage) -> None:
    await both(stage, HOUR)
    await write(stage, stage.grace, "/checkin")
    await press(stage, stage.grace, "Remind me")

    await stage.forward(minutes=31)

    assert count(stage.grace, OPENS) == 1
    assert sent_of(stage, MessageKind.CHECK_IN_OPEN) == 1


async def test_reminders_of_two_families_stand_side_by_side(stage: Stage) -> None:
    sessions = await both(stage, HOUR)
    with stage.database.unit_of_work() as session:
        grace = session.get_one(Person, sessions[0].tutor_id)
        parent = builders.parent(session, name="Ong Li Ting")
    for name in ("Ben Ong", "Chloe Ong"):
        later = HOUR + timedelta(minutes=10)
        child = sibling(stage, parent, name)
        sessions.append(await stage.session(grace, child, starts_in=later))

    await stage.forward(minutes=41)

    assert count(stage.grace, OPENS) == 2
    await press(stage, stage.grace, BOTH)
    await press(stage, stage.grace, "Both: Ben and Chloe")
    assert statuses(stage, sessions) == [Status.CHECKED_IN] * 4


async def test_stop_leaves_the_reminder(stage: Stage) -> None:
    await both(stage, HOUR)
    await stage.forward(minutes=31)

    await write(stage, stage.grace, "/stop")

    assert count(stage.grace, OPENS) == 1


async def test_one_with_a_request_open_is_reminded_of_by_itself(stage: Stage) -> None:
    emily, ryan = await both(stage, 3 * HOUR)
    ask_to_move(stage, emily, Role.PARENT)

    await stage.forward(hours=2, minutes=31)

    assert BOTH not in [one for message in stage.grace.messages() for one in labels(message)]
    await press(stage, stage.grace, "Check in")
    assert statuses(stage, [emily, ryan]) == [Status.SCHEDULED, Status.CHECKED_IN]


# --------------------------------------------------------------------------------------- check-out


async def in_progress(stage: Stage, ends_in: timedelta) -> list[Appointment]:
    """Grace has checked in with both of them."""
    return await both(stage, ends_in - timedelta(minutes=90), Status.CHECKED_IN)


async def test_one_tap_checks_out_of_both_and_asks_for_notes_one_after_the_other(
    stage: Stage,
) -> None:
    sessions = await in_progress(stage, timedelta(minutes=5))
    assert await write(stage, stage.grace, "/checkout") == "Which session is over?"
    assert labels(stage.grace.last())[0] == BOTH

    assert await press(stage, stage.grace, BOTH) == "You checked out at 15:00"

    assert statuses(stage, sessions) == [Status.AWAITING_APPROVAL_PARENT] * 2
    assert events(stage, Action.CHECK_OUT) == [one.id for one in sessions]
    assert text_of(stage.grace.last()).startswith("📝 Notes for Emily Lim")
    assert sum("with Grace Tan" in text for text in texts(stage.mei)) == 2
    await write(stage, stage.grace, "Fractions went well.")
    await press(stage, stage.grace, "Done")
    assert text_of(stage.grace.last()).startswith("📝 Notes for Ryan Lim")
    await write(stage, stage.grace, "Ryan read aloud.")
    await press(stage, stage.grace, "Done")
    assert notes(stage) == [
        (sessions[0].id, "Fractions went well."),
        (sessions[1].id, "Ryan read aloud."),
    ]
    told = await write(stage, stage.grace, "One more thing")
    assert "📝 Notes for" not in told  # both are asked for, and nothing is left


async def test_the_second_is_asked_for_where_the_first_is_skipped(stage: Stage) -> None:
    await in_progress(stage, timedelta(minutes=5))
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, BOTH)
    first = stage.grace.last()["message_id"]

    stage.grace.press("Skip for now", first)
    stage.grace.press("Skip for now", first)
    await stage.settled()

    assert text_of(stage.grace.last()).startswith("📝 Notes for Ryan Lim")
    assert all_text(stage.grace).count("Send text, photos") == 1
    assert all_text(stage.grace).count("Skipped for now") == 1


async def test_after_a_restart_and_another_command_the_second_is_still_asked_for(
    stage: Stage,
) -> None:
    await in_progress(stage, timedelta(minutes=5))
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, BOTH)
    await stage.restart()
    await write(stage, stage.grace, "/upcoming")
    await press(stage, stage.grace, "Go on")
    assert text_of(stage.grace.last()).startswith("📝 Notes for Emily Lim")

    await press(stage, stage.grace, "No notes")

    assert text_of(stage.grace.last()).startswith("📝 Notes for Ryan Lim")


async def test_who_writes_the_second_ones_notes_first_is_not_asked_for_them_again(
    stage: Stage,
) -> None:
    await in_progress(stage, timedelta(minutes=5))
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, BOTH)

    ryan = card_of(stage.grace, "Ryan Lim · Mathematics")
    await press(stage, stage.grace, "Add notes", ryan["message_id"])
    await write(stage, stage.grace, "Ryan read aloud.")
    await press(stage, stage.grace, "Done")

    assert all_text(stage.grace).count("Send text, photos") == 0


async def test_a_reminder_before_the_end_is_that_of_both(stage: Stage) -> None:
    sessions = await in_progress(stage, HOUR)
    assert (await write(stage, stage.grace, "/checkout")).startswith("Check-out opens in 30 min")
    await press(stage, stage.grace, "Remind me")

    await stage.forward(minutes=31)

    open_now = card_of(stage.grace, "⏰ Check-out is open.")
    assert labels(open_now) == [BOTH, "Emily Lim · Today 14:30", "Ryan Lim · Today 14:30"]
    assert "Ryan Lim · Mathematics" in text_of(open_now)
    assert all_text(stage.grace).count("I'll remind you") == 0
    await press(stage, stage.grace, BOTH, open_now["message_id"])
    assert statuses(stage, sessions) == [Status.AWAITING_APPROVAL_PARENT] * 2
    left = text_of(message_of(stage.grace, open_now["message_id"]))
    assert left == "✅ Emily and Ryan: checked out at 15:31"


async def test_the_reminder_at_the_end_replaces_the_one_before_it(stage: Stage) -> None:
    await in_progress(stage, HOUR)
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Remind me")
    await stage.forward(minutes=31)
    asked = card_of(stage.grace, "⏰ Check-out is open.")["message_id"]

    await stage.forward(minutes=31)

    assert text_of(message_of(stage.grace, asked)) == "⬇️ There is a newer list below."
    assert labels(card_of(stage.grace, "⏰ These sessions are over."))[0] == BOTH


async def test_one_missing_check_out_of_both_is_one_message(stage: Stage) -> None:
    sessions = await in_progress(stage, timedelta(minutes=10))

    await stage.forward(minutes=11)

    (told,) = texts(stage.grace)
    assert told.startswith("⏰ These sessions are over. Please check out.")
    assert sent_of(stage, MessageKind.CHECK_OUT_DUE) == 1
    await press(stage, stage.grace, BOTH)
    assert statuses(stage, sessions) == [Status.AWAITING_APPROVAL_PARENT] * 2
    assert count(stage.grace, "These sessions are over") == 0


async def test_a_second_tap_on_check_out_asks_nothing_again(stage: Stage) -> None:
    sessions = await in_progress(stage, timedelta(minutes=5))
    await write(stage, stage.grace, "/checkout")
    asked = stage.grace.last()["message_id"]

    stage.grace.press(BOTH, asked)
    stage.grace.press(BOTH, asked)
    await stage.settled()

    assert events(stage, Action.CHECK_OUT) == [one.id for one in sessions]
    assert len(texts(stage.grace)) == 4  # the question that is over, two cards, one tally
    assert all_text(stage.grace).count("📝 Notes for") == 1


async def test_a_tap_that_is_handled_again_after_a_kill_changes_nothing(stage: Stage) -> None:
    await both(stage, timedelta(minutes=10))
    await write(stage, stage.grace, "/checkin")
    await tapped(stage, stage.grace, BOTH)
    assert len(texts(stage.grace)) == 3
    await stage.forward(minutes=75)
    await write(stage, stage.grace, "/checkout")

    await tapped(stage, stage.grace, BOTH, "Skip for now", "No notes")

    assert all_text(stage.grace).count("📝 Notes for") == 2


def notes(stage: Stage) -> list[tuple[int, str | None]]:
    """What was noted, with its session."""
    with stage.database.reading() as session:
        found = session.exec(select(NotePart).order_by(col(NotePart.id)))
        return [(one.appointment_id, one.text) for one in found.all()]
