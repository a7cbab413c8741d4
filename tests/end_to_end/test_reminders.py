"""Reminders as they are read and tapped (SPEC 5, 8; UX 11, 12). The stage's day begins at 15:00."""

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from models import (
    Appointment,
    OutboxMessage,
    RescheduleThread,
)
from models.enums import MessageKind, Role, Status, ThreadStatus
from sandbox.phone import Phone
from tests import builders
from tests.end_to_end.scenes import (
    ask_to_move,
    card_of,
    just_over,
    live_buttons,
    press,
    under_way,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts

HOUR = timedelta(hours=1)
OPENS = "⏰ Check-in is open"
IS_OVER = "⏰ This session is over"
ENDS = {
    Role.PARENT: (
        "⏰ Mei Lim has asked to move this session. Please answer before it starts at 21:00: "
        "otherwise it counts as not completed."
    ),
    Role.TUTOR: (
        "⏰ Your request to move this session has no answer yet. To teach it as planned, "
        "withdraw the request before it starts at 21:00: otherwise it counts as not completed."
    ),
}
"""What the tutor reads half an hour before the start, by whose request it is."""
TO_ANSWER = "🔔 A reminder: this session waits for your answer."


async def booked(stage: Stage, starts_in: timedelta, **over: object) -> Appointment:
    """Grace is to teach Emily, so long after 15:00."""
    grace, _, _, emily = await stage.people()
    return await stage.session(grace, emily, starts_in=starts_in, **over)  # type: ignore[arg-type]


async def change(stage: Stage, session: Appointment, **values: object) -> None:
    """The session is otherwise now."""
    async with stage.database.unit_of_work() as work:
        await work.exec(
            update(Appointment).where(col(Appointment.id) == session.id).values(**values)
        )


async def settle(stage: Stage) -> None:
    """The request is withdrawn."""
    async with stage.database.unit_of_work() as work:
        await work.exec(update(RescheduleThread).values(status=ThreadStatus.WITHDRAWN))


async def not_told(stage: Stage, kind: MessageKind) -> list[str | None]:
    """Why reminders of this kind came to nothing."""
    async with stage.database.reading() as session:
        found = await session.exec(select(OutboxMessage.error).where(OutboxMessage.kind == kind))
        return list(found.all())


def count(phone: Phone, words: str) -> int:
    return sum(words in text for text in texts(phone))


def is_silent(stage: Stage, words: str) -> bool:
    """Whether the message with these words came without a sound."""
    sent = [one for one in stage.world.calls.all("sendMessage") if words in one["fields"]["text"]]
    return bool(sent[-1]["fields"].get("disable_notification"))


# ------------------------------------------------------------------------------------- attendance


async def test_when_check_in_opens_one_message_comes_with_its_button(stage: Stage) -> None:
    session = await booked(stage, HOUR)

    await stage.forward(minutes=30, seconds=-1)
    assert texts(stage.grace) == []
    await stage.forward(seconds=1)

    (told,) = texts(stage.grace)
    assert told.startswith(OPENS)
    assert "Emily Lim · Mathematics" in told
    assert labels(stage.grace.last()) == ["Check in"]
    assert await press(stage, stage.grace, "Check in") == "You checked in at 15:30"
    assert await stage.status(session) is Status.CHECKED_IN
    await stage.forward(minutes=20)
    assert count(stage.grace, OPENS) == 0  # the card shows what came of it
    assert len(texts(stage.grace)) == 1


@pytest.mark.parametrize("what", ["moved", "cancelled", "given to another"])
async def test_it_does_not_come_for_a_session_that_changed_at_the_last_moment(
    stage: Stage, what: str
) -> None:
    session = await booked(stage, HOUR)
    await write(stage, stage.grace, "/checkin")
    await press(stage, stage.grace, "Remind me")
    async with stage.database.unit_of_work() as work:
        other = await builders.tutor(work, telegram_user_id=None, started_at=None)
    changed: dict[str, dict[str, object]] = {
        "moved": {
            "starts_at": session.starts_at + 5 * HOUR,
            "ends_at": session.ends_at + 5 * HOUR,
        },
        "cancelled": {"status": Status.CANCELLED_BY_PARENT},
        "given to another": {"tutor_id": other.id},
    }
    await change(stage, session, **changed[what])

    await stage.forward(hours=2)

    assert count(stage.grace, OPENS) == 0
    assert await not_told(stage, MessageKind.CHECK_IN_OPEN) == ["the session has moved on"]


async def test_a_session_that_was_moved_is_reminded_of_at_its_new_time(stage: Stage) -> None:
    session = await booked(stage, HOUR)
    await stage.forward(minutes=40)
    assert count(stage.grace, OPENS) == 1
    times = {"starts_at": session.starts_at + HOUR, "ends_at": session.ends_at + HOUR}
    await change(stage, session, **times)

    await stage.forward(hours=1)

    assert count(stage.grace, OPENS) == 2
    assert len(live_buttons(stage.grace)) == 1  # the older one has lost its button


async def test_at_the_end_a_missing_check_out_is_reminded_of_with_its_button(
    stage: Stage,
) -> None:
    session = await under_way(stage)  # until 15:10

    await stage.forward(minutes=10, seconds=-1)
    assert texts(stage.grace) == []
    await stage.forward(seconds=1)
    await stage.forward(hours=5)

    (told,) = texts(stage.grace)
    assert told.startswith(IS_OVER)
    assert "Check out" in labels(stage.grace.last())
    await press(stage, stage.grace, "Check out")
    assert await stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_who_has_checked_out_is_not_reminded_of_it(stage: Stage) -> None:
    await just_over(stage)

    await stage.forward(hours=2)

    assert count(stage.grace, IS_OVER) == 0
    assert await not_told(stage, MessageKind.CHECK_OUT_DUE) == []


async def test_after_hours_without_the_bot_only_what_still_makes_sense_comes(
    stage: Stage,
) -> None:
    grace, _, _, emily = await stage.people()
    await stage.session(grace, emily, starts_in=HOUR)
    late = await stage.session(grace, emily, starts_in=5 * HOUR + timedelta(minutes=10))
    await stage.stop()
    stage.world.clock.move_to(stage.now + 5 * HOUR)

    await stage.start()
    await stage.settled()

    (told,) = texts(stage.grace)
    assert told.startswith(OPENS)
    await press(stage, stage.grace, "Check in")
    assert await stage.status(late) is Status.CHECKED_IN


# -------------------------------------------------------------------------------------- Remind me


async def test_too_early_the_command_offers_a_reminder_which_comes_once(stage: Stage) -> None:
    session = await booked(stage, HOUR)
    assert await write(stage, stage.grace, "/checkin") == "Check-in opens in 30 minutes (15:30)"
    assert labels(stage.grace.last()) == ["Remind me"]

    toast = await press(stage, stage.grace, "Remind me")

    assert toast == text_of(stage.grace.last()) == "I'll remind you at 15:30"
    assert labels(stage.grace.last()) == []
    await stage.forward(minutes=35)
    assert count(stage.grace, OPENS) == 1
    await press(stage, stage.grace, "Check in")
    assert await stage.status(session) is Status.CHECKED_IN


async def test_tapped_too_late_it_gives_the_card_to_check_in_on(stage: Stage) -> None:
    await booked(stage, HOUR)
    await write(stage, stage.grace, "/checkin")
    message_id = stage.grace.last()["message_id"]
    await stage.forward(minutes=31)

    toast = await press(stage, stage.grace, "Remind me", message_id)

    assert toast == "Check-in is open"
    shown = next(one for one in stage.grace.messages() if one["message_id"] == message_id)
    assert labels(shown) == ["Check in"]
    assert count(stage.grace, OPENS) == 1


async def test_for_a_session_that_is_no_more_it_says_so(stage: Stage) -> None:
    session = await booked(stage, HOUR)
    await write(stage, stage.grace, "/checkin")
    await change(stage, session, status=Status.CANCELLED_BY_PARENT)

    toast = await press(stage, stage.grace, "Remind me")

    assert "was cancelled by the family" in toast
    assert "Cancelled by the family" in text_of(stage.grace.last())
    await stage.forward(hours=1)
    assert count(stage.grace, OPENS) == 0


# ------------------------------------------------------------------------------------------- days


async def test_a_tutor_gets_one_digest_at_seven_with_all_that_the_day_asks(stage: Stage) -> None:
    grace, _, _, emily = await stage.people()
    today = await stage.session(grace, emily, starts_in=24 * HOUR)
    asked = await stage.session(grace, emily, starts_in=72 * HOUR, subject="English")
    await ask_to_move(stage, asked, Role.PARENT)
    await stage.session(grace, emily, starts_in=26 * HOUR, status=Status.CANCELLED_BY_TUTOR)
    owed = await stage.session(
        grace, emily, starts_in=-2 * HOUR, status=Status.APPROVED, subject="Science"
    )

    await stage.forward(hours=16, seconds=-1)
    assert texts(stage.grace) == []
    await stage.forward(seconds=1)

    (told,) = texts(stage.grace)
    assert told == (
        "Today's sessions\n\n"
        "Emily Lim · Mathematics\nThu 26 Nov 15:00-16:30\n📍 18 Bishan Street\nScheduled\n\n"
        "Requests that wait for your answer\n\n"
        "Emily Lim · English\nSat 28 Nov 15:00-16:30\n📍 18 Bishan Street\nScheduled\n\n"
        "Notes still to write\n\n"
        "Emily Lim · Science\nWed 25 Nov 13:00-14:30\n📍 18 Bishan Street\nNotes are missing"
    )
    rows = stage.grace.last()["reply_markup"]["inline_keyboard"]
    assert [button["callback_data"] for row in rows for button in row] == [
        f"se.1:{today.id}",
        f"se.1:{asked.id}",
        f"wn.1:{owed.id}",
    ]
    assert is_silent(stage, "Today's sessions")
    await press(stage, stage.grace, f"se.1:{today.id}")
    assert labels(stage.grace.last()) == ["Cancel"]
    await stage.forward(hours=4, minutes=59)
    assert count(stage.grace, "Today's sessions") == 1


async def test_a_tutor_with_nothing_and_one_whose_only_session_fell_through_hear_nothing(
    stage: Stage,
) -> None:
    await booked(stage, 24 * HOUR, status=Status.CANCELLED_BY_PARENT)

    await stage.forward(hours=20)

    assert texts(stage.grace) == []


async def test_a_digest_that_could_not_be_sent_in_the_morning_is_not_sent_at_all(
    stage: Stage,
) -> None:
    await booked(stage, 24 * HOUR)
    await stage.stop()
    stage.world.clock.move_to(stage.now + 21 * HOUR)

    await stage.start()
    await stage.settled()

    assert texts(stage.grace) == []


async def test_parents_read_of_tomorrow_in_one_message_for_all_children(stage: Stage) -> None:
    grace, mei, _, emily = await stage.people()
    async with stage.database.unit_of_work() as work:
        ryan = await builders.student(work, name="Ryan Lim", guardians=[mei])
    first = await stage.session(grace, emily, starts_in=23 * HOUR)
    second = await stage.session(grace, ryan, starts_in=25 * HOUR, subject="Science")
    await stage.session(grace, ryan, starts_in=49 * HOUR)
    await stage.session(grace, ryan, starts_in=27 * HOUR, status=Status.CANCELLED_BY_PARENT)

    await stage.forward(hours=3, seconds=-1)
    assert texts(stage.mei) == []
    await stage.forward(seconds=1)

    (told,) = texts(stage.mei)
    assert told == (
        "Tomorrow's sessions\n\n"
        "Emily Lim · Mathematics\nThu 26 Nov 14:00-15:30\nwith Grace Tan\nScheduled\n\n"
        "Ryan Lim · Science\nThu 26 Nov 16:00-17:30\nwith Grace Tan\nScheduled"
    )
    assert labels(stage.mei.last()) == [
        "Emily Lim · Thu 26 Nov 14:00-15:30",
        "Ryan Lim · Thu 26 Nov 16:00-17:30",
    ]
    (of_daniel,) = texts(stage.daniel)
    assert "Ryan" not in of_daniel
    await press(stage, stage.mei, f"se.1:{second.id}")
    assert labels(stage.mei.last()) == ["Cancel"]
    await stage.session(grace, emily, starts_in=23 * HOUR)
    await stage.forward(hours=3)
    assert count(stage.mei, "Tomorrow's sessions") == 1
    assert await stage.status(first) is Status.SCHEDULED


async def test_what_was_cancelled_just_now_is_not_announced_for_tomorrow(stage: Stage) -> None:
    session = await booked(stage, 24 * HOUR)
    for parent in (stage.mei, stage.daniel):
        parent.block()
    stage.expect_refusal("blocked by the user")
    await stage.forward(hours=3)
    await change(stage, session, status=Status.CANCELLED_BY_TUTOR)

    stage.mei.start()
    await stage.settled()

    assert count(stage.mei, "Tomorrow's sessions") == 0
    stage.daniel.start()
    await stage.settled()


# ------------------------------------------------------------------------------- acknowledgements


async def test_parents_are_reminded_after_a_day_and_after_two_on_a_new_card(
    stage: Stage,
) -> None:
    session = await just_over(stage)

    await stage.forward(hours=24, seconds=-1)
    assert count(stage.mei, TO_ANSWER) == 0
    await stage.forward(seconds=1)
    assert [count(phone, TO_ANSWER) for phone in (stage.mei, stage.daniel)] == [1, 1]
    assert labels(stage.mei.last())[:2] == ["Acknowledge", "Dispute"]
    assert len(live_buttons(stage.mei)) == 1
    await stage.forward(hours=24)
    assert [count(phone, TO_ANSWER) for phone in (stage.mei, stage.daniel)] == [2, 2]
    await stage.forward(hours=48)
    assert count(stage.mei, TO_ANSWER) == 2

    await press(stage, stage.mei, "Acknowledge")

    assert await stage.status(session) is Status.APPROVED
    assert "Mei Lim acknowledged this" in text_of(stage.daniel.last())
    assert live_buttons(stage.daniel) == [stage.daniel.last()["message_id"]]


async def test_who_has_answered_is_not_reminded(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.daniel, "Acknowledge")

    await stage.forward(hours=60)

    assert count(stage.mei, TO_ANSWER) == count(stage.daniel, TO_ANSWER) == 0
    assert texts(stage.priya_in_group) == []


async def test_asked_again_after_a_dispute_the_days_count_from_then(stage: Stage) -> None:
    await just_over(stage)
    for label in ("Dispute", "Conduct", "Nothing to add", "Dispute"):
        await press(stage, stage.mei, label)
    await stage.forward(hours=20)
    await press(stage, stage.priya_in_group, "Return")
    asked = stage.priya_in_group.last()["message_id"]
    await write(stage, stage.priya_in_group, "Heard both.", reply_to=asked)

    await stage.forward(hours=24, seconds=-1)
    assert count(stage.mei, TO_ANSWER) == 0
    await stage.forward(seconds=1)

    assert count(stage.mei, TO_ANSWER) == 1


async def test_several_that_are_due_at_once_are_one_message_each_acknowledged_in_one_tap(
    stage: Stage,
) -> None:
    grace, mei, _, emily = await stage.people()
    async with stage.database.unit_of_work() as work:
        ryan = await builders.student(work, name="Ryan Lim", guardians=[mei])
    ended = -timedelta(minutes=80)
    sessions = [
        await stage.session(grace, child, starts_in=ended, status=Status.CHECKED_IN)
        for child in (emily, ryan, ryan)
    ]
    for session in sessions:
        await write(stage, stage.grace, "/checkout")
        if session is not sessions[-1]:
            await press(stage, stage.grace, f"co.1:{session.id}")
        await press(stage, stage.grace, "Skip for now")
    before = len(texts(stage.mei))

    await stage.forward(hours=24)

    assert len(texts(stage.mei)) == before + 1
    told = stage.mei.last()
    assert text_of(told) == (
        "🔔 These sessions wait for your answer\n\n"
        "1. Emily Lim · Mathematics\nWed 25 Nov 13:40-15:10\nwith Grace Tan\n\n"
        "2. Ryan Lim · Mathematics\nWed 25 Nov 13:40-15:10\nwith Grace Tan\n\n"
        "3. Ryan Lim · Mathematics\nWed 25 Nov 13:40-15:10\nwith Grace Tan"
    )
    assert labels(told) == [
        *("Acknowledge 1", "Details 1", "Acknowledge 2", "Details 2"),
        *("Acknowledge 3", "Details 3"),
    ]
    assert count(stage.daniel, TO_ANSWER) == 1  # of Emily alone, as a card
    await press(stage, stage.mei, "Acknowledge 2", told["message_id"])
    assert [await stage.status(one) for one in sessions] == [
        Status.AWAITING_APPROVAL_PARENT,
        Status.APPROVED,
        Status.AWAITING_APPROVAL_PARENT,
    ]
    again = next(one for one in stage.mei.messages() if one["message_id"] == told["message_id"])
    assert labels(again) == ["Acknowledge 1", "Details 1", "Acknowledge 3", "Details 3"]
    await press(stage, stage.mei, "Details 3", told["message_id"])
    assert labels(stage.mei.last())[:2] == ["Acknowledge", "Dispute"]
    await stage.restart()
    await stage.settled()
    assert sum("These sessions wait" in text for text in texts(stage.mei)) == 1


async def test_coordinators_read_one_list_the_morning_after_two_days(stage: Stage) -> None:
    grace, _, _, emily = await stage.people()
    for _ in range(2):
        await stage.session(
            grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
        )
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "co.1:1")
    await press(stage, stage.grace, "Skip for now")
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")

    await stage.forward(hours=66, seconds=-1)
    assert texts(stage.priya_in_group) == []
    await stage.forward(seconds=1)  # Saturday, 09:00
    await stage.forward(hours=72)

    line = "Emily · Mathematics\nWed 25 Nov 13:40-15:10\nwith Grace Tan"
    assert texts(stage.priya_in_group) == [
        f"No parent has answered for over 48 hours\n\n{line}\n\n{line}"
    ]
    assert labels(stage.priya_in_group.last()) == ["Open"]
    stage.priya.start("awaiting")
    await stage.settled()
    assert "Emily Lim · Mathematics" in text_of(stage.priya.last())


