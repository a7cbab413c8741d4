"""Both parents of a child ask for another time: one is on the table (SPEC 6; UX 17, 19)."""

import pytest

from models.enums import ChangeReason, ProposalStatus
from tests.end_to_end.scenes import almost_asked, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_rescheduling import ask, suggest, tomorrow, versions

OUTDATED = "Mei Lim has suggested another time for you both since: Sun 29 Nov 10:00-11:30."
WAIT = "Your time is not lost: you can ask for it once that one is withdrawn or declined."
CHOIR = "Emily has choir on tuesdays"


async def slower(stage: Stage) -> int:
    """Grace has asked; Daniel is about to send another time when Mei sends hers. His question."""
    await tomorrow(stage)
    await ask(stage, stage.grace, "fri 9pm")
    await press(stage, stage.daniel, "Suggest another")
    await write(stage, stage.daniel, "sat 10am")
    await write(stage, stage.daniel, CHOIR)
    question = int(stage.daniel.last()["message_id"])
    await suggest(stage, stage.mei, "sun 10am")
    return question


async def test_the_slower_one_reads_that_the_other_has_suggested_for_both(stage: Stage) -> None:
    question = await slower(stage)

    offer = message_of(stage.daniel, question)
    told = f"New time: Sat 28 Nov 10:00-11:30\nReason:\n{CHOIR}"
    assert f"{OUTDATED}\n{WAIT}\n🔁 {told}" in text_of(offer)
    assert labels(offer) == ["Withdraw", "Leave"]


async def test_they_can_withdraw_that_and_ask_for_theirs(stage: Stage) -> None:
    question = await slower(stage)

    assert await press(stage, stage.daniel, "Withdraw", question) == (
        "You withdrew the request at 15:00"
    )
    assert labels(message_of(stage.daniel, question)) == ["Ask for it", "Leave"]
    await press(stage, stage.daniel, "Ask for it", question)
    await press(stage, stage.daniel, "Send", question)

    asked = versions(stage)[-1]
    assert (asked.reason, asked.text) == (ChangeReason.OTHER, CHOIR)
    assert "Daniel Lim asked to move this to:\nSat 28 Nov 10:00" in text_of(stage.grace.last())


async def test_or_ask_once_the_other_side_has_declined(stage: Stage) -> None:
    question = await slower(stage)

    await press(stage, stage.grace, "Decline")

    assert labels(message_of(stage.daniel, question)) == ["Ask for it", "Leave"]


async def test_what_was_withdrawn_meanwhile_is_not_withdrawn_again(stage: Stage) -> None:
    question = await slower(stage)
    stale = message_of(stage.daniel, question)["reply_markup"]["inline_keyboard"][0][0]
    await press(stage, stage.mei, "Withdraw")

    toast = await press(stage, stage.daniel, stale["callback_data"], question)

    assert toast == "Mei Lim withdrew the request at 15:00"
    assert labels(message_of(stage.daniel, question)) == ["Ask for it", "Leave"]
    assert [one.status for one in versions(stage)] == [
        ProposalStatus.COUNTERED,
        ProposalStatus.WITHDRAWN,
    ]


async def test_a_request_is_offered_alike_where_the_other_parent_has_asked(stage: Stage) -> None:
    await tomorrow(stage)
    question = await almost_asked(stage, stage.daniel, "sat 10am", "Family matter")

    await ask(stage, stage.mei, "sun 10am")

    offer = message_of(stage.daniel, question)
    assert "Mei Lim has asked to move this session (Sun 29 Nov 10:00-11:30)." in text_of(offer)
    assert "New time: Sat 28 Nov 10:00-11:30\nReason: Family matter" in text_of(offer)
    assert labels(offer) == ["Withdraw", "Leave"]


async def test_words_beside_an_unclear_time_are_given_back(stage: Stage) -> None:
    question, words = await unclear(stage)

    assert text_of(message_of(stage.daniel, question)).endswith(f"{OUTDATED}\n{words}")


@pytest.mark.parametrize("again", ["sat 10am", "ok i try again sat 10am"])
async def test_a_time_that_is_typed_after_that_is_not_lost(stage: Stage, again: str) -> None:
    await unclear(stage)

    offer = await write(stage, stage.daniel, again)

    assert OUTDATED in offer
    assert "New time: Sat 28 Nov 10:00-11:30" in offer
    assert labels(stage.daniel.last()) == ["Withdraw", "Leave"]


async def unclear(stage: Stage) -> tuple[int, str]:
    """Daniel's time is asked about when Mei sends hers; his question, and what he wrote."""
    words = "sat 10am, they have church on sunday"
    await tomorrow(stage)
    await ask(stage, stage.grace, "fri 9pm")
    await press(stage, stage.daniel, "Suggest another")
    await write(stage, stage.daniel, words)
    question = int(stage.daniel.last()["message_id"])
    assert labels(stage.daniel.last())[-1] == "Leave"
    await suggest(stage, stage.mei, "sun 10am")
    return question, words
