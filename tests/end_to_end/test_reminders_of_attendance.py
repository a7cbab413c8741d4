"""Checking in and out is reminded of, with its button (SPEC 3, 8). It is 15:00 to begin with."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import OutboxMessage
from models.enums import MessageKind, Status
from tests import builders
from tests.end_to_end.reminded import HOUR, OPENS, booked, change, count, sent
from tests.end_to_end.scenes import just_over, live_buttons, message_of, press, under_way, write
from tests.end_to_end.stage import Stage, labels, text_of, texts

IS_OVER = "⏰ This session is over"


def not_told(stage: Stage, kind: MessageKind) -> list[str | None]:
    """Why reminders of this kind came to nothing."""
    with stage.database.reading() as session:
        found = session.exec(select(OutboxMessage.error).where(OutboxMessage.kind == kind))
        return list(found.all())


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
    assert stage.status(session) is Status.CHECKED_IN
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
    with stage.database.unit_of_work() as work:
        other = builders.tutor(work, telegram_user_id=None, started_at=None)
    changed: dict[str, dict[str, object]] = {
        "moved": {
            "starts_at": session.starts_at + 5 * HOUR,
            "ends_at": session.ends_at + 5 * HOUR,
        },
        "cancelled": {"status": Status.CANCELLED_BY_PARENT},
        "given to another": {"tutor_id": other.id},
    }
    change(stage, session, **changed[what])

    await stage.forward(hours=2)

    assert count(stage.grace, OPENS) == 0
    assert not_told(stage, MessageKind.CHECK_IN_OPEN) == ["the session has moved on"]


async def test_a_session_that_was_moved_is_reminded_of_at_its_new_time(stage: Stage) -> None:
    session = await booked(stage, HOUR)
    await stage.forward(minutes=40)
    assert count(stage.grace, OPENS) == 1
    times = {"starts_at": session.starts_at + HOUR, "ends_at": session.ends_at + HOUR}
    change(stage, session, **times)

    await stage.forward(hours=1)

    assert sent(stage, stage.grace, OPENS) == 2
    assert count(stage.grace, OPENS) == 1  # of the older one a line is left
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
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_who_has_checked_out_is_not_reminded_of_it(stage: Stage) -> None:
    await just_over(stage)

    await stage.forward(hours=2)

    assert count(stage.grace, IS_OVER) == 0
    assert not_told(stage, MessageKind.CHECK_OUT_DUE) == []


async def test_after_hours_without_the_bot_only_what_still_makes_sense_comes(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=HOUR)
    late = await stage.session(grace, emily, starts_in=5 * HOUR + timedelta(minutes=10))
    await stage.stop()
    stage.world.clock.move_to(stage.now + 5 * HOUR)

    await stage.start()
    await stage.settled()

    (told,) = texts(stage.grace)
    assert told.startswith(OPENS)
    await press(stage, stage.grace, "Check in")
    assert stage.status(late) is Status.CHECKED_IN


async def test_too_early_the_command_offers_a_reminder_which_comes_once(stage: Stage) -> None:
    session = await booked(stage, HOUR)
    told = await write(stage, stage.grace, "/checkin")
    card = "Emily Lim · Mathematics\nToday 16:00-17:30\n📍 18 Bishan Street\nScheduled"
    assert told == f"Check-in opens in 30 minutes (15:30)\n\n{card}"
    assert labels(stage.grace.last()) == ["Remind me", "Tell the coordinators"]

    toast = await press(stage, stage.grace, "Remind me")

    assert toast == "I'll remind you at 15:30"
    assert text_of(stage.grace.last()) == f"I'll remind you at 15:30\n\n{card}"
    assert labels(stage.grace.last()) == ["Tell the coordinators"]
    await stage.forward(minutes=35)
    assert count(stage.grace, OPENS) == 1
    assert count(stage.grace, "I'll remind you") == 0
    await press(stage, stage.grace, "Check in")
    assert stage.status(session) is Status.CHECKED_IN


async def test_a_promise_to_remind_goes_as_the_session_is_moved(stage: Stage) -> None:
    session = await booked(stage, 6 * HOUR)
    await write(stage, stage.grace, "/checkin")
    await press(stage, stage.grace, "Remind me")
    await write(stage, stage.mei, "/change")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    for label in ("Cancel", "School event", "Cancel session"):
        await press(stage, stage.mei, label)

    assert stage.status(session) is Status.CANCELLED_BY_PARENT
    assert count(stage.grace, "I'll remind you") == 0
    assert count(stage.grace, "Check-in opens") == 0


async def test_that_check_in_is_not_open_goes_once_it_is(stage: Stage) -> None:
    await booked(stage, HOUR)
    await write(stage, stage.grace, "/checkin")

    await stage.forward(minutes=30)

    assert count(stage.grace, "Check-in opens") == 0


async def test_tapped_too_late_it_gives_the_card_to_check_in_on(stage: Stage) -> None:
    session = await booked(stage, HOUR)
    await write(stage, stage.grace, "/checkin")
    message_id = stage.grace.last()["message_id"]
    await stage.forward(minutes=31)

    toast = await press(stage, stage.grace, f"rm.1:{session.id}", message_id)

    assert toast == "Check-in is open"
    shown = message_of(stage.grace, message_id)
    assert labels(shown) == ["Check in"]
    assert sent(stage, stage.grace, OPENS) == 1
    assert count(stage.grace, OPENS) == 0  # the card above took its place


async def test_for_a_session_that_is_no_more_it_says_so(stage: Stage) -> None:
    session = await booked(stage, HOUR)
    await write(stage, stage.grace, "/checkin")
    change(stage, session, status=Status.CANCELLED_BY_PARENT)

    toast = await press(stage, stage.grace, "Remind me")

    assert "was cancelled by the family" in toast
    assert "Cancelled by the family" in text_of(stage.grace.last())
    await stage.forward(hours=1)
    assert count(stage.grace, OPENS) == 0
