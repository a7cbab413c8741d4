"""A question that took the place of a card stays while it holds, whatever news come (UX 17)."""

import pytest

from models.enums import Status
from sandbox.wire import Json
from tests.end_to_end.scenes import (
    all_text,
    answer_in_group,
    just_over,
    message_of,
    press,
    report,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of

NOTE = "We went through fractions."


async def notes_come(stage: Stage) -> None:
    """Grace adds notes of the session that is over."""
    await write(stage, stage.grace, "/notes")
    await write(stage, stage.grace, NOTE)
    await press(stage, stage.grace, "Done")


def now_there(stage: Stage, before: Json) -> tuple[str, list[str]]:
    """What stands where this message was in the parent's chat."""
    found = message_of(stage.mei, before["message_id"])
    return text_of(found), labels(found)


@pytest.mark.parametrize("chosen", [(), ("Shorter than booked",)])
async def test_a_dispute_that_is_asked_about_stays_when_notes_come(
    stage: Stage, chosen: tuple[str, ...]
) -> None:
    session = await just_over(stage)
    for label in ("Dispute", *chosen):
        await press(stage, stage.mei, label)
    asked = stage.mei.last()

    await notes_come(stage)

    assert now_there(stage, asked) == (text_of(asked), labels(asked))
    assert NOTE in text_of(stage.mei.last())
    for label in (["Shorter than booked", "Dispute"])[len(chosen) :]:
        await press(stage, stage.mei, label, asked["message_id"])
    assert stage.status(session) is Status.DISPUTED


async def test_who_leaves_it_sees_the_card_with_the_news(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    asked = stage.mei.last()
    await notes_come(stage)

    await press(stage, stage.mei, "Leave", asked["message_id"])

    text, shown = now_there(stage, asked)
    assert NOTE in text
    assert shown[:2] == ["Acknowledge", "Dispute"]
    assert text_of(stage.mei.last()).startswith("⬆️ Emily Lim")


async def test_one_that_somebody_else_has_settled_goes(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    asked = stage.mei.last()
    await notes_come(stage)

    await press(stage, stage.daniel, "Acknowledge")

    assert "Daniel Lim acknowledged" in now_there(stage, asked)[0]
    assert "Dispute" not in now_there(stage, asked)[1]


async def test_a_report_that_is_being_added_to_stays_when_another_reply_comes(
    stage: Stage,
) -> None:
    await just_over(stage)
    await report(stage, stage.mei, "The light was broken.")
    await press(stage, stage.priya_in_group, "Reply")
    await answer_in_group(stage, stage.priya_in_group, "Which one?")
    await press(stage, stage.mei, "Answer")
    asked = stage.mei.last()

    await press(stage, stage.priya_in_group, "Reply")
    await answer_in_group(stage, stage.priya_in_group, "Is it the one in the hall?")

    assert now_there(stage, asked) == (text_of(asked), labels(asked))
    assert "Is it the one in the hall?" in text_of(stage.mei.last())
    await write(stage, stage.mei, "Yes, that one.")
    assert "Yes, that one." in text_of(stage.priya.last())
    assert all_text(stage.priya_in_group).count("A parent added to report 1") == 1
