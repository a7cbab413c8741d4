"""A session is cancelled in the chat: reason, penalty, confirmation (SPEC 6; UX 5)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from chat.callbacks import ConfirmCancel, encode
from models import Appointment, Cancellation
from models.enums import Kind, Status
from sandbox.phone import Phone
from services.rules.money import Currency
from services.rules.penalties import PenaltySheet, read_penalty_sheet
from tests import files
from tests.end_to_end.scenes import all_text, card_of, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_rescheduling import ask


async def tomorrow(stage: Stage, hours: float = 30) -> Appointment:
    """Grace teaches Emily at 21:00 tomorrow, or so many hours from 15:00."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=timedelta(hours=hours))


async def open_card(stage: Stage, phone: Phone) -> None:
    """Its card, from the list."""
    await write(stage, phone, "/upcoming")
    await press(stage, phone, labels(phone.last())[0])


async def test_a_parent_reads_the_penalty_before_confirming(stage: Stage) -> None:
    session = await tomorrow(stage, hours=23)
    await open_card(stage, stage.mei)

    await press(stage, stage.mei, "Cancel")
    assert labels(stage.mei.last()) == [
        "Child unwell",
        "School event",
        "Family matter",
        "Schedule conflict",
        "Other",
        "Leave",
    ]
    await press(stage, stage.mei, "Child unwell")
    panel = text_of(stage.mei.last())
    assert "Reason: Child unwell" in panel
    assert "Penalty: 50 % of the fee\nHalf the fee is charged." in panel
    assert "A coordinator can waive a penalty." in panel
    assert labels(stage.mei.last()) == ["Cancel session", "Back", "Leave"]
    assert stage.status(session) is Status.SCHEDULED
    toast = await press(stage, stage.mei, "Cancel session")

    assert toast == "You cancelled this at 15:00"
    assert stage.status(session) is Status.CANCELLED_BY_PARENT
    assert labels(stage.mei.last()) == []
    assert "Penalty: 50 % of the fee" in text_of(stage.mei.last())
    with stage.database.reading() as rows:
        kept = rows.exec(select(Cancellation)).one()
    assert (kept.penalty, kept.guidance) == ("50 % of the fee", "Half the fee is charged.")


async def test_a_newer_card_leaves_the_open_question_where_it_is(stage: Stage) -> None:
    session = await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Child unwell")
    asked = stage.mei.last()["message_id"]
    await ask(stage, stage.grace, "fri 9pm")
    assert "Grace Tan asked to move this to:" in text_of(stage.mei.last())

    panel = message_of(stage.mei, asked)
    assert "Reason: Child unwell" in text_of(panel)
    assert labels(panel) == ["Cancel session", "Back", "Leave"]
    await press(stage, stage.mei, "Cancel session", asked)  # reads that the request will end
    await press(stage, stage.mei, "Cancel session", asked)

    assert stage.status(session) is Status.CANCELLED_BY_PARENT
    assert text_of(message_of(stage.mei, asked)).startswith("Cancelled: the tutor will not come.")
    assert text_of(stage.mei.last()) == "⬆️ Emily Lim, Thu 26 Nov 21:00-22:30: see above."


async def test_the_tutor_and_the_group_hear_of_a_parents_cancellation(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.daniel)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "School event")
    await press(stage, stage.mei, "Cancel session")

    told = text_of(stage.grace.last())
    assert told.split("\n")[0] == "Cancelled by the family: you need not go."
    assert "Mei Lim cancelled this at 15:00\nReason: School event" in told
    assert "Penalty" not in told
    other = text_of(stage.daniel.last())
    assert other.split("\n")[0] == "Cancelled: the tutor will not come."
    assert "Mei Lim cancelled this" in other
    assert labels(stage.daniel.last()) == []
    group = text_of(stage.priya_in_group.last())
    assert "Cancelled by the family\nEmily · Mathematics" in group
    assert "Lim" not in group


async def test_the_group_reads_that_a_trial_session_is_cancelled(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=30), kind=Kind.TRIAL)
    await open_card(stage, stage.mei)

    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Child unwell")
    await press(stage, stage.mei, "Cancel session")

    assert "Emily · Mathematics · Trial\n" in text_of(stage.priya_in_group.last())


