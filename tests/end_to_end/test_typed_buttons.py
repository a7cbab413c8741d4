"""A button that is typed is tapped, and "yes" and "no" answer what is to be confirmed (UX 19)."""

import pytest
from sqlmodel import select

from models import Cancellation, Dispute, RescheduleProposal
from models.enums import ChangeReason, Status
from tests.end_to_end.scenes import all_text, just_over, live_buttons, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_cancellation import open_card as card_from_list
from tests.end_to_end.test_rescheduling import open_card, tomorrow


async def about_to_send(stage: Stage) -> int:
    """Mei's request with a reason of her own, up to *Send*; the message that asks."""
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "fri 9pm")
    await write(stage, stage.mei, "he has swimming at one")
    assert labels(stage.mei.last()) == ["Send", "Back", "Leave"]
    return int(stage.mei.last()["message_id"])


def proposals(stage: Stage) -> list[RescheduleProposal]:
    with stage.database.reading() as session:
        return list(session.exec(select(RescheduleProposal)).all())


@pytest.mark.parametrize("typed", ["yes", "Ok", "send", " SEND IT! ", "👍"])
async def test_a_yes_sends_what_was_written(stage: Stage, typed: str) -> None:
    await about_to_send(stage)

    await write(stage, stage.mei, typed)

    assert [one.text for one in proposals(stage)] == ["he has swimming at one"]
    assert labels(stage.mei.last()) == ["Withdraw", "Cancel session"]
    assert "he has swimming at one" in text_of(stage.mei.last())
    chosen_from = 2  # the list of /change, which stays
    assert live_buttons(stage.mei) == [chosen_from, stage.mei.last()["message_id"]]
    assert "he has swimming at one" in text_of(stage.grace.last())


@pytest.mark.parametrize("typed", ["no", "Wait", "not yet", "cancel"])
async def test_a_no_leaves_the_question_as_it_is(stage: Stage, typed: str) -> None:
    asked = await about_to_send(stage)

    await write(stage, stage.mei, typed)

    assert text_of(stage.mei.last()) == (
        "Nothing is done yet. Please tap one of the buttons above, or send /stop."
    )
    assert labels(message_of(stage.mei, asked)) == ["Send", "Back", "Leave"]
    assert proposals(stage) == []
    await press(stage, stage.mei, "Send", asked)
    assert [one.text for one in proposals(stage)] == ["he has swimming at one"]


async def test_the_labels_of_the_other_buttons_are_taps_too(stage: Stage) -> None:
    await about_to_send(stage)

    await write(stage, stage.mei, "back")
    assert "Schedule conflict" in labels(stage.mei.last())
    await write(stage, stage.mei, "schedule conflict")
    assert labels(stage.mei.last()) == ["Send", "Back", "Leave"]
    await write(stage, stage.mei, "leave")

    assert proposals(stage) == []
    assert labels(stage.mei.last()) == ["Change time", "Cancel"]
    assert "Nothing was changed." in all_text(stage.mei)
    chosen_from = 2  # the list of /change, which stays
    assert live_buttons(stage.mei) == [chosen_from, stage.mei.last()["message_id"]]


async def test_a_session_is_cancelled_by_its_button_and_by_yes_but_not_by_cancel(
    stage: Stage,
) -> None:
    session = await tomorrow(stage)
    await card_from_list(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await write(stage, stage.mei, "child unwell")

    await write(stage, stage.mei, "cancel")
    assert stage.status(session) is Status.SCHEDULED
    await write(stage, stage.mei, "cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_PARENT
    assert live_buttons(stage.mei) == []
    with stage.database.reading() as rows:
        kept = rows.exec(select(Cancellation)).one()
    assert (kept.reason, kept.text) == (ChangeReason.CHILD_UNWELL, None)


async def test_a_yes_is_no_part_of_a_dispute(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Shorter than booked")
    await write(stage, stage.mei, "the tutor left at half past one")

    await write(stage, stage.mei, "yes")

    assert stage.status(session) is Status.DISPUTED
    with stage.database.reading() as rows:
        assert rows.exec(select(Dispute)).one().text == "the tutor left at half past one"


async def test_longer_words_are_what_they_were(stage: Stage) -> None:
    asked = await about_to_send(stage)

    await write(stage, stage.mei, "yes but he also has a test")

    assert "yes but he also has a test" in text_of(stage.mei.last())
    assert proposals(stage) == []
    assert stage.mei.last()["message_id"] != asked
