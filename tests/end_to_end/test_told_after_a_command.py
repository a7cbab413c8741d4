"""A question that is over keeps the way on that it offers, whatever is sent next (SPEC 6, 9)."""

from datetime import timedelta

import pytest

from tests.end_to_end.scenes import message_of, press, take, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of
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

    assert "\nGrandma fell.\n\nEmily Lim" in text_of(message_of(stage.mei, refused))
    assert labels(message_of(stage.mei, refused)) == [TELL]
    await press(stage, stage.mei, TELL, refused)
    assert text_of(stage.priya_in_group.last()).endswith("Reason:\nGrandma fell.")


async def too_late(stage: Stage) -> int:
    """Mei writes why she cannot come when it is too late; the message with the way on."""
    session = await five_hours_ahead(stage)
    take(stage, session, timedelta(days=1))
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Other")
    await stage.forward(hours=1)
    await write(stage, stage.mei, "Grandma fell.")
    assert labels(stage.mei.last()) == [TELL]
    return int(stage.mei.last()["message_id"])


async def test_once_it_is_told_from_another_message_a_line_is_left_of_the_first(
    stage: Stage,
) -> None:
    refused = await too_late(stage)
    await open_card(stage, stage.mei)
    line = "⬇️ Emily Lim, Wed 25 Nov 20:00-21:30: see below."
    assert text_of(message_of(stage.mei, refused)) == line

    await press(stage, stage.mei, TELL)
    await press(stage, stage.mei, "Send it")

    assert text_of(stage.priya_in_group.last()).endswith("Reason:\nGrandma fell.")
    assert text_of(message_of(stage.mei, refused)) == line


async def test_when_the_session_begins_it_is_its_card_again(stage: Stage) -> None:
    refused = await too_late(stage)

    await stage.forward(hours=4)

    card = message_of(stage.mei, refused)
    assert text_of(card).startswith("Emily Lim")
    assert TELL not in labels(card)


async def test_nobody_has_the_message_once_the_session_has_begun(stage: Stage) -> None:
    refused = await too_late(stage)
    tells = buttons(message_of(stage.mei, refused))[0][0]["callback_data"]
    await press(stage, stage.mei, TELL, refused)
    await stage.forward(hours=4)

    toast = await press(stage, stage.mei, tells, refused)

    assert "out of date" in toast
    assert "have your message" not in text_of(message_of(stage.mei, refused))
