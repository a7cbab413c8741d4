"""Parents get a card after check-out; the first to act decides (SPEC 5)."""

import asyncio

from models.enums import Status
from sandbox.faults import Fault
from tests.end_to_end.scenes import (
    all_text,
    card_of,
    just_over,
    live_buttons,
    press,
    report,
    under_way,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts


async def test_each_parent_gets_a_card_that_tells_of_the_session(stage: Stage) -> None:
    await under_way(stage)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "We did fractions.")
    await press(stage, stage.grace, "Done")

    for parent in (stage.mei, stage.daniel):
        card = card_of(parent, "Awaiting Your Acknowledgement")
        lines = text_of(card).split("\n")
        assert lines[:3] == ["Emily Lim · Mathematics", "Today 13:40-15:10", "with Grace Tan"]
        assert "Checked in 13:40, checked out 15:00" in lines
        assert "📝 Notes: 1 text" in lines
        assert labels(card) == ["Acknowledge", "Dispute", "View notes", "Report a problem"]


async def test_the_card_says_that_the_student_was_absent(stage: Stage) -> None:
    await just_over(stage)

    await press(stage, stage.grace, "Student absent")

    assert "student absent" in text_of(card_of(stage.mei, "Awaiting"))
    assert len(live_buttons(stage.mei)) == 1


async def test_the_first_parent_decides_and_the_others_card_says_who_did(stage: Stage) -> None:
    session = await just_over(stage)

    toast = await press(stage, stage.mei, "Acknowledge")

    assert toast == "You acknowledged this at 15:00"
    assert stage.status(session) is Status.APPROVED
    assert "You acknowledged this at 15:00" in text_of(stage.mei.last())
    assert "Mei Lim acknowledged this at 15:00" in text_of(stage.daniel.last())
    assert labels(stage.daniel.last()) == ["Report a problem"]
    assert len(texts(stage.daniel)) == 1


async def test_a_double_tap_gets_the_same_friendly_answer(stage: Stage) -> None:
    await just_over(stage)
    card = stage.mei.last()["message_id"]
    stage.mei.press("Acknowledge")
    stage.mei.press("Acknowledge")
    await stage.settled()
    await stage.forward(minutes=5)

    again = await press(stage, stage.mei, "ak.1:1", card)

    assert again == "You acknowledged this at 15:00"
    assert {toast["text"] for toast in stage.mei.toasts()} == {again}
    assert len(texts(stage.mei)) == 1


async def test_the_second_parents_stale_tap_says_who_and_when_and_brings_the_card_up_to_date(
    stage: Stage,
) -> None:
    session = await just_over(stage)
    card = stage.daniel.last()
    stage.mei.press("Acknowledge")
    stage.daniel.press("Acknowledge")  # before his card was edited
    await stage.settled()

    first, second = stage.mei.toasts(), stage.daniel.toasts()
    told = {toast["text"] for toast in first + second}
    assert len(told) == 2
    assert any(text.startswith("You acknowledged") for text in told)
    assert any("Lim acknowledged this at 15:00" in text for text in told)
    for parent in (stage.mei, stage.daniel):
        assert labels(parent.last()) == ["Report a problem"]
    assert stage.status(session) is Status.APPROVED

    late = await press(stage, stage.daniel, "di.1:1", card["message_id"])

    assert "acknowledged this at 15:00" in late
    assert stage.status(session) is Status.APPROVED


async def test_an_acknowledgement_is_final_and_leads_to_reporting_a_problem(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")

    assert stage.mei.buttons() == ["Report a problem"]
    await report(stage, stage.mei, "The worksheet was another child's.")

    assert stage.status(session) is Status.APPROVED
    assert "Problem report" in text_of(stage.priya_in_group.last())


async def test_notes_can_be_read_from_the_card(stage: Stage) -> None:
    await under_way(stage)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "We did fractions.")
    await press(stage, stage.grace, "Done")

    await press(stage, stage.mei, "View notes")

    assert "We did fractions." in all_text(stage.mei)


async def test_pending_brings_the_card_down_and_takes_the_old_ones_buttons(stage: Stage) -> None:
    await just_over(stage)
    assert await write(stage, stage.daniel, "/pending") == text_of(stage.daniel.last())
    assert labels(stage.daniel.last()) == ["Acknowledge", "Dispute", "Report a problem"]
    assert live_buttons(stage.daniel) == [stage.daniel.last()["message_id"]]

    await press(stage, stage.mei, "Acknowledge")

    nothing = await write(stage, stage.mei, "/pending")
    assert "Nothing is waiting for your answer" in nothing


async def test_an_edit_on_its_way_brings_no_buttons_back_to_a_replaced_card(
    stage: Stage,
) -> None:
    await just_over(stage)
    stage.world.faults.plan(Fault("editMessageText", "delay", times=3, seconds=1))
    stage.grace.press("Student absent")
    await asyncio.sleep(1.5)  # the tutor's own card is edited first
    stage.mei.send_text("/pending")
    await stage.settled()

    assert live_buttons(stage.mei) == [stage.mei.last()["message_id"]]
    assert "student absent" in text_of(stage.mei.last())


async def test_a_tutor_or_a_stranger_cannot_acknowledge_by_a_forged_tap(stage: Stage) -> None:
    session = await just_over(stage)
    stage.stranger.start()
    await stage.settled()

    by_tutor = await press(stage, stage.grace, "ak.1:1", stage.grace.last()["message_id"])
    by_stranger = await press(stage, stage.stranger, "ak.1:1", stage.stranger.last()["message_id"])
    beyond = await press(stage, stage.mei, f"ak.1:{10**20}", stage.mei.last()["message_id"])

    assert "You teach this child" in by_tutor
    assert "We haven't met yet" in by_stranger
    assert "out of date" in beyond
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
