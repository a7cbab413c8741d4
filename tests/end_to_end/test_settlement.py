"""Coordinators claim and settle disputes, in the group and in private (SPEC 5; UX 13)."""

import pytest
from sqlmodel import select, update

from models import Appointment, Dispute
from models.enums import DisputeStatus, Status
from sandbox.phone import Phone
from tests.end_to_end.scenes import (
    TEXT,
    WHY,
    all_text,
    answer_in_group,
    asked_of,
    card_of,
    disputed,
    live_buttons,
    marcus,
    press,
    write,
)
from tests.end_to_end.stage import GRACE, GROUP, STRANGER, Stage, labels, text_of, texts

BUTTONS = ["Claim", "Verify", "Uphold", "Return", "Details"]


def dispute_status(stage: Stage) -> DisputeStatus:
    with stage.database.reading() as session:
        return session.exec(select(Dispute)).one().status


async def test_the_alert_has_a_first_name_and_nothing_that_the_parent_wrote(stage: Stage) -> None:
    await disputed(stage)
    card = stage.priya_in_group.last()

    assert text_of(card).split("\n") == [
        "⚠️ Dispute 1",
        "Emily · Mathematics",
        "Wed 25 Nov 13:40-15:10",
        "with Grace Tan",
        "Checked in 13:40, checked out 15:00",
        "Reason: Shorter than booked",
    ]
    assert labels(card) == BUTTONS


async def test_who_claims_owns_it_and_who_comes_second_is_told(stage: Stage) -> None:
    await disputed(stage)
    card = stage.priya_in_group.last()

    mine = await press(stage, stage.priya_in_group, "Claim")
    again = await press(stage, stage.priya_in_group, "cl.1:1", card["message_id"])
    second = await press(stage, stage.marcus_in_group, "cl.1:1", card["message_id"])

    assert mine == again == "This dispute is yours now."
    assert second == "Priya Nair claimed the dispute at 15:00. You can still settle it."
    assert labels(stage.priya_in_group.last()) == BUTTONS[1:]
    assert "Priya Nair claimed the dispute at 15:00" in text_of(stage.priya_in_group.last())


