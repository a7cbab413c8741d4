"""A parent disputes: nothing counts before the confirmation (SPEC 5; UX 5)."""

from datetime import timedelta

import pytest

from models import Appointment, Person, Student
from models.enums import Status
from tests import files
from tests.end_to_end.scenes import (
    TEXT,
    all_text,
    card_of,
    disputed,
    just_over,
    live_buttons,
    message_of,
    press,
    under_way,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts

REASONS = [
    "Did not happen",
    "Shorter than booked",
    "Wrong time",
    "Notes don't match",
    "Conduct",
    "Other",
]
AWAITING = Status.AWAITING_APPROVAL_PARENT


async def another_that_is_over(stage: Stage, first: Appointment) -> Appointment:
    """Grace has checked out of a second session with Emily: the parents have its card, too."""
    with stage.database.reading() as session:
        grace = session.get(Person, first.tutor_id)
        emily = session.get(Student, first.student_id)
    assert grace is not None
    assert emily is not None
    second = await stage.session(
        grace, emily, starts_in=-timedelta(minutes=85), status=Status.CHECKED_IN
    )
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")
    return second


async def test_a_dispute_asks_for_a_reason_a_text_and_a_confirmation(stage: Stage) -> None:
    session = await just_over(stage)

    await press(stage, stage.mei, "Dispute")
    without_notes = [one for one in REASONS if one != "Notes don't match"]
    assert labels(stage.mei.last()) == [*without_notes, "Leave"]
    assert "Emily Lim · Mathematics" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Shorter than booked")
    assert labels(stage.mei.last()) == ["Dispute", "Back", "Leave"]
    assert "You can first write what happened" in text_of(stage.mei.last())
    echoed = await write(stage, stage.mei, TEXT)
    assert "Reason: Shorter than booked" in echoed
    assert TEXT in echoed
    assert labels(stage.mei.last()) == ["Dispute", "Back", "Leave"]
    assert stage.status(session) is AWAITING
    toast = await press(stage, stage.mei, "Dispute")

    assert toast == "You disputed this at 15:00"
    assert stage.status(session) is Status.DISPUTED
    assert "You disputed this at 15:00" in text_of(stage.mei.last())
    assert live_buttons(stage.mei) == [stage.mei.last()["message_id"]]
    assert labels(stage.mei.last()) == ["Report a problem"]


async def test_that_notes_do_not_match_is_a_reason_where_there_are_notes(stage: Stage) -> None:
    await under_way(stage)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "Fractions.")
    await press(stage, stage.grace, "Done")

    await press(stage, stage.mei, "Dispute")
    assert labels(stage.mei.last()) == [*REASONS, "Leave"]


async def test_the_other_parent_the_tutor_and_the_group_hear_of_it(stage: Stage) -> None:
    await disputed(stage)

    assert "Mei Lim disputed this at 15:00" in text_of(stage.daniel.last())
    assert "Acknowledge" not in stage.daniel.buttons()
    told = text_of(stage.grace.last())
    assert "Mei Lim disputed this at 15:00" in told
    assert "Reason: Shorter than booked" in told
    assert TEXT not in all_text(stage.grace)
    assert "Dispute 1" in text_of(stage.priya_in_group.last())


