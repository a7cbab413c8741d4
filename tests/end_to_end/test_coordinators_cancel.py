"""A coordinator cancels for a side, and waives a penalty, in the chat (SPEC 2, 3, 6; UX 5)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from chat.callbacks import ConfirmCoordinate, Coordinate, CoordinatorChange, ForSide, encode
from models import Appointment, Cancellation
from models.enums import Role, Status
from tests import files
from tests.end_to_end.scenes import all_text, card_of, live_buttons, look_at, marcus, press, write
from tests.end_to_end.stage import Stage, labels, text_of

WHY = "The tutor telephoned: <ill>."


async def soon(stage: Stage, hours: float = 3) -> Appointment:
    """Grace teaches Emily in so many hours, and Priya has the session's card before her."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=hours))
    await look_at(stage, stage.priya, session)
    return session


def kept(stage: Stage) -> Cancellation:
    with stage.database.reading() as rows:
        return rows.exec(select(Cancellation)).one()


async def cancel_for(stage: Stage, side: str) -> None:
    await press(stage, stage.priya, "Cancel")
    await press(stage, stage.priya, side)
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Cancel session")


@pytest.mark.parametrize(
    ("side", "status", "penalty"),
    [
        ("The tutor", Status.CANCELLED_BY_TUTOR, "One strike"),
        ("The family", Status.CANCELLED_BY_PARENT, "50 % of the fee"),
    ],
)
async def test_whose_why_and_at_what_price(
    stage: Stage, side: str, status: Status, penalty: str
) -> None:
    session = await soon(stage)
    assert labels(stage.priya.last()) == ["Cancel", "Move", "Other tutor"]

    await press(stage, stage.priya, "Cancel")
    assert labels(stage.priya.last()) == ["The tutor", "The family", "Leave"]
    await press(stage, stage.priya, side)
    assert labels(stage.priya.last()) == ["Back", "Leave"]
    panel = await write(stage, stage.priya, WHY)
    assert WHY in panel
    assert f"Penalty: {penalty}" in panel
    assert "You can waive it" in panel
    assert labels(stage.priya.last()) == ["Cancel session", "Back", "Leave"]
    assert stage.status(session) is Status.SCHEDULED
    toast = await press(stage, stage.priya, "Cancel session")

    assert toast.startswith("You cancelled this for the")
    assert toast.endswith("at 15:00")
    assert stage.status(session) is status
    row = kept(stage)
    assert (row.text, row.penalty) == (WHY, penalty)
    of_tutor = status is Status.CANCELLED_BY_TUTOR
    replaces = ["Replace"] if of_tutor else []
    assert labels(stage.priya.last()) == ["Waive penalty", *replaces]
    for phone in (stage.grace, stage.mei, stage.daniel):
        told = text_of(phone.last())
        assert "Priya Nair cancelled this for the" in told
        assert told.count(WHY) == 1
        is_offered_times = of_tutor and phone is not stage.grace
        assert labels(phone.last())[-1:] == (["Another time"] if is_offered_times else [])
    assert ("Penalty: " in text_of(stage.grace.last())) is of_tutor
    assert ("Penalty: " in text_of(stage.mei.last())) is not of_tutor
    assert all_text(stage.priya_in_group) == ""


@pytest.mark.parametrize(
    ("side", "status"),
    [
        ("tutor", Status.CANCELLED_BY_TUTOR),
        ("Grace", Status.CANCELLED_BY_TUTOR),
        ("family", Status.CANCELLED_BY_PARENT),
        ("Emily Lim", Status.CANCELLED_BY_PARENT),
    ],
)
async def test_whose_may_be_typed_and_what_else_is_typed_there_is_the_reason(
    stage: Stage, side: str, status: Status
) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Cancel")

    asked = await write(stage, stage.priya, "Grace is sick")
    assert asked.endswith("Kept as your reason:\nGrace is sick\nWho is cancelling?")
    panel = await write(stage, stage.priya, side)

    assert "Is that right? Both sides will be told. Your reason:\nGrace is sick" in panel
    assert labels(stage.priya.last()) == ["Cancel session", "Back", "Leave"]
    await press(stage, stage.priya, "Cancel session")
    assert stage.status(session) is status
    assert kept(stage).text == "Grace is sick"


async def test_a_missed_check_in_is_cancelled_without_penalty(stage: Stage) -> None:
    session = await soon(stage)
    await stage.forward(days=1)
    await look_at(stage, stage.priya, session)
    assert labels(stage.priya.last()) == ["Correct attendance", "Cancel", "Move", "Other tutor"]

    await press(stage, stage.priya, "Cancel")
    await press(stage, stage.priya, "The tutor")
    assert "names no penalty" in await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_TUTOR
    assert labels(stage.priya.last()) == ["Replace"]


