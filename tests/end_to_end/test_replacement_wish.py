"""A parent says which time suits in place of a session that the tutor cancelled (SPEC 6; UX 10)."""

import pytest

from tests.end_to_end.scenes import card_of, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_tutor_cancels import cancelled

ASKED = "Asked for: Sun 29 Nov 15:00-16:30"


async def wishing(stage: Stage) -> None:
    """Mei has tapped *Another time*."""
    await cancelled(stage)
    assert await press(stage, stage.mei, "Another time") == ""


async def test_another_time_asks_when_before_anybody_is_asked(stage: Stage) -> None:
    await wishing(stage)

    assert "When instead?" in text_of(stage.mei.last())
    assert labels(stage.mei.last())[-3:] == ["Other day", "Any time", "Leave"]
    assert "replacement has been requested" not in text_of(stage.priya_in_group.last())


@pytest.mark.parametrize("typed", ["sun 29 nov 3pm", "sun 3pm"])
async def test_a_typed_time_is_read_back_and_reaches_the_coordinators(
    stage: Stage, typed: str
) -> None:
    await wishing(stage)

    asked = await write(stage, stage.mei, typed)
    assert "Ask the coordinators for Sun 29 Nov 15:00-16:30?" in asked
    await press(stage, stage.mei, "Ask for it")

    for phone in (stage.mei, stage.daniel, stage.priya_in_group):
        assert ASKED in text_of(phone.last())
    assert labels(stage.mei.last()) == []


async def test_a_time_from_the_calendar_does_too(stage: Stage) -> None:
    await wishing(stage)
    await press(stage, stage.mei, "Other day")
    await press(stage, stage.mei, "Sun 29 Nov")
    await press(stage, stage.mei, "15:00")
    await press(stage, stage.mei, "Ask for it")

    assert ASKED in text_of(stage.priya_in_group.last())


async def test_a_time_that_is_taken_or_unclear_is_asked_about(stage: Stage) -> None:
    await wishing(stage)

    asked = await write(stage, stage.mei, "sat 28 or sun 29 afternoon")
    assert "Sun 29 Nov" in " ".join([asked, *labels(stage.mei.last())])
    await write(stage, stage.mei, "sun 3pm")
    await press(stage, stage.mei, "Back")

    assert "When instead?" in text_of(stage.mei.last())


async def test_other_words_go_to_the_coordinators_with_it(stage: Stage) -> None:
    await wishing(stage)
    asked = await write(stage, stage.mei, "please not in the morning")
    assert "For the coordinators:\nplease not in the morning\n\nWhen instead?" in asked

    await write(stage, stage.mei, "sun 3pm")
    await write(stage, stage.mei, "he has exams")
    await press(stage, stage.mei, "Ask for it")

    told = text_of(stage.priya_in_group.last())
    assert f"{ASKED}\nplease not in the morning\nhe has exams" in told


async def test_any_time_is_asked_for_as_such(stage: Stage) -> None:
    await wishing(stage)

    assert await press(stage, stage.mei, "Any time") == "You asked for a replacement at 15:00"

    assert "Asked for" not in text_of(stage.priya_in_group.last())
    assert "replacement has been requested" in text_of(stage.priya_in_group.last())


async def test_where_the_other_parent_was_first_the_question_says_so(stage: Stage) -> None:
    await wishing(stage)
    question = stage.mei.last()["message_id"]

    await press(stage, stage.daniel, labels(card_of(stage.daniel, "These times are free"))[0])

    asked = message_of(stage.mei, question)
    assert "Daniel Lim asked for a replacement at 15:00" in text_of(asked)
    assert labels(asked) == []


async def test_the_card_offers_no_times_while_the_question_is_below(stage: Stage) -> None:
    await wishing(stage)
    card = stage.mei.last()["message_id"]

    await write(stage, stage.mei, "sun 3pm")

    above = message_of(stage.mei, card)
    assert labels(above) == []
    assert "These times are free" not in text_of(above)
    await press(stage, stage.mei, "Leave")
    assert "These times are free" in text_of(stage.mei.last())
