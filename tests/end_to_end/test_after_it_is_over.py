"""What is written after somebody else has settled a question is for no dialogue (SPEC 9; UX 17)."""

from datetime import timedelta

import pytest

from models.enums import Role
from sandbox.phone import Phone
from tests import files
from tests.end_to_end.scenes import (
    all_text,
    almost_asked,
    answer_in_group,
    disputed,
    look_at,
    message_of,
    press,
    take,
    under_way,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_rescheduling import ask, open_card, tomorrow, versions

CANCELLED = "Emily Lim, Thu 26 Nov 21:00-22:30: Mei Lim cancelled this at 15:00"
UNSENT = "📨 Your message has not been sent to anybody yet."


async def cancelled_by(stage: Stage, phone: Phone, reason: str = "School event") -> None:
    await open_card(stage, phone)
    await press(stage, phone, "Cancel")
    await press(stage, phone, reason)
    await press(stage, phone, "Cancel session")


async def moving(stage: Stage) -> None:
    """Daniel is about to ask for Friday, with his reason; Mei cancels the session. Another one was
    yesterday.
    """
    session = await tomorrow(stage)
    take(stage, session, -timedelta(hours=24))
    await almost_asked(stage, stage.daniel, "fri 10am", "Other")
    await write(stage, stage.daniel, "we are in Malaysia that day")
    await cancelled_by(stage, stage.mei)


async def test_it_is_said_once_what_is_over_and_the_text_is_answered_as_any_other(
    stage: Stage,
) -> None:
    await moving(stage)

    told = await write(stage, stage.daniel, "then can we have it on the 29th please")

    assert told.startswith(
        f"{CANCELLED}\nwe are in Malaysia that day\n🔁 New time: Fri 27 Nov 10:00-11:30\n\n"
    )
    assert UNSENT in told
    assert labels(stage.daniel.last()) == ["Report a problem", "Leave"]
    told = await write(stage, stage.daniel, "please call me about it some time")
    assert UNSENT in told
    assert "cancelled" not in told


async def test_a_few_words_are_answered_too_and_no_more_is_said_of_it(stage: Stage) -> None:
    await moving(stage)

    assert (await write(stage, stage.daniel, "hello?")).startswith(CANCELLED)
    assert "cancelled" not in await write(stage, stage.daniel, "hello?")


async def test_of_several_texts_at_once_the_first_says_what_is_over(stage: Stage) -> None:
    await moving(stage)

    stage.daniel.send_text("hello?")
    stage.daniel.send_text("please call me about it some time")
    await stage.settled()

    assert all_text(stage.daniel).count(CANCELLED) == 1
    assert UNSENT in text_of(stage.daniel.last())


async def test_a_photo_is_offered_as_outside_of_any_dialogue(stage: Stage) -> None:
    await moving(stage)

    stage.daniel.send_photo(files.jpeg_photo())
    await stage.settled()

    assert text_of(stage.daniel.last()).startswith(CANCELLED)
    assert "What you sent is not kept" not in all_text(stage.daniel)


@pytest.mark.parametrize("typed", ["yes", "Cancel session"])
async def test_who_types_a_button_reads_what_is_over(stage: Stage, typed: str) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.daniel)
    await press(stage, stage.daniel, "Cancel")
    await press(stage, stage.daniel, "School event")
    await cancelled_by(stage, stage.mei)

    assert (await write(stage, stage.daniel, typed)).startswith("Mei Lim cancelled this at 15:00")
    assert "cancelled" not in await write(stage, stage.daniel, "hello?")


async def test_a_reason_for_a_cancellation_that_another_has_made(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.grace)
    await press(stage, stage.grace, "Cancel")
    await press(stage, stage.grace, "Other")
    await cancelled_by(stage, stage.mei)

    told = await write(stage, stage.grace, "My son has a fever, I am sorry")

    assert told.startswith(CANCELLED)
    assert "cancelled" not in await write(stage, stage.grace, "thanks")


@pytest.mark.parametrize("typed", ["left early", "13.45-14.50", "photo"])
async def test_times_for_a_session_that_has_been_checked_out_are_asked_for_no_more(
    stage: Stage, typed: str
) -> None:
    session = await under_way(stage)
    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Correct attendance")
    await write(stage, stage.grace, "/checkout")

    if typed == "photo":
        stage.priya.send_photo(files.jpeg_photo())
        await stage.settled()
    else:
        await write(stage, stage.priya, typed)

    over = "Emily Lim, Wed 25 Nov 13:40-15:10: Grace Tan checked out at 15:00"
    assert text_of(stage.priya.last()).startswith(over)
    assert "two times" not in all_text(stage.priya)
    assert "Why are you correcting" not in all_text(stage.priya)
    assert "checked out" not in await write(stage, stage.priya, "hello?")


@pytest.mark.parametrize("typed", ["photo", "long " * 300])
async def test_nor_is_a_reason_for_a_dispute_that_a_colleague_has_settled(
    stage: Stage, typed: str
) -> None:
    await disputed(stage)
    stage.priya.start("dispute_1")
    await stage.settled()
    await press(stage, stage.priya, "Return")
    await press(stage, stage.marcus_in_group, "Uphold")
    await answer_in_group(stage, stage.marcus_in_group, "The worksheet shows half an hour.")

    if typed == "photo":
        stage.priya.send_photo(files.jpeg_photo())
        await stage.settled()
    else:
        await write(stage, stage.priya, typed)

    told = text_of(stage.priya.last())
    assert told.startswith("Emily Lim, Wed 25 Nov 13:40-15:10: Marcus Lee upheld the dispute")
    assert "Why are you returning" not in told


@pytest.mark.parametrize("typed", ["thanks!", "yes"])
async def test_what_is_written_once_the_session_has_moved_is_no_reason(
    stage: Stage, typed: str
) -> None:
    await tomorrow(stage)
    await almost_asked(stage, stage.daniel, "fri 10am", "Other")
    await write(stage, stage.daniel, "my brother is getting married that day")
    asked = stage.daniel.last()["message_id"]
    await ask(stage, stage.mei, "sat 2pm")
    await stage.forward(minutes=1)
    await press(stage, stage.grace, "Accept")

    assert "Ask the tutor?" not in await write(stage, stage.daniel, typed)

    assert [one.side for one in versions(stage)] == [Role.PARENT]
    await press(stage, stage.daniel, "Go on", asked)
    again = text_of(message_of(stage.daniel, asked))
    assert "New time: Fri 27 Nov 10:00" in again
    assert "Reason:\nmy brother is getting married that day" in again
    assert "Ask the tutor?" in await write(stage, stage.daniel, "He marries in Kuala Lumpur")
