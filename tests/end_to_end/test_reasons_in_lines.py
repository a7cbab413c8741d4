"""A reason that is typed in several short lines, with a "sorry" after it (UX 19)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Appointment, Cancellation, TutorLeave
from models.enums import ChangeReason, Status
from sandbox.phone import Phone
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import (
    REPORT,
    almost_asked,
    answer_in_group,
    just_over,
    look_at,
    message_of,
    press,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_cancellation import open_card
from tests.end_to_end.test_half_written import countering
from tests.end_to_end.test_rescheduling import tomorrow, versions

LINES = ("we are at my mothers place", "in Johor")
WHY = "\n".join(LINES)
NOTHING_DONE = "Nothing is done yet. Please tap one of the buttons above, or send /stop."
COURTESIES = ["sorry", "So sorry!", "thank you", "sorry for the late notice 🙏"]


async def lines(stage: Stage, phone: Phone, *texts: str) -> str:
    """Send a text for each line; what the last answer says."""
    return [await write(stage, phone, one) for one in texts][-1]


async def cancelling(stage: Stage) -> Appointment:
    """Daniel has tapped *Cancel* of a session that is tomorrow."""
    session = await tomorrow(stage)
    await open_card(stage, stage.daniel)
    await press(stage, stage.daniel, "Cancel")
    return session


async def test_lines_of_a_cancellation_are_joined(stage: Stage) -> None:
    session = await cancelling(stage)

    assert f"Reason:\n{WHY}" in await lines(stage, stage.daniel, *LINES)
    await press(stage, stage.daniel, "Cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_PARENT
    with stage.database.reading() as rows:
        assert rows.exec(select(Cancellation)).one().text == WHY


async def test_back_begins_the_reason_anew(stage: Stage) -> None:
    await cancelling(stage)
    await write(stage, stage.daniel, "we are a mt")

    await press(stage, stage.daniel, "Back")

    assert f"Reason:\n{WHY}\n" in await lines(stage, stage.daniel, *LINES)


async def test_lines_of_a_request_are_joined(stage: Stage) -> None:
    await tomorrow(stage)
    await almost_asked(stage, stage.daniel, "fri 9pm", "Other")

    assert f"Reason:\n{WHY}" in await lines(stage, stage.daniel, *LINES)
    await press(stage, stage.daniel, "Send")

    assert [(one.reason, one.text) for one in versions(stage)] == [(ChangeReason.OTHER, WHY)]


async def test_a_line_that_looked_like_a_time_is_joined_too(stage: Stage) -> None:
    await tomorrow(stage)
    await almost_asked(stage, stage.daniel, "fri 9pm", "Other")
    await lines(stage, stage.daniel, "Emily has choir", "tuesday 5pm")
    assert labels(stage.daniel.last())[-3] == "It is the reason"

    await press(stage, stage.daniel, "It is the reason")

    assert "Reason:\nEmily has choir\ntuesday 5pm" in text_of(stage.daniel.last())


async def test_lines_of_an_answer_are_joined(stage: Stage) -> None:
    await countering(stage)

    assert f"Reason:\n{WHY}" in await lines(stage, stage.mei, *LINES)


async def test_lines_of_leave_are_joined(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=7))

    shown = await lines(stage, stage.grace, "/leave", "2-4 dec", "my wedding", "and honeymoon")

    assert "Reason:\nmy wedding\nand honeymoon" in shown
    await press(stage, stage.grace, "Enter leave")
    with stage.database.reading() as rows:
        assert rows.exec(select(TutorLeave)).one().reason == "my wedding\nand honeymoon"


async def test_lines_of_a_coordinators_change_are_joined(stage: Stage) -> None:
    session = await tomorrow(stage)
    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Cancel")
    await press(stage, stage.priya, "The family")

    assert WHY in await lines(stage, stage.priya, *LINES)


# --------------------------------------------------------------------------- thanks and apologies


@pytest.mark.parametrize("courtesy", COURTESIES)
async def test_thanks_and_apologies_are_no_part_of_a_reason(stage: Stage, courtesy: str) -> None:
    await cancelling(stage)
    await write(stage, stage.daniel, LINES[0])
    asked = stage.daniel.last()["message_id"]

    assert await write(stage, stage.daniel, courtesy) == NOTHING_DONE

    assert labels(message_of(stage.daniel, asked)) == ["Cancel session", "Back", "Leave"]
    await press(stage, stage.daniel, "Cancel session", asked)
    with stage.database.reading() as rows:
        assert rows.exec(select(Cancellation)).one().text == LINES[0]


async def test_nor_are_they_the_reason(stage: Stage) -> None:
    await tomorrow(stage)
    await almost_asked(stage, stage.daniel, "fri 9pm", "Other")
    assert await write(stage, stage.daniel, "sorry") == NOTHING_DONE

    assert f"Reason:\n{LINES[0]}" in await write(stage, stage.daniel, LINES[0])


async def test_nor_a_part_of_a_dispute(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Other")
    await write(stage, stage.mei, LINES[0])

    assert await write(stage, stage.mei, "thank you") == NOTHING_DONE


async def test_nor_a_problem_but_they_can_be_the_answer_to_a_coordinator(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")
    await press(stage, stage.mei, "Report a problem")
    assert await write(stage, stage.mei, "sorry") == NOTHING_DONE
    await write(stage, stage.mei, REPORT)
    await press(stage, stage.priya_in_group, "Reply")
    await answer_in_group(stage, stage.priya_in_group, "We have asked the tutor.")
    await press(stage, stage.mei, "Answer")

    assert "thank you" in await write(stage, stage.mei, "thank you")


async def test_an_offer_of_lessons_is_not_declined_by_an_apology(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()
    await press(stage, stage.mei, "Decline")
    asked = stage.mei.last()["message_id"]

    assert await write(stage, stage.mei, "sorry") == NOTHING_DONE
    assert "Decline without a reason" in labels(message_of(stage.mei, asked))


# ------------------------------------------------------------------------ beside what is offered


async def test_words_beside_a_time_that_is_offered_again_are_no_reason(stage: Stage) -> None:
    await countering(stage)
    await write(stage, stage.mei, "because of football")
    question = stage.mei.last()["message_id"]
    await press(stage, stage.grace, "Withdraw")
    assert labels(message_of(stage.mei, question)) == ["Ask for it", "Leave"]

    assert "so now what" not in await write(stage, stage.mei, "so now what")

    offer = message_of(stage.mei, question)
    assert "Reason:\nbecause of football" in text_of(offer)
    assert labels(offer) == ["Ask for it", "Leave"]
    await press(stage, stage.mei, "Ask for it", question)
    await press(stage, stage.mei, "Send", question)
    assert [one.text for one in versions(stage)][1:] == ["because of football"]


async def test_nor_are_they_once_the_offer_was_the_answer(stage: Stage) -> None:
    await countering(stage)
    await press(stage, stage.grace, "Withdraw")
    await write(stage, stage.mei, "because of football")
    question = stage.mei.last()["message_id"]

    assert "so now what" not in await write(stage, stage.mei, "so now what")

    assert "Reason:\nbecause of football" in text_of(message_of(stage.mei, question))


async def test_a_time_beside_it_takes_its_place(stage: Stage) -> None:
    await countering(stage)
    await press(stage, stage.grace, "Withdraw")
    await write(stage, stage.mei, "because of football")

    offer = await write(stage, stage.mei, "sun 4pm")

    assert "New time: Sun 29 Nov 16:00-17:30\nReason:\nbecause of football" in offer
    assert labels(stage.mei.last()) == ["Ask for it", "Leave"]
