"""A question that is over keeps the way on that it offers, whatever is sent next (SPEC 6, 9)."""

import pytest

from tests.end_to_end.scenes import message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_late_change import TELL, five_hours_ahead, open_card


@pytest.mark.parametrize("restarts", [False, True])
async def test_what_was_written_can_still_be_told_after_another_command(
    stage: Stage, *, restarts: bool
) -> None:
    await five_hours_ahead(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Other")
    await write(stage, stage.mei, "Grandma fell.")
    asked = stage.mei.last()["message_id"]
    await stage.forward(hours=1)
    assert labels(message_of(stage.mei, asked)) == [TELL]

    if restarts:
        await stage.restart()
    await write(stage, stage.mei, "/upcoming")

    over = message_of(stage.mei, asked)
    assert text_of(over).endswith("tell them what has happened.\nGrandma fell.")
    assert labels(over) == [TELL]
    await press(stage, stage.mei, TELL, asked)
    assert text_of(stage.priya_in_group.last()).endswith("Reason:\nGrandma fell.")


async def test_so_can_what_was_written_too_late(stage: Stage) -> None:
    await five_hours_ahead(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Other")
    await stage.forward(hours=1)
    await write(stage, stage.mei, "Grandma fell.")
    refused = stage.mei.last()["message_id"]

    await write(stage, stage.mei, "/upcoming")

    assert text_of(message_of(stage.mei, refused)).endswith("Grandma fell.")
    assert labels(message_of(stage.mei, refused)) == [TELL]
    await press(stage, stage.mei, TELL, refused)
    assert text_of(stage.priya_in_group.last()).endswith("Reason:\nGrandma fell.")
