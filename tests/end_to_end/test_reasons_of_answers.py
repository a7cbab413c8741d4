"""An answer with another time has the reason that was written with it (SPEC 6; UX 10, 19)."""

import pytest
from sqlmodel import col, select

from models import AuditEvent
from models.enums import Action, ChangeReason
from tests.end_to_end.scenes import almost_asked, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_half_written import countering
from tests.end_to_end.test_rescheduling import ask, tomorrow, versions

WHY = "I have a dentist appointment on thursday evening"


async def counter_recorded(stage: Stage) -> tuple[str | None, object]:
    """The reason and the words in the audit trail of the counter-proposal."""
    with stage.database.reading() as session:
        found = session.exec(select(AuditEvent).where(col(AuditEvent.action) == Action.COUNTER))
        event = found.one()
    return event.reason, (event.details or {}).get("text")


async def test_a_reason_written_for_a_request_goes_with_the_answer_that_it_becomes(
    stage: Stage,
) -> None:
    await tomorrow(stage)
    await almost_asked(stage, stage.grace, "fri 10am", "Other")
    await write(stage, stage.grace, WHY)
    question = stage.grace.last()["message_id"]

    await ask(stage, stage.daniel, "sat 10am")

    offer = text_of(message_of(stage.grace, question))
    assert "Your time is not lost. You can answer with it." in offer
    assert f"Reason:\n{WHY}" in offer
    await press(stage, stage.grace, "Ask for it", question)
    assert f"Reason:\n{WHY}" in text_of(message_of(stage.grace, question))
    await press(stage, stage.grace, "Send", question)
    told = text_of(stage.mei.last())
    assert f"Grace Tan suggested another time:\nFri 27 Nov 10:00-11:30\nReason:\n{WHY}" in told
    assert [(one.reason, one.text) for one in versions(stage)][1:] == [(ChangeReason.OTHER, WHY)]
    assert await counter_recorded(stage) == ("other", WHY)


async def test_a_reason_chosen_for_a_request_goes_with_the_answer_that_it_becomes(
    stage: Stage,
) -> None:
    await tomorrow(stage)
    question = await almost_asked(stage, stage.grace, "fri 10am", "Unwell")
    await ask(stage, stage.daniel, "sat 10am")

    await press(stage, stage.grace, "Ask for it", question)
    await press(stage, stage.grace, "Send", question)

    assert "Fri 27 Nov 10:00-11:30\nReason: Unwell" in text_of(stage.mei.last())


@pytest.mark.parametrize("why", ["ryan has football on friday", "because of football"])
async def test_words_below_an_answer_are_its_reason_and_the_time_stays(
    stage: Stage, why: str
) -> None:
    await countering(stage)

    asked = await write(stage, stage.mei, why)

    assert "New time: Sat 28 Nov 10:00-11:30" in asked
    assert f"Reason:\n{why}" in asked
    assert labels(stage.mei.last()) == ["Send", "Back", "Leave"]
    await write(stage, stage.mei, "yes")
    told = text_of(stage.grace.last())
    assert f"Mei Lim suggested another time:\nSat 28 Nov 10:00-11:30\nReason:\n{why}" in told


async def test_below_an_answer_a_time_alone_is_another_time(stage: Stage) -> None:
    await countering(stage)

    assert "New time: Sun 29 Nov 16:00-17:30" in await write(stage, stage.mei, "sun 4pm")


async def test_words_with_a_time_below_an_answer_are_asked_about(stage: Stage) -> None:
    await countering(stage)
    words = "he has football at 5pm on friday"

    asked = await write(stage, stage.mei, words)

    assert "New time: Sat 28 Nov 10:00-11:30" in asked
    assert f"Is that another time, or the reason?\n{words}" in asked
    assert labels(stage.mei.last())[:2] == ["New time: Fri 27 Nov 17:00", "It is the reason"]
    await press(stage, stage.mei, "It is the reason")
    assert f"Reason:\n{words}" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Send")
    assert f"Sat 28 Nov 10:00-11:30\nReason:\n{words}" in text_of(stage.grace.last())


async def test_words_that_come_after_the_request_is_withdrawn_go_with_the_time(
    stage: Stage,
) -> None:
    await countering(stage)
    await press(stage, stage.grace, "Withdraw")

    offer = await write(stage, stage.mei, "because of football")

    assert "New time: Sat 28 Nov 10:00-11:30\nReason:\nbecause of football" in offer
    await press(stage, stage.mei, "Ask for it")
    await press(stage, stage.mei, "Send")
    told = text_of(stage.grace.last())
    assert "asked to move this to:\nSat 28 Nov 10:00-11:30\nReason:\nbecause of football" in told
