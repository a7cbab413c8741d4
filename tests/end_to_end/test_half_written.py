"""What somebody is asked in a dialogue is true while it stands: others act first (UX 17, 19)."""

from chat.callbacks import ConfirmMove, encode
from models import Appointment
from sandbox.phone import Phone
from tests.end_to_end.scenes import TEXT, card_of, just_over, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_rescheduling import ask, open_card, tomorrow, versions
from tests.services.proofs import as_it_stands

WORDS = "We are at grandma's."


def buttons_of(phone: Phone) -> list[str]:
    """Every button of ours that stands in a chat."""
    return [one for message in phone.messages() for one in labels(message)]


async def countering(stage: Stage) -> Appointment:
    """Grace has asked to move; Mei has written another time, and not sent it."""
    session = await tomorrow(stage)
    await ask(stage, stage.grace, "fri 9pm")
    await press(stage, stage.mei, "Suggest another")
    await write(stage, stage.mei, "sat 10am")
    assert labels(stage.mei.last()) == ["Send", "Back", "Leave"]
    return session


async def test_a_counter_before_send_says_that_another_parent_has_accepted(stage: Stage) -> None:
    await countering(stage)
    question = stage.mei.last()["message_id"]

    await press(stage, stage.daniel, "Accept")

    asked = message_of(stage.mei, question)
    assert "Daniel Lim accepted the new time at 15:00" in text_of(asked)
    assert "the session will not take place" not in text_of(asked)
    assert "Send" not in buttons_of(stage.mei)


async def test_a_counter_before_send_says_that_the_request_was_withdrawn(stage: Stage) -> None:
    await countering(stage)
    question = stage.mei.last()["message_id"]

    await press(stage, stage.grace, "Withdraw")

    asked = message_of(stage.mei, question)
    assert "Grace Tan withdrew the request at 15:00" in text_of(asked)
    assert "Send" not in buttons_of(stage.mei)


async def test_a_cancellation_before_its_confirmation_says_who_cancelled(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.grace)
    await press(stage, stage.grace, "Cancel")
    await press(stage, stage.grace, "Other")
    await write(stage, stage.grace, WORDS)
    question = stage.grace.last()["message_id"]

    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "School event")
    await press(stage, stage.mei, "Cancel session")

    asked = message_of(stage.grace, question)
    assert "Mei Lim cancelled this at 15:00" in text_of(asked)
    assert "Cancel session" not in buttons_of(stage.grace)


