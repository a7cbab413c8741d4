"""Thanks are never joined to words that wait to be kept or sent (UX 19)."""

import pytest

from tests.end_to_end.note_scenes import notes_begun, parts_of, second_session_over
from tests.end_to_end.scenes import TEXT, all_text, card_of, just_over, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_stray_evidence import reports

KEEP = "Keep for Emily's notes"
WAITS = "👍 What you sent still waits: please tap one of the buttons above."


@pytest.mark.parametrize("typed", ["thanks", "ok thx", "noted"])
async def test_a_tutors_thanks_are_no_note(stage: Stage, typed: str) -> None:
    session = await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    await write(stage, stage.grace, "one more thing: bring calculator next time")
    offer = stage.grace.last()["message_id"]

    assert await write(stage, stage.grace, typed) == WAITS

    assert "1 text, not in any notes yet" in text_of(message_of(stage.grace, offer))
    await press(stage, stage.grace, KEEP, offer)
    kept = [part.text for part in parts_of(stage, session)]
    assert kept == ["one more thing: bring calculator next time"]


async def test_nor_are_they_where_notes_asks_for_which_session(stage: Stage) -> None:
    await second_session_over(stage)
    await write(stage, stage.grace, "/notes")

    assert "You're welcome!" in await write(stage, stage.grace, "thanks")

    assert "not in any notes yet" in await write(stage, stage.grace, "He did well")


async def test_a_parents_thanks_are_no_part_of_a_report(stage: Stage) -> None:
    await just_over(stage)
    await write(stage, stage.mei, TEXT)
    assert await write(stage, stage.mei, "thank you") == WAITS
    offer = card_of(stage.mei, "has not been sent")["message_id"]
    await press(stage, stage.mei, "Report a problem", offer)

    told = await write(stage, stage.mei, "thank you")

    assert told == "Nothing is done yet. Please tap one of the buttons above, or send /stop."
    assert labels(message_of(stage.mei, offer)) == ["Send it", "Leave"]
    await press(stage, stage.mei, "Send it", offer)
    assert reports(stage) == [(TEXT, None)]


async def test_nor_of_a_dispute_whose_reason_is_asked_for(stage: Stage) -> None:
    await just_over(stage)
    await write(stage, stage.mei, TEXT)
    await press(stage, stage.mei, "Dispute", stage.mei.last()["message_id"])

    assert "Nothing is done yet." in await write(stage, stage.mei, "thanks!")

    await press(stage, stage.mei, "Conduct")
    assert "thanks" not in text_of(card_of(stage.mei, TEXT))


async def test_what_was_sent_in_one_go_with_thanks_is_offered(stage: Stage) -> None:
    await just_over(stage)

    stage.mei.send_text(TEXT)
    stage.mei.send_text("thank you")
    await stage.settled()

    assert "has not been sent to anybody yet" in text_of(stage.mei.last())
    assert WAITS not in all_text(stage.mei)
    await press(stage, stage.mei, "Report a problem", stage.mei.last()["message_id"])
    await press(stage, stage.mei, "Send it")
    assert reports(stage) == [(TEXT, None)]
