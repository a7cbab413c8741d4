"""What stands in a chat is true now: of what is over one line is left (SPEC 9; UX 17)."""

from datetime import timedelta

from models.enums import Status
from tests.end_to_end.reminded import HOUR, OPENS, booked
from tests.end_to_end.scenes import (
    all_text,
    just_over,
    look_at,
    message_of,
    press,
    under_way,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts


async def test_a_reminder_that_was_followed_by_another_message_says_where_it_went(
    stage: Stage,
) -> None:
    await booked(stage, HOUR)
    await stage.forward(minutes=40)
    assert OPENS in all_text(stage.grace)

    await write(stage, stage.grace, "/checkin")

    *_, reminder, card = [text for text in texts(stage.grace) if "Emily" in text]
    assert reminder == "⬇️ Emily Lim, Wed 25 Nov 16:00-17:30: see below."
    assert "In progress" in card
    assert "Scheduled" not in all_text(stage.grace)


async def test_a_question_goes_once_it_is_answered_in_writing_or_left(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Other")
    card = stage.mei.last()["message_id"]

    await write(stage, stage.mei, "We are away.")

    shown = message_of(stage.mei, card)  # its card, where the question stood
    assert text_of(shown).endswith("Scheduled")
    assert labels(shown) == []
    assert "We are away." in text_of(stage.mei.last())
    confirming = stage.mei.last()["message_id"]
    assert await write(stage, stage.mei, "/stop") == "Stopped. Nothing was cancelled."
    there = [message["message_id"] for message in stage.mei.messages()]
    assert confirming not in there
    assert "Cancel this session?" not in all_text(stage.mei)
    assert labels(message_of(stage.mei, card)) == ["Change time", "Cancel"]


async def test_a_question_that_telegram_keeps_says_that_it_is_over(stage: Stage) -> None:
    await just_over(stage)
    await write(stage, stage.mei, "She was very tired afterwards today")
    asked = stage.mei.last()["message_id"]
    stage.expect_refusal("can't be deleted")
    await stage.forward(hours=60)

    await write(stage, stage.mei, "/stop")

    kept = message_of(stage.mei, asked)
    assert (text_of(kept), labels(kept)) == ("✖️ This question is over.", [])


async def test_a_request_for_a_session_that_is_cancelled_meanwhile_is_not_put_aside(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "fri 9pm")
    await press(stage, stage.mei, "Family matter")
    asked = stage.mei.last()["message_id"]
    await write(stage, stage.grace, "/upcoming")
    for label in (labels(stage.grace.last())[0], "Cancel", "Emergency", "Cancel session"):
        await press(stage, stage.grace, label)

    free = labels(stage.mei.last())[0]
    await press(stage, stage.mei, free)

    assert stage.status(session) is Status.CANCELLED_BY_TUTOR
    assert "put the change of time aside" not in all_text(stage.mei)
    assert "the coordinators are looking for another time" in text_of(stage.mei.last())
    assert asked not in [one["message_id"] for one in stage.mei.messages()]


async def test_a_question_of_a_session_that_is_moved_meanwhile_does_not_keep_the_old_time(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Other")
    await write(stage, stage.mei, "We are away.")
    asked = stage.mei.last()["message_id"]
    assert "Thu 26 Nov 21:00-22:30" in text_of(message_of(stage.mei, asked))
    await stage.forward(minutes=1)

    await look_at(stage, stage.priya, session)
    for answer in ("Move", "Sat 28 Nov 21:00"):
        await press(stage, stage.priya, answer)
    await write(stage, stage.priya, "Agreed by telephone.")
    await press(stage, stage.priya, "Move session")

    told = message_of(stage.mei, asked)
    assert text_of(told) == (
        "🔁 Emily Lim: moved to Sat 28 Nov 21:00-22:30. Tap Go on and I'll ask again."
    )
    assert labels(told) == ["Go on"]
    await press(stage, stage.mei, "Go on", asked)
    again = text_of(message_of(stage.mei, asked))
    assert "Sat 28 Nov 21:00-22:30" in again
    assert "We are away." in again
    assert "Thu 26 Nov" not in again
    await press(stage, stage.mei, "Cancel session")
    assert stage.status(session) is Status.CANCELLED_BY_PARENT


async def test_the_alert_of_missing_attendance_goes_by_as_it_is_corrected(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    sessions = [
        await stage.session(grace, emily, starts_in=-timedelta(hours=24 + 2 * number))
        for number in range(2)
    ]
    await stage.forward(minutes=1)
    alert = stage.priya_in_group.last()["message_id"]
    assert text_of(stage.priya_in_group.last()).count("Missed check-in") == 2

    for left, session in zip((1, 0), sessions, strict=True):
        await look_at(stage, stage.priya, session)
        await press(stage, stage.priya, "Correct attendance")
        await press(stage, stage.priya, "As booked")
        await write(stage, stage.priya, "The phone's battery was empty.")
        assert text_of(message_of(stage.priya_in_group, alert)).count("Missed check-in") == left

    assert text_of(message_of(stage.priya_in_group, alert)) == (
        "✅ Dealt with:\nEmily, Tue 24 Nov 13:00-14:30\nEmily, Tue 24 Nov 15:00-16:30"
    )
    assert labels(message_of(stage.priya_in_group, alert)) == []


async def test_the_alert_of_one_session_names_it_as_it_goes_by(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=-timedelta(hours=24))
    await stage.forward(minutes=1)
    alert = stage.priya_in_group.last()["message_id"]
    assert "Missed check-in" in text_of(message_of(stage.priya_in_group, alert))

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Correct attendance")
    await press(stage, stage.priya, "As booked")
    await write(stage, stage.priya, "The phone's battery was empty.")

    line = "✅ Dealt with: Emily, Tue 24 Nov 15:00-16:30"
    assert text_of(message_of(stage.priya_in_group, alert)) == line


async def test_of_what_a_lost_session_left_in_the_group_one_button_stands_at_a_time(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await ask_for_another_time(stage)
    await stage.forward(hours=30)
    assert labels(stage.priya_in_group.last()) == ["Replace"]
    await press(stage, stage.mei, "Ask for replacement")

    with_buttons = [one for one in stage.priya_in_group.messages() if labels(one)]
    assert [text_of(one).split("\n")[0] for one in with_buttons] == [
        "🔁 A replacement has been requested"
    ]
    assert "🔁 Emily, Thu 26 Nov 21:00-22:30: see below." in texts(stage.priya_in_group)

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Replace")
    await write(stage, stage.priya, "sat 4pm")
    await write(stage, stage.priya, "Both have agreed by telephone.")
    await press(stage, stage.priya, "Book replacement")

    assert [one for one in stage.priya_in_group.messages() if labels(one)] == []
    line = "✅ Emily, Thu 26 Nov 21:00-22:30: replaced by Sat 28 Nov 16:00-17:30"
    assert line in texts(stage.priya_in_group)
    assert "A replacement has been requested" not in all_text(stage.priya_in_group)


async def test_the_list_of_two_days_without_an_answer_goes_by_as_parents_answer(
    stage: Stage,
) -> None:
    await just_over(stage)
    await stage.forward(hours=66)
    alert = stage.priya_in_group.last()["message_id"]
    assert "over 48 hours" in text_of(message_of(stage.priya_in_group, alert))

    await press(stage, stage.mei, "Acknowledge")

    assert text_of(message_of(stage.priya_in_group, alert)).startswith("✅ Dealt with: Emily, ")
    assert labels(message_of(stage.priya_in_group, alert)) == []


async def ask_for_another_time(stage: Stage) -> None:
    """Mei asks to move the session, and nobody answers."""
    await write(stage, stage.mei, "/change")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "fri 9pm")
    await press(stage, stage.mei, "School event")
    await press(stage, stage.mei, "Send")


async def test_a_session_that_is_over_without_check_in_is_no_longer_scheduled(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=HOUR)
    await write(stage, stage.mei, "/upcoming")
    listed = stage.mei.last()["message_id"]
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    card = stage.mei.last()["message_id"]
    assert "Scheduled" in text_of(message_of(stage.mei, card))

    await stage.forward(minutes=150, seconds=-1)
    assert "Scheduled" in text_of(message_of(stage.mei, card))
    await stage.forward(seconds=1)

    shown = text_of(message_of(stage.mei, card))
    assert shown.startswith("No check-in: nothing is charged so far.\nEmily Lim")
    assert "Scheduled" not in shown
    assert "Scheduled" not in text_of(message_of(stage.mei, listed))
    assert labels(message_of(stage.mei, card)) == ["Report a problem"]
    assert "No check-in: nothing is billed so far.\nEmily Lim" in all_text(stage.grace)
    await write(stage, stage.grace, "/sessions")
    assert "No check-in" in text_of(stage.grace.last())
    await write(stage, stage.grace, "/checkin")
    assert "In progress" in text_of(message_of(stage.mei, card))


async def test_who_forgot_to_check_in_reads_who_can_mend_it(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=HOUR)
    await stage.forward(hours=9, seconds=-1)  # midnight
    assert "ask a coordinator to enter your times" not in all_text(stage.grace)
    await stage.forward(seconds=1)

    words = "No check-in, so nothing is billed so far. If you were there, ask a coordinator to"
    assert words in all_text(stage.grace)
    assert "ask a coordinator" not in all_text(stage.mei)


async def test_who_forgets_to_check_out_is_not_simply_in_progress(stage: Stage) -> None:
    session = await under_way(stage)  # until 15:10
    await write(stage, stage.mei, "/sessions")
    listed = stage.mei.last()["message_id"]
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    card = stage.mei.last()["message_id"]

    await stage.forward(minutes=25, seconds=-1)
    for one in (listed, card):
        assert "\nIn progress" in text_of(message_of(stage.mei, one))
        assert "should have ended" not in text_of(message_of(stage.mei, one))
    await stage.forward(seconds=1)

    for one in (listed, card):
        assert "\nIn progress, should have ended 15:10" in text_of(message_of(stage.mei, one))
    await look_at(stage, stage.priya, session)
    assert "\nIn progress, should have ended 15:10" in text_of(stage.priya.last())
