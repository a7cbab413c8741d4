"""Somebody answers while a parent still writes a dispute: nobody's words are lost (SPEC 5)."""

import pytest
from sqlmodel import select

from chat.callbacks import DisputeFor, encode
from models import Appointment, ProblemReport
from models.enums import DisputeReason, Status
from tests import files
from tests.end_to_end.scenes import (
    TEXT,
    WHY,
    all_text,
    card_of,
    just_over,
    live_buttons,
    press,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts

OFFER = "What you wrote is not lost"
TOO_SHORT = encode(DisputeFor(1, DisputeReason.SHORTER_THAN_BOOKED))
FIRST = "Daniel Lim acknowledged this at 15:00"


async def confirming(stage: Stage) -> Appointment:
    """Mei has written why she disputes; Daniel has acknowledged before she confirms."""
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    await press(stage, stage.daniel, "Acknowledge")
    return session


async def confirm_late(stage: Stage) -> str:
    """Mei taps *Dispute* on her question as it was before somebody else acted; the toast."""
    return await press(stage, stage.mei, "dc.1:1", stage.mei.last()["message_id"])


def reports(stage: Stage) -> list[ProblemReport]:
    with stage.database.reading() as session:
        return list(session.exec(select(ProblemReport)).all())


def require_sent(stage: Stage, session: Appointment, text: str | None) -> None:
    """The coordinators have it, as it stands; the session is as it was."""
    made = reports(stage)
    assert [(one.text, one.reason) for one in made] == [(text, DisputeReason.CONDUCT)]
    assert stage.status(session) is Status.APPROVED
    assert "Problem report" in text_of(stage.priya_in_group.last())
    assert text_of(stage.mei.last()).startswith("Thank you. The coordinators have it")


async def test_what_was_written_is_sent_as_it_stands_with_one_tap(stage: Stage) -> None:
    session = await confirming(stage)
    await confirm_late(stage)
    offer = text_of(stage.mei.last())
    assert FIRST in offer
    assert OFFER in offer
    assert "Reason: Conduct" in offer
    assert TEXT in offer

    assert await press(stage, stage.mei, "Send it") == "The coordinators have it."

    require_sent(stage, session, TEXT)
    assert FIRST in text_of(card_of(stage.mei, FIRST))
    shown, sent = card_of(stage.mei, FIRST), stage.mei.last()
    assert live_buttons(stage.mei) == [shown["message_id"], sent["message_id"]]
    assert labels(sent) == ["Add to it"]
    stage.priya.start("problem_1")
    await stage.settled()
    assert "Reason: Conduct" in text_of(stage.priya.last())
    assert TEXT in text_of(stage.priya.last())


async def test_a_photo_goes_with_it_and_the_author_reads_that_it_did(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    stage.mei.send_photo(files.jpeg_photo())
    await stage.settled()
    await press(stage, stage.daniel, "Acknowledge")
    await confirm_late(stage)

    await press(stage, stage.mei, "Send it")

    assert text_of(stage.mei.last()).endswith(f"Reason: Conduct\n{TEXT}\n📎 1 photo")


async def test_it_is_offered_as_soon_as_the_text_comes_and_more_is_added(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await press(stage, stage.daniel, "Acknowledge")

    assert OFFER in await write(stage, stage.mei, TEXT)
    added = await write(stage, stage.mei, "And he was rude.")
    assert f"{TEXT}\nAnd he was rude." in added
    stage.mei.send_sticker()
    await stage.settled()
    assert OFFER in text_of(stage.mei.last())
    assert len(live_buttons(stage.mei)) == 1
    await press(stage, stage.mei, "Send it")

    require_sent(stage, session, f"{TEXT}\nAnd he was rude.")


async def test_what_was_put_aside_is_offered_too(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    await write(stage, stage.mei, "/help")
    aside = card_of(stage.mei, "put the dispute aside")["message_id"]
    await press(stage, stage.daniel, "Acknowledge")
    await stage.restart()

    await press(stage, stage.mei, "Go on", aside)
    assert OFFER in text_of(card_of(stage.mei, TEXT))
    await stage.restart()
    await press(stage, stage.mei, "Send it")

    require_sent(stage, session, TEXT)


async def test_an_offer_that_is_put_aside_is_called_a_report(stage: Stage) -> None:
    session = await confirming(stage)
    await confirm_late(stage)

    await write(stage, stage.mei, "/help")

    assert "I have put the dispute aside" not in all_text(stage.mei)
    aside = card_of(stage.mei, "I have put your report aside; nothing is sent yet.")["message_id"]
    await press(stage, stage.mei, "Go on", aside)
    await press(stage, stage.mei, "Send it")
    require_sent(stage, session, TEXT)


async def test_on_the_card_that_asks_it_is_offered_at_once_in_the_place_of_the_question(
    stage: Stage,
) -> None:
    session = await just_over(stage)
    for label in ("Dispute", "Conduct"):
        await press(stage, stage.mei, label)
    card = stage.mei.last()["message_id"]

    await press(stage, stage.daniel, "Acknowledge")

    offer = stage.mei.last()
    assert offer["message_id"] == card
    assert FIRST in text_of(offer)
    assert OFFER in text_of(offer)
    assert "Reason: Conduct" in text_of(offer)
    assert labels(offer) == ["Send it", "Leave"]
    await press(stage, stage.mei, "Send it")
    require_sent(stage, session, None)


async def test_who_leaves_the_offer_on_the_card_has_the_card_again(stage: Stage) -> None:
    await just_over(stage)
    for label in ("Dispute", "Conduct"):
        await press(stage, stage.mei, label)
    await press(stage, stage.daniel, "Acknowledge")

    await press(stage, stage.mei, "Leave")

    assert reports(stage) == []
    assert OFFER not in text_of(stage.mei.last())
    assert labels(stage.mei.last())[0] == "Report a problem"


async def test_where_nothing_was_said_the_card_says_who_was_first(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")

    await press(stage, stage.daniel, "Acknowledge")

    assert FIRST in text_of(stage.mei.last())
    assert OFFER not in text_of(stage.mei.last())


async def test_words_before_a_reason_are_offered_as_soon_as_they_come(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.daniel, "Acknowledge")

    offer = await write(stage, stage.mei, TEXT)

    assert FIRST in offer
    assert OFFER in offer
    assert TEXT in offer


async def test_a_reason_alone_is_sent_too(stage: Stage) -> None:
    session = await just_over(stage)
    for label in ("Dispute", "Conduct"):
        await press(stage, stage.mei, label)
    await press(stage, stage.daniel, "Acknowledge")
    await press(stage, stage.mei, f"dc.1:{session.id}", stage.mei.last()["message_id"])

    await press(stage, stage.mei, "Send it")

    require_sent(stage, session, None)


async def test_a_coordinator_who_was_first_is_named(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "Awaiting (1)")
    await press(stage, stage.priya, "se.1:1")
    await press(stage, stage.priya, "Verify")
    await write(stage, stage.priya, WHY)

    toast = await confirm_late(stage)

    assert toast == "Priya Nair verified this at 15:00"
    assert "Priya Nair verified this at 15:00" in text_of(card_of(stage.mei, OFFER))


async def test_send_it_tapped_twice_is_one_report(stage: Stage) -> None:
    await confirming(stage)
    await confirm_late(stage)
    stage.mei.press("Send it")
    stage.mei.press("Send it")
    await stage.settled()

    assert len(reports(stage)) == 1
    assert sum("Thank you." in text for text in texts(stage.mei)) == 1


@pytest.mark.parametrize("leave", ["Leave", "/stop"])
async def test_who_leaves_the_offer_sends_nothing(stage: Stage, leave: str) -> None:
    session = await confirming(stage)
    await confirm_late(stage)
    offered = stage.mei.last()["message_id"]

    await (write if leave == "/stop" else press)(stage, stage.mei, leave)

    assert reports(stage) == []
    late = await press(stage, stage.mei, f"ri.1:{session.id}", offered)
    assert "out of date" in late
    assert reports(stage) == []


async def test_words_in_two_messages_are_both_in_the_dispute(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    assert labels(stage.mei.last()) == ["Dispute", "Back", "Leave"]

    shown = await write(stage, stage.mei, "And he was rude.")

    assert f"{TEXT}\nAnd he was rude." in shown
    await press(stage, stage.mei, "Dispute")
    assert stage.status(session) is Status.DISPUTED
    assert f"{TEXT}\nAnd he was rude." in text_of(card_of(stage.mei, "You disputed"))


async def test_who_chooses_a_reason_too_late_hears_at_once_who_was_first(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    stage.mei.send_sticker()  # the question comes below, and no card is there
    await stage.settled()
    await press(stage, stage.daniel, "Acknowledge")

    toast = await press(stage, stage.mei, TOO_SHORT, stage.mei.last()["message_id"])

    assert toast == "Daniel Lim acknowledged this at 15:00"
    assert "Daniel Lim acknowledged this at 15:00" in text_of(stage.mei.last())
    assert stage.status(session) is Status.APPROVED


async def test_what_was_written_before_a_reason_is_offered_too(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await write(stage, stage.mei, TEXT)
    await press(stage, stage.daniel, "Acknowledge")

    await press(stage, stage.mei, TOO_SHORT, stage.mei.last()["message_id"])

    assert TEXT in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Send it", "Leave"]