# --------------------------------------------------------------------------------------- requests


async def test_a_tutor_who_owes_an_answer_is_reminded_twelve_hours_before(stage: Stage) -> None:
    session = await booked(stage, 20 * HOUR)
    await ask_to_move(stage, session, Role.PARENT)

    await stage.forward(hours=8, seconds=-1)
    assert texts(stage.grace) == []
    await stage.forward(seconds=1)
    await stage.forward(hours=1)

    (told,) = texts(stage.grace)
    assert told.startswith(
        "⏰ Mei Lim waits for your answer: this session is to be moved. An answer counts until it "
        "starts tomorrow at 11:00.\n\nEmily Lim · Mathematics"
    )
    assert count(stage.mei, "waits for your answer") == 0
    assert is_silent(stage, "Mei Lim waits")  # at 23:00


async def test_parents_who_owe_it_are_both_reminded_half_way_where_it_is_near(
    stage: Stage,
) -> None:
    session = await booked(stage, 6 * HOUR)
    await ask_to_move(stage, session, Role.TUTOR)

    await stage.forward(hours=3)

    for parent in (stage.mei, stage.daniel):
        assert text_of(card_of(parent, "⏰")).startswith("⏰ Grace Tan waits for your answer")
    assert count(stage.grace, "waits for your answer") == 0


