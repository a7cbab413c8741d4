"""What ends a request to move a session says so, before and after (SPEC 6; UX 17, 18)."""

from datetime import timedelta

import pytest

from chat.callbacks import ConfirmCancel, Coordinate, CoordinatorChange, encode
from models import Appointment
from models.enums import Status
from sandbox.phone import Phone
from tests.end_to_end.scenes import almost_asked, card_of, look_at, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_coordinators_move import nurul

WHY = "Both have agreed by telephone."
ENDS = "The open request to move it to Fri 27 Nov 21:00-22:30 will end, too."
READ_AGAIN = "There is a new request to move it: please read this again."


async def tomorrow(stage: Stage) -> Appointment:
    """Grace teaches Emily on Thursday at 21:00; Priya has the card."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await look_at(stage, stage.priya, session)
    return session


async def asked_by(stage: Stage, phone: Phone) -> int:
    """The parent asks for Friday at 21:00; the message that asks Grace."""
    await almost_asked(stage, phone, "fri 9pm", "School event")
    await press(stage, phone, "Send")
    return int(stage.grace.last()["message_id"])


@pytest.mark.parametrize(
    ("change", "choice", "confirmed"),
    [
        (CoordinatorChange.MOVE, "Sat 28 Nov 21:00", "Move session"),
        (CoordinatorChange.GIVE, "Nurul Huda", "Hand over"),
        (CoordinatorChange.CANCEL, "The family", "Cancel session"),
    ],
)
async def test_a_coordinator_reads_of_a_request_that_came_meanwhile_before_it_ends(
    stage: Stage, change: CoordinatorChange, choice: str, confirmed: str
) -> None:
    session, _ = await tomorrow(stage), await nurul(stage)
    card = stage.priya.last()["message_id"]
    await press(stage, stage.priya, encode(Coordinate(session.id, change)), card)
    await press(stage, stage.priya, choice)
    await write(stage, stage.priya, WHY)
    question = stage.priya.last()["message_id"]
    asked = await asked_by(stage, stage.mei)

    toast = await press(stage, stage.priya, confirmed, question)

    assert toast == READ_AGAIN
    assert ENDS in text_of(message_of(stage.priya, question))
    assert "Accept" in labels(message_of(stage.grace, asked))
    assert await press(stage, stage.priya, confirmed, question) != READ_AGAIN
    assert "Accept" not in labels(message_of(stage.grace, asked))


async def test_who_cancels_reads_of_a_request_that_came_meanwhile_before_it_ends(
    stage: Stage,
) -> None:
    session = await tomorrow(stage)
    await write(stage, stage.grace, "/upcoming")
    await press(stage, stage.grace, labels(stage.grace.last())[0])
    await press(stage, stage.grace, "Cancel")
    await press(stage, stage.grace, "Unwell")
    question = stage.grace.last()["message_id"]
    await asked_by(stage, stage.mei)
    cancel = encode(ConfirmCancel(session.id))

    toast = await press(stage, stage.grace, cancel, question)

    assert toast == READ_AGAIN
    again = card_of(stage.grace, "Cancel this session?")
    assert ENDS in text_of(again)
    assert stage.status(session) is Status.SCHEDULED
    await press(stage, stage.grace, cancel, again["message_id"])
    assert stage.status(session) is Status.CANCELLED_BY_TUTOR


async def test_a_request_that_was_withdrawn_meanwhile_holds_nothing_up(stage: Stage) -> None:
    await tomorrow(stage)
    await asked_by(stage, stage.mei)
    await press(stage, stage.priya, "Move")
    await write(stage, stage.priya, "sat 10am")
    assert ENDS in await write(stage, stage.priya, WHY)
    await press(stage, stage.mei, "Withdraw")

    assert await press(stage, stage.priya, "Move session") == "You moved this at 15:00"


@pytest.mark.parametrize(
    ("change", "choice", "confirmed", "done"),
    [
        ("Move", "Sat 28 Nov 21:00", "Move session", "moved this"),
        ("Other tutor", "Nurul Huda", "Hand over", "gave this to another tutor"),
    ],
)
async def test_all_read_that_a_request_has_ended_with_what_a_coordinator_did(
    stage: Stage, change: str, choice: str, confirmed: str, done: str
) -> None:
    await tomorrow(stage)
    await nurul(stage)
    await asked_by(stage, stage.mei)
    await press(stage, stage.priya, change)
    await press(stage, stage.priya, choice)
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, confirmed)

    over = f"asked for Fri 27 Nov 21:00-22:30\nThat request is over.\nPriya Nair {done} at 15:00"
    assert f"You {over}" in text_of(stage.mei.last())
    assert f"Mei Lim {over}" in text_of(stage.daniel.last())


async def test_a_request_that_ended_before_is_not_said_of_a_later_move(stage: Stage) -> None:
    await tomorrow(stage)
    await asked_by(stage, stage.mei)
    for when in ("sat 10am", "sun 10am"):
        await press(stage, stage.priya, "Move")
        await write(stage, stage.priya, when)
        await write(stage, stage.priya, WHY)
        await press(stage, stage.priya, "Move session")
        await stage.forward(minutes=1)

    assert "Priya Nair moved this at 15:01" in text_of(stage.mei.last())
    assert "That request is over." not in text_of(stage.mei.last())
