"""Parents who do not answer are reminded, coordinators hear of it (SPEC 5)."""

from datetime import timedelta

from models.enums import Status
from tests import builders
from tests.end_to_end.reminded import count, sent
from tests.end_to_end.scenes import just_over, live_buttons, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of, texts

TO_ANSWER = "🔔 Reminder: this session is waiting for your answer."


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
    assert [sent(stage, phone, TO_ANSWER) for phone in (stage.mei, stage.daniel)] == [2, 2]
    assert [count(phone, TO_ANSWER) for phone in (stage.mei, stage.daniel)] == [1, 1]
    await stage.forward(hours=48)
    assert sent(stage, stage.mei, TO_ANSWER) == 2

    await press(stage, stage.mei, "Acknowledge")

    assert stage.status(session) is Status.APPROVED
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
    for label in ("Dispute", "Conduct", "Dispute"):
        await press(stage, stage.mei, label)
    await stage.forward(hours=20)
    await press(stage, stage.priya_in_group, "Return")
    asked = stage.priya_in_group.last()["message_id"]
    await write(stage, stage.priya_in_group, "Heard both.", reply_to=asked)

    await stage.forward(hours=24, seconds=-1)
    assert count(stage.mei, TO_ANSWER) == 0
    await stage.forward(seconds=1)

    assert count(stage.mei, TO_ANSWER) == 1


async def test_reminders_of_sessions_within_the_hour_are_one_message(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    earlier = timedelta(minutes=-80)
    for minutes in (0, 40):
        await stage.forward(minutes=minutes)
        await stage.session(grace, emily, starts_in=earlier, status=Status.CHECKED_IN)
        await write(stage, stage.grace, "/checkout")
        await press(stage, stage.grace, "Skip for now")
    before = len(texts(stage.mei))

    await stage.forward(hours=24, seconds=-1)
    assert len(texts(stage.mei)) == before
    await stage.forward(seconds=1)

    assert len(texts(stage.mei)) == before + 1
    assert text_of(stage.mei.last()).startswith("🔔 These sessions are waiting for your answer")
    assert labels(stage.mei.last())[:3] == ["Acknowledge 1", "Details 1", "Acknowledge 2"]


async def test_several_that_are_due_at_once_are_one_message_each_acknowledged_in_one_tap(
    stage: Stage,
) -> None:
    grace, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        ryan = builders.student(work, name="Ryan Lim", guardians=[mei])
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
        "🔔 These sessions are waiting for your answer\n\n1. Emily Lim · Mathematics\nWed 25 Nov "
        "13:40-15:10\nwith Grace Tan\n\n2. Ryan Lim · Mathematics\nWed 25 Nov 13:40-15:10\nwith "
        "Grace Tan\n\n3. Ryan Lim · Mathematics\nWed 25 Nov 13:40-15:10\nwith Grace Tan"
    )
    assert labels(told) == [
        *("Acknowledge 1", "Details 1", "Acknowledge 2", "Details 2"),
        *("Acknowledge 3", "Details 3"),
    ]
    assert count(stage.daniel, TO_ANSWER) == 1  # of Emily alone, as a card
    await press(stage, stage.mei, "Acknowledge 2", told["message_id"])
    assert [stage.status(one) for one in sessions] == [
        Status.AWAITING_APPROVAL_PARENT,
        Status.APPROVED,
        Status.AWAITING_APPROVAL_PARENT,
    ]
    again = message_of(stage.mei, told["message_id"])
    place = "2. Ryan Lim · Mathematics\nWed 25 Nov 13:40-15:10\nwith Grace Tan\n✅ Acknowledged"
    assert text_of(again).count("✅") == 1
    assert place in text_of(again)  # the others keep their numbers
    assert labels(again) == [
        *("Acknowledge 1", "Details 1", "Details 2", "Acknowledge 3", "Details 3"),
    ]
    await press(stage, stage.mei, "Details 3", told["message_id"])
    assert labels(stage.mei.last())[:2] == ["Acknowledge", "Dispute"]
    await stage.restart()
    await stage.settled()
    assert sum("These sessions are waiting" in text for text in texts(stage.mei)) == 1
    for label in ("Acknowledge 1", "Acknowledge 3"):
        await press(stage, stage.mei, label, told["message_id"])
    over = message_of(stage.mei, told["message_id"])
    assert {stage.status(one) for one in sessions} == {Status.APPROVED}
    assert text_of(over) == (
        "✅ Dealt with:\nEmily Lim, Wed 25 Nov 13:40-15:10\nRyan Lim, Wed 25 Nov 13:40-15:10\n"
        "Ryan Lim, Wed 25 Nov 13:40-15:10"
    )
    assert labels(over) == []


async def test_what_was_asked_seconds_apart_is_asked_again_in_one_message(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    ended = -timedelta(minutes=80)
    sessions = [
        await stage.session(grace, emily, starts_in=ended, status=Status.CHECKED_IN)
        for _ in range(2)
    ]
    for session in sessions:
        await stage.forward(seconds=20)
        await write(stage, stage.grace, "/checkout")
        if session is not sessions[-1]:
            await press(stage, stage.grace, f"co.1:{session.id}")
        await press(stage, stage.grace, "Skip for now")

    await stage.forward(hours=24, minutes=1)

    assert sum("waiting for your answer" in text for text in texts(stage.mei)) == 1
    assert labels(stage.mei.last()) == ["Acknowledge 1", "Details 1", "Acknowledge 2", "Details 2"]


async def test_the_second_reminder_leaves_one_line_of_the_first(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    sessions = [
        await stage.session(
            grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
        )
        for _ in range(2)
    ]
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, f"co.1:{sessions[0].id}")
    await press(stage, stage.grace, "Skip for now")
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")
    await stage.forward(hours=24)
    first = stage.mei.last()["message_id"]
    assert "These sessions are waiting" in text_of(stage.mei.last())

    await stage.forward(hours=24)

    second = stage.mei.last()
    assert "These sessions are waiting" in text_of(second)
    assert second["message_id"] > first
    left = message_of(stage.mei, first)
    assert (text_of(left), labels(left)) == ("⬇️ There is a newer list below.", [])
    await press(stage, stage.mei, "Acknowledge 1", second["message_id"])
    assert text_of(message_of(stage.mei, first)) == "⬇️ There is a newer list below."


async def test_coordinators_read_one_list_the_morning_after_two_days(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
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