async def test_a_tutor_writes_why_where_it_is_something_else(stage: Stage) -> None:
    session = await tomorrow(stage)
    await open_card(stage, stage.grace)

    await press(stage, stage.grace, "Cancel")
    assert labels(stage.grace.last())[:4] == [
        "Unwell",
        "Emergency",
        "Schedule conflict",
        "Student unavailable",
    ]
    await press(stage, stage.grace, "Other")
    assert labels(stage.grace.last()) == ["Back", "Leave"]
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "Please write in a few words" in text_of(stage.grace.last())
    echoed = await write(stage, stage.grace, "My train is <cancelled>.")
    assert "My train is <cancelled>." in echoed
    assert "names no penalty for this notice.\nA coordinator can waive a penalty." in echoed
    await press(stage, stage.grace, "Cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_TUTOR
    assert text_of(stage.grace.last()).startswith("Cancelled: the family has been told.\n")
    for phone in (stage.mei, stage.priya_in_group):
        assert "My train is <cancelled>." in text_of(phone.last())
    assert "Reason: Other" not in text_of(stage.priya_in_group.last())


async def test_cancelling_says_that_an_open_request_ends_with_it(stage: Stage) -> None:
    session = await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "fri 9pm")
    await press(stage, stage.mei, "School event")
    await press(stage, stage.mei, "Send")
    await press(stage, stage.grace, "Cancel session")
    await press(stage, stage.grace, "Unwell")

    ends = "The open request to move it to Fri 27 Nov 21:00-22:30 will end, too."
    assert ends in text_of(stage.grace.last())
    await press(stage, stage.grace, "Cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_TUTOR
    for parent in (stage.mei, stage.daniel):
        card = text_of(parent.last())
        assert card.startswith("Cancelled by the tutor: you can ask for another time.\n")


@pytest.mark.parametrize("step", ["reason", "confirmation"])
async def test_leave_and_back_change_nothing(stage: Stage, step: str) -> None:
    session = await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    if step == "confirmation":
        await press(stage, stage.mei, "Child unwell")
        await press(stage, stage.mei, "Back")
        await press(stage, stage.mei, "Family matter")

    assert await press(stage, stage.mei, "Leave") == "Nothing was cancelled."

    assert stage.status(session) is Status.SCHEDULED
    assert labels(stage.mei.last()) == ["Change time", "Cancel"]


async def test_the_four_hours_are_checked_again_on_confirmation(stage: Stage) -> None:
    session = await tomorrow(stage, hours=10)
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Child unwell")
    asked = stage.mei.last()["message_id"]
    await stage.forward(hours=6)
    assert "Cancel session" not in labels(stage.mei.last())  # its card stands there again

    toast = await press(stage, stage.mei, encode(ConfirmCancel(session.id)), asked)

    assert "In the last four hours only a coordinator can change it" in toast
    assert stage.status(session) is Status.SCHEDULED


async def test_in_the_last_four_hours_the_card_offers_no_cancel(stage: Stage) -> None:
    await tomorrow(stage, hours=8)
    await write(stage, stage.mei, "/sessions")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    assert labels(stage.mei.last()) == ["Change time", "Cancel"]
    await stage.forward(hours=4)

    await write(stage, stage.mei, "/sessions")
    await press(stage, stage.mei, labels(stage.mei.last())[0])

    assert "Scheduled" in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Tell the coordinators"]


async def test_a_penalty_says_until_when_it_holds_where_another_follows(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Child unwell")
    panel = text_of(stage.mei.last())

    assert "Penalty: None" in panel
    assert "After Wed 25 Nov 21:00, the sheet names another penalty." in panel
    await stage.forward(hours=7)
    assert await press(stage, stage.mei, "Cancel session")
    panel = text_of(card_of(stage.mei, "Cancel this session?"))
    assert "Penalty: 50 % of the fee" in panel
    assert "the sheet names another" not in panel


async def test_a_penalty_that_grew_meanwhile_is_read_again_first(stage: Stage) -> None:
    session = await tomorrow(stage, hours=25)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Child unwell")
    assert "Penalty: None" in text_of(stage.mei.last())
    await stage.forward(hours=2)

    toast = await press(stage, stage.mei, "Cancel session")

    assert toast == "The penalty has changed in the meantime: please read it again."
    assert "Penalty: 50 % of the fee" in text_of(stage.mei.last())
    assert stage.status(session) is Status.SCHEDULED
    await press(stage, stage.mei, "Cancel session")
    assert stage.status(session) is Status.CANCELLED_BY_PARENT


async def test_where_nothing_is_charged_nothing_is_said_of_amounts_and_waivers(
    stage: Stage,
) -> None:
    await tomorrow(stage)
    columns = "role,notice_hours_min,notice_hours_max,penalty,guidance,amount"
    free = f"{columns}\nparent,0,,None,Free.,0\n"
    stage.running.app.penalties.sheet = read_penalty_sheet(free, Currency("SGD", 2))
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Child unwell")

    panel = text_of(stage.mei.last())
    assert panel.endswith("Reason: Child unwell\nPenalty: None\nFree.")


async def test_what_a_family_writes_is_not_told_to_the_group(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Other")
    await write(stage, stage.mei, "Emily Lim has a fever.")
    await press(stage, stage.mei, "Cancel session")

    assert "Emily Lim has a fever." in text_of(stage.grace.last())
    assert text_of(stage.priya_in_group.last()).endswith("Reason: Other")


async def test_without_a_sheet_it_says_that_there_is_no_penalty(stage: Stage) -> None:
    await tomorrow(stage)
    stage.running.app.penalties.sheet = PenaltySheet()
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Child unwell")
    assert "names no penalty" in text_of(stage.mei.last())


async def test_the_other_parent_was_first(stage: Stage) -> None:
    session = await tomorrow(stage)
    for phone in (stage.mei, stage.daniel):
        await open_card(stage, phone)
        await press(stage, phone, "Cancel")
        await press(stage, phone, "Family matter")
    await press(stage, stage.daniel, "Cancel session")

    stale = encode(ConfirmCancel(session.id))
    toast = await press(stage, stage.mei, stale, stage.mei.last()["message_id"])

    assert toast == "Daniel Lim cancelled this at 15:00"
    assert labels(stage.mei.last()) == []
    assert all_text(stage.priya_in_group).count("Cancelled by the family") == 1


async def test_put_aside_by_a_command_it_goes_on_where_it_was_after_a_restart(
    stage: Stage,
) -> None:
    session = await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Child unwell")
    await write(stage, stage.mei, "/pending")
    aside = card_of(stage.mei, "nothing is cancelled yet")

    await stage.restart()
    await press(stage, stage.mei, "Go on", aside["message_id"])
    assert card_of(stage.mei, "Reason: Child unwell")["message_id"] == aside["message_id"]
    await press(stage, stage.mei, "Cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_PARENT


async def test_tapped_twice_it_is_cancelled_once(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Child unwell")

    stage.mei.press("Cancel session")
    stage.mei.press("Cancel session")
    await stage.settled()

    assert all_text(stage.grace).count("Mei Lim cancelled this") == 1