async def test_claimed_by_one_settled_by_another_the_card_shows_both_in_place(
    stage: Stage,
) -> None:
    session = await disputed(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Claim")
    await press(stage, stage.marcus_in_group, "Verify")

    await answer_in_group(stage, stage.marcus_in_group, WHY)

    assert stage.status(session) is Status.APPROVED
    told = card_of(stage.priya_in_group, "⚠️ Dispute 1")
    assert told["message_id"] == card
    assert "Priya Nair claimed the dispute at 15:00" in text_of(told)
    assert "Marcus Lee verified this at 15:00" in text_of(told)
    assert labels(told) == []
    assert WHY not in text_of(told)
    (alone,) = texts(stage.priya_in_group)  # the question is gone, and no line was added
    assert alone == text_of(told)


async def test_the_family_and_the_tutor_get_a_new_card_with_the_reason(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Uphold")
    await answer_in_group(stage, stage.priya_in_group, WHY)

    family = ("Upheld: you are not charged for this session.", "Your family")
    tutor = ("Upheld: this session is not billed, and you are not paid for it.", "The family")
    for phone, (result, who) in (
        (stage.mei, family),
        (stage.daniel, family),
        (stage.grace, tutor),
    ):
        card = text_of(phone.last())
        assert card.split("\n")[0] == result
        assert f"{who} disputed this:\nReason: Shorter than booked\n" in card
        assert card.index("Reason: ") < card.index("Priya Nair upheld the dispute at 15:00")
        assert WHY in card
        assert [live_buttons(phone)[-1]] == [phone.last()["message_id"]]
    assert len(live_buttons(stage.mei)) == 1


async def test_the_groups_card_has_its_day_from_the_next_day_on(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Claim")
    await press(stage, stage.priya_in_group, "Uphold")
    await answer_in_group(stage, stage.priya_in_group, WHY)
    assert "Priya Nair upheld the dispute at 15:00" in text_of(
        card_of(stage.priya_in_group, "⚠️ Dispute 1")
    )

    await stage.forward(hours=9)

    told = text_of(card_of(stage.priya_in_group, "⚠️ Dispute 1"))
    assert "Priya Nair claimed the dispute on Wed 25 Nov at 15:00" in told
    assert "Priya Nair upheld the dispute on Wed 25 Nov at 15:00" in told


async def test_notes_that_are_added_as_evidence_show_on_the_groups_card(stage: Stage) -> None:
    await disputed(stage)
    assert "📝" not in text_of(stage.priya_in_group.last())

    await write(stage, stage.grace, "/notes")
    await write(stage, stage.grace, "We worked for the whole time.")
    await press(stage, stage.grace, "Done")

    assert "📝 Notes: 1 text" in text_of(card_of(stage.priya_in_group, "⚠️ Dispute 1"))


async def test_verified_everybody_reads_first_that_it_counts_as_held(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Verify")
    await answer_in_group(stage, stage.priya_in_group, WHY)

    for phone in (stage.mei, stage.daniel, stage.grace):
        card = text_of(phone.last())
        assert card.startswith("Verified: the session counts as held.\n")
        assert WHY in card


async def test_upheld_is_for_good(stage: Stage) -> None:
    session = await disputed(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Uphold")
    assert "This is final" in text_of(stage.priya_in_group.last())
    await answer_in_group(stage, stage.priya_in_group, WHY)

    late = await press(stage, stage.marcus_in_group, "st.1:1:verify", card)

    assert late == "Priya Nair upheld the dispute at 15:00"
    assert stage.status(session) is Status.DISPUTED
    assert dispute_status(stage) is DisputeStatus.UPHELD


async def test_upheld_is_said_in_lists_too(stage: Stage) -> None:
    await disputed(stage)
    assert (await write(stage, stage.mei, "/sessions")).endswith("\nDisputed")
    await press(stage, stage.priya_in_group, "Uphold")
    await answer_in_group(stage, stage.priya_in_group, WHY)

    for phone, command, told in (
        (stage.mei, "/sessions", "Upheld: you are not charged"),
        (stage.grace, "/sessions", "Upheld: not billed"),
        (stage.priya, "/dashboard Emily", "Upheld: not billed"),
    ):
        assert (await write(stage, phone, command)).endswith(f"\n{told}")


async def test_returned_the_parents_get_a_new_card_and_the_old_one_loses_its_buttons(
    stage: Stage,
) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Return")
    await answer_in_group(stage, stage.priya_in_group, "Please look at the notes again.")

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
    assert text_of(stage.grace.last()).startswith("Returned: the parents are asked again.\n")
    for parent in (stage.mei, stage.daniel):
        card = parent.last()
        first, *_ = text_of(card).split("\n")
        assert first == "Please look again: the coordinators need your answer."
        assert labels(card) == ["Acknowledge", "Dispute", "Report a problem"]
        assert "Please look at the notes again." in text_of(card)
        assert live_buttons(parent) == [card["message_id"]]
    await press(stage, stage.mei, "Acknowledge")
    assert stage.status(session) is Status.APPROVED


async def test_returned_both_parents_read_what_was_disputed_while_they_are_asked_again(
    stage: Stage,
) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Return")
    await answer_in_group(stage, stage.priya_in_group, "Please look at the notes again.")
    lines = [
        "Your family disputed this:",
        "Reason: Shorter than booked",
        TEXT,
        "Priya Nair asked for another look at 15:00",
        "Reason:",
        "Please look at the notes again.",
    ]

    for parent in (stage.mei, stage.daniel):
        assert "\n".join(lines) in text_of(parent.last())
    told = text_of(stage.grace.last())
    assert "The family disputed this:\nReason: Shorter than booked\nPriya Nair" in told
    await stage.forward(hours=24)
    assert "reminder" in text_of(stage.daniel.last()).casefold()
    assert "\n".join(lines[:3]) in text_of(stage.daniel.last())

    await press(stage, stage.mei, "Acknowledge")

    assert "disputed this" not in text_of(stage.mei.last())


async def test_after_a_return_a_parent_may_dispute_again(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Return")
    await answer_in_group(stage, stage.priya_in_group, WHY)
    for label in ("Dispute", "Conduct", "Dispute"):
        await press(stage, stage.daniel, label)

    assert "Dispute 2" in text_of(stage.priya_in_group.last())
    assert labels(stage.priya_in_group.last()) == BUTTONS
    assert labels(card_of(stage.priya_in_group, "Dispute 1")) == []


async def test_only_coordinators_in_our_records_may_press_the_groups_buttons(
    stage: Stage,
) -> None:
    session = await disputed(stage)
    card = stage.priya_in_group.last()
    stage.world.directory.groups[GROUP].member_ids += [GRACE, STRANGER]
    tutor, stranger = (Phone(stage.world, one, GROUP) for one in (GRACE, STRANGER))

    for label in ("Claim", "Verify", "Uphold", "Return"):
        assert "Only coordinators can do this." in await press(stage, tutor, label)
        assert "We haven't met yet." in await press(stage, stranger, label)

    assert stage.status(session) is Status.DISPUTED
    assert dispute_status(stage) is DisputeStatus.OPEN
    assert stage.priya_in_group.last() == card


async def test_only_the_askeds_reply_to_the_bot_counts_as_the_reason(stage: Stage) -> None:
    session = await disputed(stage)
    card = stage.priya_in_group.last()["message_id"]
    stage.world.directory.groups[GROUP].bot_status = "administrator"  # it sees every message
    await press(stage, stage.priya_in_group, "Verify")
    question = stage.priya_in_group.last()
    assert text_of(question).startswith("Priya Nair: ")
    assert asked_of(stage.priya_in_group) == question["message_id"]
    assert asked_of(stage.marcus_in_group) is None

    await write(stage, stage.marcus_in_group, "Fine by me.", reply_to=question["message_id"])
    await write(stage, stage.priya_in_group, "Lunch, anybody?")
    stage.marcus_in_group.send_sticker()
    await stage.settled()
    assert stage.status(session) is Status.DISPUTED

    await write(stage, stage.priya_in_group, WHY, reply_to=question["message_id"])
    assert stage.status(session) is Status.APPROVED
    assert labels(card_of(stage.priya_in_group, "Dispute 1")) == []
    assert card_of(stage.priya_in_group, "⚠️ Dispute 1")["message_id"] == card


async def test_two_coordinators_asked_at_once_do_not_answer_for_each_other(stage: Stage) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Verify")
    await press(stage, stage.marcus_in_group, "Uphold")

    await answer_in_group(stage, stage.marcus_in_group, WHY)
    late = await answer_in_group(stage, stage.priya_in_group, "I rang them both.")

    assert late == (
        "Emily, Wed 25 Nov 13:40-15:10: Marcus Lee upheld the dispute at 15:00\n"
        "Dispute 1: Verify was not done.\nPriya Nair wrote:\nI rang them both."
    )
    assert stage.status(session) is Status.DISPUTED
    assert dispute_status(stage) is DisputeStatus.UPHELD


async def test_a_reason_missing_or_too_long_is_asked_for_again(stage: Stage) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Verify")

    assert "longer than 1000" in await answer_in_group(stage, stage.priya_in_group, "x" * 1001)
    assert asked_of(stage.priya_in_group) == stage.priya_in_group.last()["message_id"]
    assert stage.status(session) is Status.DISPUTED
    await answer_in_group(stage, stage.priya_in_group, WHY)
    assert stage.status(session) is Status.APPROVED


async def test_in_private_through_details_with_what_the_parent_wrote(stage: Stage) -> None:
    session = await disputed(stage)
    stage.priya.start("dispute_1")
    await stage.settled()
    card = stage.priya.last()
    assert "Emily Lim" in text_of(card)
    assert TEXT in text_of(card)
    assert labels(card) == BUTTONS[:4]
    await press(stage, stage.priya, "Claim")
    assert labels(card_of(stage.priya, "Emily Lim")) == BUTTONS[1:4]

    await press(stage, stage.priya, "Verify")
    stage.priya.send_sticker()
    await stage.settled()
    assert "Please say why" in text_of(stage.priya.last())
    done = await write(stage, stage.priya, WHY)

    assert done == "✅ Dispute 1: You verified this at 15:00."
    assert stage.status(session) is Status.APPROVED
    assert live_buttons(stage.priya) == []
    assert "Priya Nair verified this" in text_of(stage.priya_in_group.last())


async def test_settled_meanwhile_a_colleagues_private_card_says_so(stage: Stage) -> None:
    await disputed(stage)
    phone = marcus(stage)
    phone.start("dispute_1")
    await stage.settled()
    card = phone.last()["message_id"]
    await press(stage, stage.priya_in_group, "Verify")
    await answer_in_group(stage, stage.priya_in_group, WHY)

    assert "Priya Nair verified this" in text_of(phone.last())
    late = await press(stage, phone, "st.1:1:uphold", card)
    assert late == "Priya Nair verified this at 15:00"


async def test_details_are_for_coordinators_and_for_disputes_that_there_are(stage: Stage) -> None:
    await disputed(stage)
    for phone, payload, answer in (
        (stage.grace, "dispute_1", "Only coordinators"),
        (stage.daniel, "problem_1", "Only coordinators"),
        (stage.priya, "dispute_99", "no longer here"),
        (stage.priya, f"dispute_{10**18}", "no longer here"),
        (stage.priya, "problem_x", "no longer here"),
    ):
        phone.start(payload)
        await stage.settled()
        assert answer in text_of(phone.last())
        assert TEXT not in text_of(phone.last())


async def test_stop_in_the_group_settles_nothing(stage: Stage) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Uphold")

    assert "Stopped." in await write(stage, stage.priya_in_group, "/stop")
    await answer_in_group(stage, stage.priya_in_group, WHY)
    assert dispute_status(stage) is DisputeStatus.OPEN
    assert stage.status(session) is Status.DISPUTED


@pytest.mark.parametrize("decision", ["Verify", "Uphold", "Return"])
async def test_stop_in_the_group_takes_the_question_away(stage: Stage, decision: str) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, decision)
    assert "Why are you" in all_text(stage.priya_in_group)

    await write(stage, stage.priya_in_group, "/stop")

    assert "Why are you" not in all_text(stage.priya_in_group)
    assert labels(card_of(stage.priya_in_group, "⚠️ Dispute 1")) == BUTTONS


async def test_laid_aside_in_the_group_it_is_taken_up_with_one_tap(stage: Stage) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Uphold")
    question = stage.priya_in_group.last()["message_id"]
    await write(stage, stage.priya_in_group, "/disputes")
    assert "nothing is settled yet" in all_text(stage.priya_in_group)

    answer = await write(stage, stage.priya_in_group, WHY, reply_to=question)
    assert (
        answer == "I had put that question aside, so I have not kept your answer. Tap Go on and "
        "I'll ask again."
    )
    others = await write(stage, stage.marcus_in_group, "I rang them.", reply_to=question)
    assert others == "I rang them."  # people talk; nobody asked Marcus anything

    await press(stage, stage.priya_in_group, "Go on")
    assert not any("Go on" in labels(one) for one in stage.priya_in_group.messages())
    await answer_in_group(stage, stage.priya_in_group, WHY)
    assert "upheld the dispute" in all_text(stage.priya_in_group)
    assert stage.status(session) is Status.DISPUTED


async def test_a_restart_between_question_and_reason_changes_nothing(stage: Stage) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Verify")
    await stage.restart()
    await answer_in_group(stage, stage.priya_in_group, WHY)

    assert stage.status(session) is Status.APPROVED


async def test_without_attendance_it_is_not_verified(stage: Stage) -> None:
    session = await disputed(stage)
    with stage.database.unit_of_work() as work:
        work.exec(update(Appointment).values(checked_out_at=None))
    await press(stage, stage.priya_in_group, "Verify")

    answer = await answer_in_group(stage, stage.priya_in_group, WHY)

    assert "correct the attendance first" in answer
    assert stage.status(session) is Status.DISPUTED
    assert dispute_status(stage) is DisputeStatus.OPEN


async def test_another_decision_takes_the_place_of_the_first_and_leaves_no_line(
    stage: Stage,
) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Uphold")
    await press(stage, stage.priya_in_group, "Verify")
    assert "upholding" not in all_text(stage.priya_in_group)

    await answer_in_group(stage, stage.priya_in_group, WHY)

    assert stage.status(session) is Status.APPROVED
    assert len(texts(stage.priya_in_group)) == 1
