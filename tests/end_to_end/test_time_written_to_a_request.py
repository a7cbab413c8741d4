"""Another time that is written while a request waits for the answer (SPEC 6; UX 19)."""

import pytest

from tests.end_to_end.scenes import message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_rescheduling import ask, tomorrow, versions

TAP_HERE = "Please tap your answer here: what you write does not count as one."
ANSWERS = ["Accept", "Suggest another", "Decline", "Cancel session"]


async def asked(stage: Stage) -> None:
    """Grace has asked to move tomorrow's session to Friday 21:00."""
    await tomorrow(stage)
    await ask(stage, stage.grace, "fri 9pm")


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("mon 5pm better", "Mon 30 Nov 17:00"),
        ("monday 5pm?", "Mon 30 Nov 17:00"),
        ("monday 5pm instead", "Mon 30 Nov 17:00"),
        ("sat 5pm", "Sat 28 Nov 17:00"),
        ("we could do it on sunday at 4pm", "Sun 29 Nov 16:00"),
    ],
)
async def test_it_can_be_suggested_in_one_tap(stage: Stage, typed: str, time: str) -> None:
    await asked(stage)

    told = await write(stage, stage.mei, typed)

    assert told.startswith(TAP_HERE)
    assert labels(stage.mei.last()) == [f"Suggest {time}", *ANSWERS]
    await press(stage, stage.mei, f"Suggest {time}")
    assert f"New time: {time}" in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Send", "Back", "Leave"]
    await press(stage, stage.mei, "Send")
    assert f"Mei Lim suggested another time:\n{time}" in text_of(stage.grace.last())


async def test_of_several_that_it_can_mean_each_has_a_button(stage: Stage) -> None:
    await asked(stage)

    await write(stage, stage.mei, "sat or sun 5pm")

    assert labels(stage.mei.last())[:2] == ["Suggest Sat 28 Nov 17:00", "Suggest Sun 29 Nov 17:00"]


async def test_a_day_alone_brings_the_request(stage: Stage) -> None:
    await asked(stage)

    assert (await write(stage, stage.mei, "church on sunday")).startswith(TAP_HERE)

    assert labels(stage.mei.last()) == ANSWERS


async def test_the_tutor_can_do_the_same(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.mei, "fri 9pm")

    await write(stage, stage.grace, "mon 5pm better")

    assert labels(stage.grace.last())[0] == "Suggest Mon 30 Nov 17:00"


async def test_a_request_that_is_over_meanwhile_is_not_answered(stage: Stage) -> None:
    await asked(stage)
    await write(stage, stage.mei, "mon 5pm better")
    button = stage.mei.last()["reply_markup"]["inline_keyboard"][0][0]
    asking = stage.mei.last()["message_id"]
    await press(stage, stage.grace, "Withdraw")

    await press(stage, stage.mei, button["callback_data"], asking)

    offer = message_of(stage.mei, asking)
    assert "Grace Tan withdrew the request at 15:00" in text_of(offer)
    assert "New time: Mon 30 Nov 17:00" in text_of(offer)
    assert labels(offer) == ["Ask for it", "Leave"]
    assert len(versions(stage)) == 1


@pytest.mark.parametrize("typed", ["why", "page 5", "we did 3 of 5", "what about ryan?"])
async def test_other_words_are_no_time(stage: Stage, typed: str) -> None:
    await asked(stage)

    assert TAP_HERE not in await write(stage, stage.mei, typed)
