"""How many taps things take, and that they are not in vain (UX 1, 5 and 6)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from models import Appointment, RescheduleProposal
from models.enums import ProposalStatus, Role, Status
from sandbox.phone import Phone
from tests.end_to_end.scenes import (
    all_text,
    ask_to_move,
    card_of,
    just_over,
    press,
    under_way,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts

HOUR = timedelta(hours=1)


async def coming(stage: Stage) -> Appointment:
    """Grace teaches Emily at 16:00; she has been told that check-in is open."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=HOUR)
    await stage.forward(minutes=30)
    return session


async def ending(stage: Stage) -> Appointment:
    """Grace's session has half an hour to go; its card has stood there since check-in."""
    session = await coming(stage)
    await press(stage, stage.grace, "Check in")
    await stage.forward(minutes=90)
    return session


async def tomorrow(stage: Stage) -> Appointment:
    """Mei has opened the card of tomorrow's session."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=30 * HOUR)
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    return session


async def asked(stage: Stage) -> Appointment:
    """Grace has asked to move tomorrow's session; Mei has its card."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=30 * HOUR)
    ask_to_move(stage, session, Role.TUTOR)
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    return session


FIRST_SLOT = ""
"""The first button of a question: a time that is offered."""
TAPS: dict[str, tuple[Callable[[Stage], Awaitable[Appointment]], str, list[str]]] = {
    "check in": (coming, "grace", ["Check in"]),
    "check out": (ending, "grace", ["Check out"]),
    "acknowledge": (just_over, "mei", ["Acknowledge"]),
    "dispute": (just_over, "mei", ["Dispute", "Shorter than booked", "Dispute"]),
    "accept": (asked, "mei", ["Accept"]),
    "ask": (tomorrow, "mei", ["Change time", FIRST_SLOT, "School event", "Send"]),
    "counter": (asked, "mei", ["Suggest another", FIRST_SLOT, "Send"]),
    "cancel": (tomorrow, "mei", ["Cancel", "School event", "Cancel session"]),
}
"""From the card that is there: the taps, one after the other."""
BECOMES = {
    "check in": Status.CHECKED_IN,
    "check out": Status.AWAITING_APPROVAL_PARENT,
    "acknowledge": Status.APPROVED,
    "dispute": Status.DISPUTED,
    "cancel": Status.CANCELLED_BY_PARENT,
}
PROPOSED = {"accept": [ProposalStatus.APPROVED], "ask": [ProposalStatus.OPEN]}


@pytest.mark.parametrize("what", TAPS)
async def test_each_thing_takes_its_taps_and_no_more(stage: Stage, what: str) -> None:
    scene, who, taps = TAPS[what]
    session = await scene(stage)
    phone: Phone = getattr(stage, who)

    for label in taps:
        await press(stage, phone, label or labels(phone.last())[0])

    assert stage.status(session) is BECOMES.get(what, Status.SCHEDULED)
    with stage.database.reading() as rows:
        found = [one.status for one in rows.exec(select(RescheduleProposal)).all()]
    counter = [ProposalStatus.COUNTERED, ProposalStatus.OPEN] if what == "counter" else []
    assert sorted(found) == sorted(PROPOSED.get(what, counter))


async def test_notes_after_the_check_out_are_done_with_one_tap_more(stage: Stage) -> None:
    await ending(stage)
    await press(stage, stage.grace, "Check out")
    await write(stage, stage.grace, "Fractions went well.")

    assert await press(stage, stage.grace, "Done") == "Done. The parents are told."


async def test_check_out_is_on_the_card_as_soon_as_its_window_opens(stage: Stage) -> None:
    await coming(stage)
    await press(stage, stage.grace, "Check in")
    card = stage.grace.last()["message_id"]
    await stage.forward(minutes=90, seconds=-1)
    assert labels(stage.grace.last()) == ["Add notes"]

    await stage.forward(seconds=1)

    assert stage.grace.last()["message_id"] == card
    assert labels(stage.grace.last()) == ["Check out", "Add notes"]


async def test_in_the_last_four_hours_the_standing_card_offers_no_cancelling(stage: Stage) -> None:
    await tomorrow(stage)
    await stage.forward(hours=26, seconds=-1)
    assert labels(card_of(stage.mei, "Scheduled"))[-1] != "Tell the coordinators"
    card = card_of(stage.mei, "21:00")

    await stage.forward(seconds=1)

    stands = [one for one in stage.mei.messages() if labels(one) == ["Tell the coordinators"]]
    assert len(stands) == 1
    assert "21:00" in text_of(stands[0])
    assert card is not None


async def test_too_early_to_check_out_it_offers_to_remind(stage: Stage) -> None:
    await coming(stage)
    await press(stage, stage.grace, "Check in")

    told = await write(stage, stage.grace, "/checkout")
    assert told.startswith("Check-out opens in 90 minutes (17:00)\n\nEmily Lim · Mathematics\n")
    assert labels(stage.grace.last())[0] == "Remind me"
    assert await press(stage, stage.grace, "Remind me") == "I'll remind you at 17:00"
    await stage.forward(minutes=91)

    assert text_of(stage.grace.last()).startswith("⏰ Check-out is open.")
    assert labels(stage.grace.last()) == ["Check out", "Add notes"]


async def test_many_minutes_are_told_in_hours_too(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(minutes=30 + 1340))

    told = await write(stage, stage.grace, "/checkin")

    assert told.startswith("Check-in opens tomorrow at 13:20, in 22 h 20 min (1,340 minutes)\n")


async def test_a_mistyped_command_gets_the_likeliest_one_as_a_button(stage: Stage) -> None:
    await under_way(stage)

    await write(stage, stage.grace, "/sesions")
    assert labels(stage.grace.last()) == ["/sessions"]
    await press(stage, stage.grace, "/sessions")
    assert text_of(stage.grace.last()).startswith("Today's sessions")

    await write(stage, stage.grace, "/check-out")
    await press(stage, stage.grace, "/checkout")
    assert "Awaiting" in all_text(stage.mei)

    told = await write(stage, stage.mei, "upcomming")
    assert told == "Do you mean this? /help shows what else I can do."
    assert labels(stage.mei.last()) == ["/upcoming"]

    await write(stage, stage.grace, "/xyzzy")
    assert labels(stage.grace.last()) == []
    assert "/help" in texts(stage.grace)[-1]


async def test_thanks_get_a_short_answer_and_an_ok_that_it_answers_nothing(stage: Stage) -> None:
    session = await just_over(stage)

    for phone in (stage.mei, stage.grace):
        told = await write(stage, phone, "Thank you!")
        assert told == "You're welcome! /help shows what I can do."
        told = await write(stage, phone, "ok")
        assert told == "👍 To answer something, please tap its button."
        told = await write(stage, phone, "sorry")
        assert told == "No problem! /help shows what I can do."

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_thanks_in_a_dialogue_are_what_it_asks_for(stage: Stage) -> None:
    await under_way(stage)
    await write(stage, stage.grace, "/notes")

    told = await write(stage, stage.grace, "ok")

    assert "welcome" not in told
    assert "1 text" in all_text(stage.grace)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("hi can i change the time please", "/change"),
        ("Need to cancel!", "/change"),
        ("how many prepaid lessons are left?", "/package"),
        ("how are you", None),
    ],
)
async def test_free_text_gets_the_command_that_it_speaks_of_as_a_button(
    stage: Stage, said: str, meant: str | None
) -> None:
    await tomorrow(stage)

    told = await write(stage, stage.mei, said)

    assert told == "I am not sure what to do with that. /help shows what I can do."
    assert labels(stage.mei.last()) == ([meant] if meant else [])
