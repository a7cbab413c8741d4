"""What stands in a chat is true now: of what is over one line is left (SPEC 9; UX 17)."""

from datetime import timedelta

from tests.end_to_end.reminded import HOUR, OPENS, booked
from tests.end_to_end.scenes import all_text, press, write
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
    asked = stage.mei.last()["message_id"]

    await write(stage, stage.mei, "We are away.")

    there = [message["message_id"] for message in stage.mei.messages()]
    assert asked not in there
    assert "We are away." in text_of(stage.mei.last())
    confirming = stage.mei.last()["message_id"]
    await write(stage, stage.mei, "/stop")
    there = [message["message_id"] for message in stage.mei.messages()]
    assert confirming not in there
    assert "Cancel this session?" not in all_text(stage.mei)