async def test_what_is_nearer_than_twelve_hours_rings_at_night_too(stage: Stage) -> None:
    session = await booked(stage, 16 * HOUR)
    await stage.forward(hours=8)
    await ask_to_move(stage, session, Role.PARENT)

    await stage.forward(hours=4)
    assert not is_silent(stage, "Mei Lim waits")  # at 03:00, for 07:00
    await stage.forward(hours=3, minutes=30)
    assert not is_silent(stage, "has asked to move this session")


async def test_what_was_settled_at_the_last_moment_is_not_reminded_of(stage: Stage) -> None:
    session = await booked(stage, 6 * HOUR)
    await ask_to_move(stage, session, Role.PARENT)
    stage.grace.block()
    stage.expect_refusal("blocked by the user")
    await stage.forward(hours=3)
    await settle(stage)

    stage.grace.start()
    await stage.settled()

    assert count(stage.grace, "waits for your answer") == 0


@pytest.mark.parametrize("side", ENDS)
async def test_where_a_request_is_open_its_end_is_told_of_in_place_of_the_check_in(
    stage: Stage, side: Role
) -> None:
    words = ENDS[side]
    session = await booked(stage, 6 * HOUR)
    await ask_to_move(stage, session, side)
    await stage.forward(hours=5, minutes=30, seconds=-1)
    assert count(stage.grace, words) == 0

    await stage.forward(seconds=1)
    await stage.forward(minutes=20)

    assert count(stage.grace, words) == 1
    assert count(stage.grace, OPENS) == 0
    await settle(stage)
    await stage.forward(minutes=1)
    assert count(stage.grace, OPENS) == 1
    await press(stage, stage.grace, "Check in")
    assert await stage.status(session) is Status.CHECKED_IN


async def test_todos_show_the_requests_that_wait(stage: Stage) -> None:
    session = await booked(stage, 30 * HOUR)
    await ask_to_move(stage, session, Role.PARENT)

    answer = await write(stage, stage.grace, "/todos")

    assert answer.startswith("Requests that wait for your answer\n\nEmily Lim · Mathematics")
    assert labels(stage.grace.last()) == ["Emily Lim · Tomorrow 21:00-22:30"]
    await settle(stage)
    assert "Nothing is left to do" in await write(stage, stage.grace, "/todos")