async def test_other_needs_a_text(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Other")
    question = stage.mei.last()

    assert labels(question) == ["Back", "Leave"]
    await press(stage, stage.mei, "dn.1:1", question["message_id"])
    forged = await press(stage, stage.mei, "dc.1:1", question["message_id"])

    assert "Please say why" in forged
    assert stage.status(session) is AWAITING


async def test_without_a_text_it_is_confirmed_at_once(stage: Stage) -> None:
    session = await just_over(stage)
    for label in ("Dispute", "Wrong time", "Dispute"):
        await press(stage, stage.mei, label)

    assert stage.status(session) is Status.DISPUTED
    assert len(texts(stage.mei)) == 1


async def test_back_goes_one_step_and_forgets_nothing_that_still_fits(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await press(stage, stage.mei, "Back")
    assert "What is wrong" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Wrong time")
    await write(stage, stage.mei, TEXT)
    await press(stage, stage.mei, "Back")

    assert text_of(stage.mei.last()).endswith("What is wrong with this session?")
    assert len(live_buttons(stage.mei)) == 1


@pytest.mark.parametrize("steps", [[], ["Conduct"], ["Other"]])
async def test_leave_at_each_step_disputes_nothing(stage: Stage, steps: list[str]) -> None:
    session = await just_over(stage)
    for label in ("Dispute", *steps):
        await press(stage, stage.mei, label)

    toast = await press(stage, stage.mei, "Leave")

    assert toast == "Nothing was disputed."
    assert stage.status(session) is AWAITING
    assert labels(stage.mei.last()) == ["Acknowledge", "Dispute", "Report a problem"]
    assert len(texts(stage.mei)) == 1


async def test_a_sticker_or_a_photo_where_text_is_asked_gets_the_question_again(
    stage: Stage,
) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    stage.mei.send_sticker()
    await stage.settled()
    assert "What is wrong" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Other")
    for send in (stage.mei.send_sticker, stage.mei.send_location, stage.mei.send_video):
        send()
        await stage.settled()

        assert "Please write in a few words" in text_of(stage.mei.last())
        assert live_buttons(stage.mei) == [stage.mei.last()["message_id"]]

    await write(stage, stage.mei, TEXT)
    assert labels(stage.mei.last()) == ["Dispute", "Back", "Leave"]


async def test_a_text_that_is_too_long_is_refused_and_asked_for_again(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")

    answer = await write(stage, stage.mei, "x" * 1001)

    assert "longer than 1000 characters" in answer
    await write(stage, stage.mei, "x" * 1000)
    await press(stage, stage.mei, "Dispute")
    assert stage.status(session) is Status.DISPUTED


async def test_a_restart_in_mid_dialogue_loses_nothing(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await stage.restart()
    await write(stage, stage.mei, TEXT)
    await stage.restart()

    await press(stage, stage.mei, "Dispute")

    assert stage.status(session) is Status.DISPUTED
    assert TEXT in text_of(card_of(stage.mei, "You disputed"))


async def test_another_command_parks_the_dispute_and_dispute_goes_on_with_it(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)

    await write(stage, stage.mei, "/pending")
    assert "put the dispute aside; nothing is disputed yet" in all_text(stage.mei)
    assert labels(stage.mei.last()) == ["Acknowledge", "Dispute", "Report a problem"]
    await press(stage, stage.mei, "Dispute", stage.mei.last()["message_id"])

    assert TEXT in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Dispute", "Back", "Leave"]
    await press(stage, stage.mei, "Dispute")
    assert stage.status(session) is Status.DISPUTED
    assert live_buttons(stage.mei) == [stage.mei.last()["message_id"]]


async def test_put_aside_one_tap_goes_on_and_the_card_is_there_again(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    asked = stage.mei.last()["message_id"]

    await write(stage, stage.mei, "/help")
    card = message_of(stage.mei, asked)
    assert "Awaiting Your Acknowledgement" in text_of(card)
    assert labels(card) == ["Acknowledge", "Dispute", "Report a problem"]
    await stage.restart()
    await press(
        stage, stage.mei, "Go on", card_of(stage.mei, "put the dispute aside")["message_id"]
    )
    await write(stage, stage.mei, TEXT)
    await press(stage, stage.mei, "Dispute")

    assert stage.status(session) is Status.DISPUTED
    assert live_buttons(stage.mei) == [stage.mei.last()["message_id"]]


async def test_put_aside_the_card_goes_on_with_it_too_and_the_word_of_it_goes(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    card = stage.mei.last()["message_id"]
    await write(stage, stage.mei, TEXT)
    await write(stage, stage.mei, "/help")

    await press(stage, stage.mei, "Dispute", card)

    assert TEXT in text_of(message_of(stage.mei, card))
    assert "put the dispute aside" not in all_text(stage.mei)
    for label in ("Conduct", "Dispute"):
        await press(stage, stage.mei, label, card)
    assert stage.status(session) is Status.DISPUTED


async def test_put_aside_the_session_can_be_acknowledged_after_all(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    card = stage.mei.last()["message_id"]
    await write(stage, stage.mei, "/help")

    await press(stage, stage.mei, "Acknowledge", card)

    assert stage.status(session) is Status.APPROVED


async def test_a_dispute_of_another_session_keeps_what_was_said_of_the_first(stage: Stage) -> None:
    first = await just_over(stage)
    second = await another_that_is_over(stage, first)
    await press(stage, stage.mei, f"di.1:{first.id}")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    asked = stage.mei.last()["message_id"]

    await write(stage, stage.mei, "/pending")
    await press(stage, stage.mei, f"di.1:{second.id}")
    await press(stage, stage.mei, "Wrong time")
    aside = card_of(stage.mei, "put the dispute aside")
    assert asked not in live_buttons(stage.mei)
    await stage.restart()
    await press(stage, stage.mei, "Go on", aside["message_id"])

    assert card_of(stage.mei, TEXT)["message_id"] == aside["message_id"]
    await press(stage, stage.mei, f"dc.1:{first.id}")
    assert stage.status(first) is Status.DISPUTED
    assert stage.status(second) is Status.AWAITING_APPROVAL_PARENT
    await press(stage, stage.mei, "Go on")
    await press(stage, stage.mei, f"dc.1:{second.id}")
    assert stage.status(second) is Status.DISPUTED


async def test_begun_for_another_session_it_says_that_the_first_is_laid_aside(
    stage: Stage,
) -> None:
    first = await just_over(stage)
    second = await another_that_is_over(stage, first)
    await press(stage, stage.mei, f"di.1:{first.id}")
    await press(stage, stage.mei, "Conduct")
    asked = stage.mei.last()["message_id"]

    await press(stage, stage.mei, f"di.1:{second.id}", asked)

    assert "put the dispute aside" in all_text(stage.mei)
    assert "What is wrong" in text_of(card_of(stage.mei, "What is wrong"))
    await press(stage, stage.mei, "Go on")
    await write(stage, stage.mei, TEXT)
    await press(stage, stage.mei, f"dc.1:{first.id}")
    assert stage.status(first) is Status.DISPUTED


async def test_every_button_of_the_dialogue_may_be_tapped_twice(stage: Stage) -> None:
    session = await just_over(stage)
    for label in ("Dispute", "Conduct", "Back", "Conduct"):
        stage.mei.press(label)
        stage.mei.press(label)
        await stage.settled()
    assert labels(stage.mei.last()) == ["Dispute", "Back", "Leave"]
    stage.mei.press("Dispute")
    stage.mei.press("Dispute")
    await stage.settled()

    told = [toast["text"] for toast in stage.mei.toasts() if toast["text"]]
    assert told == ["You disputed this at 15:00"] * 2
    assert stage.status(session) is Status.DISPUTED
    assert len(texts(stage.mei)) == 1
    assert len(texts(stage.priya_in_group)) == 1


async def test_stop_leaves_the_dispute(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")

    assert "Stopped." in await write(stage, stage.mei, "/stop")
    assert "not sure what to do" in await write(stage, stage.mei, "Conduct")
    assert stage.status(session) is AWAITING


async def test_who_is_in_the_dialogue_when_the_other_parent_acknowledges_is_told(
    stage: Stage,
) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    await press(stage, stage.daniel, "Acknowledge")

    question = stage.mei.last()["message_id"]
    toast = await press(stage, stage.mei, f"dc.1:{session.id}", question)

    assert toast == "Daniel Lim acknowledged this at 15:00"
    assert stage.status(session) is Status.APPROVED
    offer = stage.mei.last()
    assert "Daniel Lim acknowledged this" in text_of(offer)
    assert labels(offer) == ["Send it", "Leave"]
    card = next(one for one in stage.mei.messages() if "Report a problem" in labels(one))
    assert "Daniel Lim acknowledged this" in text_of(card)
    assert live_buttons(stage.mei) == [card["message_id"], offer["message_id"]]


async def test_words_and_a_photo_before_the_reason_are_kept(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")

    await write(stage, stage.mei, TEXT)
    stage.mei.send_photo(files.jpeg_photo(), caption="The clock")
    await stage.settled()
    asked = text_of(stage.mei.last())
    assert asked.endswith(f"{TEXT}\nThe clock\n📎 1 photo\n\nWhat is wrong with this session?")

    await press(stage, stage.mei, "Other")

    told = text_of(stage.mei.last())
    assert f"Dispute this session?\nReason:\n{TEXT}\nThe clock\n📎 1 photo" in told
    assert labels(stage.mei.last()) == ["Dispute", "Back", "Leave"]


async def test_words_before_the_reason_are_kept_when_the_dispute_is_put_aside(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await write(stage, stage.mei, TEXT)
    await write(stage, stage.mei, "/settings")
    await stage.restart()

    await press(stage, stage.mei, "Go on")

    assert text_of(card_of(stage.mei, "What is wrong")).endswith(
        f"{TEXT}\n\nWhat is wrong with this session?"
    )