async def test_a_dispute_before_its_confirmation_says_who_acknowledged(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    question = stage.mei.last()["message_id"]

    await press(stage, stage.daniel, "Acknowledge")

    asked = message_of(stage.mei, question)
    assert "Daniel Lim acknowledged this at 15:00" in text_of(asked)
    assert TEXT in text_of(asked)
    assert labels(asked) == ["Send it", "Leave"]


# ----------------------------------------------------------- the time that came too late is offered


async def test_the_time_that_came_too_late_becomes_a_new_request(stage: Stage) -> None:
    session = await countering(stage)
    question = stage.mei.last()["message_id"]
    await press(stage, stage.daniel, "Accept")
    offer = message_of(stage.mei, question)
    assert "Daniel Lim accepted the new time at 15:00" in text_of(offer)
    assert "New time: Sat 28 Nov 10:00-11:30" in text_of(offer)
    assert labels(offer) == ["Ask for it", "Leave"]

    await press(stage, stage.mei, "Ask for it")
    assert "Why do you want to move it?" in text_of(message_of(stage.mei, question))
    await press(stage, stage.mei, "Family matter")
    await press(stage, stage.mei, "Send")

    assert as_it_stands(stage.database, session.id).starts_at.day == 27
    asked = text_of(stage.grace.last())
    assert "Mei Lim asked to move this to:\nSat 28 Nov 10:00-11:30" in asked


async def test_send_that_crosses_the_answer_of_another_offers_the_time(stage: Stage) -> None:
    session = await countering(stage)
    question = stage.mei.last()["message_id"]
    await press(stage, stage.grace, "Withdraw")

    toast = await press(stage, stage.mei, encode(ConfirmMove(session.id)), question)

    assert toast == "Grace Tan withdrew the request at 15:00"
    assert labels(message_of(stage.mei, question)) == ["Ask for it", "Leave"]
    assert [one.new_starts_at.day for one in versions(stage)] == [27]
    await press(stage, stage.mei, "Ask for it")
    await press(stage, stage.mei, "Ask for it", question)
    assert len([one for one in buttons_of(stage.mei) if one == "Ask for it"]) == 0


async def test_a_time_that_is_typed_too_late_is_offered_too(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.grace, "fri 9pm")
    await press(stage, stage.mei, "Suggest another")
    await press(stage, stage.daniel, "Accept")

    told = await write(stage, stage.mei, "sat 10am")

    assert "Daniel Lim accepted the new time at 15:00" in told
    assert "New time: Sat 28 Nov 10:00-11:30" in told
    assert labels(stage.mei.last()) == ["Ask for it", "Leave"]


async def test_who_leaves_the_offer_of_a_time_has_the_card(stage: Stage) -> None:
    await countering(stage)
    question = stage.mei.last()["message_id"]
    await press(stage, stage.daniel, "Accept")

    await press(stage, stage.mei, "Leave", question)

    assert "Ask for it" not in buttons_of(stage.mei)
    assert len(versions(stage)) == 1


async def test_a_counter_that_was_put_aside_offers_its_time_when_it_is_taken_up(
    stage: Stage,
) -> None:
    await countering(stage)
    await write(stage, stage.mei, "/pending")
    aside = card_of(stage.mei, "I have put the change of time aside")["message_id"]
    await press(stage, stage.daniel, "Accept")
    await stage.restart()

    await press(stage, stage.mei, "Go on", aside)

    assert "New time: Sat 28 Nov 10:00-11:30" in text_of(message_of(stage.mei, aside))
    assert labels(message_of(stage.mei, aside)) == ["Ask for it", "Leave"]


async def test_in_the_last_four_hours_the_time_is_said_and_not_offered(stage: Stage) -> None:
    await countering(stage)
    question = stage.mei.last()["message_id"]
    await stage.forward(hours=27)

    await press(stage, stage.daniel, "Decline")

    left = message_of(stage.mei, question)
    assert "Daniel Lim declined" in text_of(left)
    assert "New time: Sat 28 Nov 10:00-11:30" in text_of(left)
    assert labels(left) == []


async def test_a_request_crossed_by_the_other_sides_becomes_an_answer(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "sat 10am")
    await press(stage, stage.mei, "Family matter")
    question = stage.mei.last()["message_id"]

    await ask(stage, stage.grace, "fri 9pm")

    assert "Grace Tan has asked to move this" in text_of(message_of(stage.mei, question))
    await press(stage, stage.mei, "Ask for it", question)
    await press(stage, stage.mei, "Send")
    assert "Mei Lim suggested another time:\nSat 28 Nov 10:00-11:30" in text_of(stage.grace.last())


async def test_a_card_whose_question_is_over_keeps_its_buttons_when_something_else_is_opened(
    stage: Stage,
) -> None:
    await just_over(stage)
    await press(stage, stage.daniel, "Dispute")
    card = stage.daniel.last()["message_id"]
    assert "What is wrong with this session?" in text_of(message_of(stage.daniel, card))
    await press(stage, stage.mei, "Acknowledge")
    shown = message_of(stage.daniel, card)
    assert "Mei Lim acknowledged this at 15:00" in text_of(shown)
    assert labels(shown) == ["Report a problem"]

    await write(stage, stage.daniel, "/upcoming")

    assert labels(message_of(stage.daniel, card)) == ["Report a problem"]
    await press(stage, stage.daniel, "Report a problem", card)
    assert "What is the problem?" in text_of(stage.daniel.last())