async def test_leave_and_back_change_nothing(stage: Stage) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Cancel")
    await press(stage, stage.priya, "The tutor")
    await press(stage, stage.priya, "Back")
    assert "Who is cancelling?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "The family")
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Back")
    assert "Why?" in text_of(stage.priya.last())
    assert "for the family" in text_of(stage.priya.last())

    assert await press(stage, stage.priya, "Leave") == "Nothing was changed."

    card = stage.priya.last()
    assert labels(card) == ["Cancel", "Move", "Other tutor"]
    for change in (CoordinatorChange.CANCEL, CoordinatorChange.MOVE, CoordinatorChange.GIVE):
        stale = encode(ConfirmCoordinate(session.id, change))
        assert "out of date" in await press(stage, stage.priya, stale, card["message_id"])
    assert stage.status(session) is Status.SCHEDULED
    assert "not sure what to do" in await write(stage, stage.priya, WHY)


async def test_what_is_no_answer_is_asked_again(stage: Stage) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Cancel")
    stage.priya.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "Who is cancelling?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "The tutor")
    stage.priya.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "Why?" in text_of(stage.priya.last())
    assert "longer than 1000" in await write(stage, stage.priya, "x" * 1001)
    await write(stage, stage.priya, "First thought.")
    panel = await write(stage, stage.priya, "Second thought.")
    assert "First thought.\nSecond thought." in panel
    stage.priya.send_sticker()
    await stage.settled()
    assert "Is that right?" in text_of(stage.priya.last())
    assert live_buttons(stage.priya) == [stage.priya.last()["message_id"]]
    await press(stage, stage.priya, "Cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_TUTOR
    assert kept(stage).text == "First thought.\nSecond thought."


async def test_put_aside_it_goes_on_where_it_was_after_a_restart(stage: Stage) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Cancel")
    await press(stage, stage.priya, "The family")
    await write(stage, stage.priya, WHY)
    await write(stage, stage.priya, "/disputes")
    aside = card_of(stage.priya, "put that aside; nothing is changed yet")

    await stage.restart()
    await press(stage, stage.priya, "Go on", aside["message_id"])
    assert card_of(stage.priya, WHY)["message_id"] == aside["message_id"]
    await press(stage, stage.priya, "Cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_PARENT


async def test_every_button_tapped_twice(stage: Stage) -> None:
    session = await soon(stage)
    for label in ("Cancel", "The tutor", "Back", "The tutor"):
        stage.priya.press(label)
        stage.priya.press(label)
        await stage.settled()
    assert "Why?" in text_of(stage.priya.last())
    await write(stage, stage.priya, WHY)
    message_id = stage.priya.last()["message_id"]

    first = await press(stage, stage.priya, "Cancel session")
    again = await press(
        stage,
        stage.priya,
        encode(ConfirmCoordinate(session.id, CoordinatorChange.CANCEL)),
        message_id,
    )

    assert first == again == "You cancelled this for the tutor at 15:00"
    assert all_text(stage.mei).count("Priya Nair cancelled this") == 1


async def test_a_colleague_was_first(stage: Stage) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Cancel")
    await press(stage, stage.priya, "The tutor")
    await write(stage, stage.priya, WHY)
    question = stage.priya.last()["message_id"]
    other = marcus(stage)
    await look_at(stage, other, session)
    for label in ("Cancel", "The family"):
        await press(stage, other, label)
    await write(stage, other, "The mother telephoned.")
    await press(stage, other, "Cancel session")

    cancel = encode(ConfirmCoordinate(session.id, CoordinatorChange.CANCEL))
    late = await press(stage, stage.priya, cancel, question)

    assert late == "Marcus Lee cancelled this for the family at 15:00"
    assert stage.status(session) is Status.CANCELLED_BY_PARENT
    assert labels(stage.priya.last()) == ["Waive penalty"]
    assert "not sure what to do" in await write(stage, stage.priya, WHY)


async def test_a_penalty_that_came_up_meanwhile_is_read_again_first(stage: Stage) -> None:
    session = await soon(stage, hours=25)
    await press(stage, stage.priya, "Cancel")
    await press(stage, stage.priya, "The family")
    assert "Penalty: None" in await write(stage, stage.priya, WHY)
    await stage.forward(hours=2)

    toast = await press(stage, stage.priya, "Cancel session")

    assert toast == "The penalty has changed in the meantime: please read it again."
    assert "Penalty: 50 % of the fee" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Cancel session")
    assert kept(stage).penalty == "50 % of the fee"
    assert stage.status(session) is Status.CANCELLED_BY_PARENT


async def test_others_cannot(stage: Stage) -> None:
    session = await soon(stage)
    await look_at(stage, stage.mei, session)
    assert "Only coordinators" in text_of(stage.mei.last())

    for button in (
        *(Coordinate(session.id, change) for change in CoordinatorChange),
        *(ConfirmCoordinate(session.id, change) for change in CoordinatorChange),
    ):
        told = await press(stage, stage.mei, encode(button), stage.mei.last()["message_id"])
        assert "Only coordinators" in told
    assert stage.status(session) is Status.SCHEDULED


async def test_a_side_that_there_is_not_is_refused(stage: Stage) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Cancel")

    forged = encode(ForSide(session.id, Role.SYSTEM))
    assert "out of date" in await press(
        stage, stage.priya, forged, stage.priya.last()["message_id"]
    )
    assert stage.status(session) is Status.SCHEDULED


async def test_who_is_a_coordinator_and_its_tutor_tells_the_two_apart(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        work.add(grace)
        grace.is_coordinator = True
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await look_at(stage, stage.grace, session)

    assert labels(stage.grace.last()) == [
        "Change time",
        "Cancel",
        "Cancel for…",
        "Move",
        "Other tutor",
    ]
    await press(stage, stage.grace, "Cancel for…")
    await press(stage, stage.grace, "The family")
    await write(stage, stage.grace, WHY)
    await press(stage, stage.grace, "Cancel session")
    assert stage.status(session) is Status.CANCELLED_BY_PARENT
    assert "Penalty: None" in text_of(stage.grace.last())
    assert labels(stage.grace.last()) == ["Waive penalty"]


# ---------------------------------------------------------------------------------- the waiver


async def test_a_penalty_is_waived_and_its_side_reads_it(stage: Stage) -> None:
    session = await soon(stage)
    await cancel_for(stage, "The family")

    await press(stage, stage.priya, "Waive penalty")
    assert "Why are you waiving the penalty?" in text_of(stage.priya.last())
    done = await write(stage, stage.priya, "A hospital stay.")

    assert done == "✅ You waived the penalty at 15:00."
    row = kept(stage)
    assert (row.waiver_reason, row.waived_at) == ("A hospital stay.", stage.now)
    for phone in (stage.mei, stage.daniel):
        told = text_of(phone.last())
        assert told.startswith("Waived: there is no penalty for this cancellation.\n")
        assert "Priya Nair waived the penalty at 15:00\nReason:\nA hospital stay." in told
        assert all_text(phone).count("A hospital stay.") == 1
    assert "waived" not in all_text(stage.grace)
    card = card_of(stage.priya, "Penalty: ")
    assert "You waived the penalty at 15:00" in text_of(card)
    assert labels(card) == []
    await look_at(stage, stage.priya, session)
    assert labels(stage.priya.last()) == []


async def test_a_waiver_needs_a_reason_and_stop_leaves_it(stage: Stage) -> None:
    await soon(stage)
    await cancel_for(stage, "The tutor")
    await press(stage, stage.priya, "Waive penalty")
    stage.priya.send_sticker()
    await stage.settled()
    assert "Please say why" in text_of(stage.priya.last())

    assert "Stopped." in await write(stage, stage.priya, "/stop")

    assert kept(stage).waived_at is None


async def test_leave_below_the_question_leaves_the_penalty(stage: Stage) -> None:
    await soon(stage)
    await cancel_for(stage, "The tutor")
    await press(stage, stage.priya, "Waive penalty")
    assert "/stop" not in text_of(stage.priya.last())
    assert labels(stage.priya.last()) == ["Leave"]

    await press(stage, stage.priya, "Leave")

    assert text_of(stage.priya.last()) == "Nothing was changed."
    await write(stage, stage.priya, "He was in hospital.")
    assert kept(stage).waived_at is None


async def test_a_colleague_has_waived_it_already(stage: Stage) -> None:
    session = await soon(stage)
    await cancel_for(stage, "The tutor")
    card = stage.priya.last()["message_id"]
    await press(stage, stage.priya, "Waive penalty")
    other = marcus(stage)
    await look_at(stage, other, session)
    await press(stage, other, "Waive penalty")
    await write(stage, other, "He was in hospital.")

    first = "Marcus Lee waived the penalty at 15:00"
    assert await write(stage, stage.priya, WHY) == f"{first}\n{WHY}"
    assert await press(stage, stage.priya, f"kw.1:{session.id}", card) == first
    assert kept(stage).waiver_reason == "He was in hospital."
