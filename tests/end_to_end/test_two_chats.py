"""A coordinator in the group and in the private chat at once: one question, one answer (SPEC 5)."""

from datetime import timedelta

import pytest

from models.enums import Status
from tests.end_to_end.scenes import (
    WHY,
    all_text,
    answer_in_group,
    card_of,
    disputed,
    press,
    reported,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts
from tests.end_to_end.test_problem_handling import IN_GROUP, REPLY, opened_in_private
from tests.end_to_end.test_settlement import dispute_status


async def opened_dispute(stage: Stage) -> None:
    """Priya follows *Details* into her private chat."""
    stage.priya.start("dispute_1")
    await stage.settled()


async def test_a_later_choice_in_the_group_takes_the_question_in_private_away(
    stage: Stage,
) -> None:
    session = await disputed(stage)
    await opened_dispute(stage)
    await press(stage, stage.priya, "Verify")
    await press(stage, stage.priya_in_group, "Uphold")
    assert "Why are you" not in all_text(stage.priya)

    await write(stage, stage.priya, "dont know yet")

    assert stage.status(session) is Status.DISPUTED
    assert dispute_status(stage) == "open"
    await answer_in_group(stage, stage.priya_in_group, WHY)
    assert dispute_status(stage) == "upheld"
    assert WHY in text_of(stage.mei.last())
    assert "dont know yet" not in all_text(stage.mei)


async def test_a_later_choice_in_private_takes_the_question_in_the_group_away(
    stage: Stage,
) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Uphold")
    await opened_dispute(stage)
    await press(stage, stage.priya, "Verify")
    assert "Why are you" not in all_text(stage.priya_in_group)
    await stage.restart()

    await answer_in_group(stage, stage.priya_in_group, "parents were abroad")
    assert dispute_status(stage) == "open"
    await write(stage, stage.priya, WHY)
    assert stage.status(session) is Status.APPROVED


async def test_what_was_laid_aside_goes_too_once_the_other_chat_asks(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Uphold")
    await write(stage, stage.priya_in_group, "/disputes")
    assert "nothing is settled yet" in all_text(stage.priya_in_group)
    await opened_dispute(stage)

    await press(stage, stage.priya, "Verify")

    assert "nothing is settled yet" not in all_text(stage.priya_in_group)
    assert "Why are you" not in all_text(stage.priya_in_group)


async def test_the_question_of_a_colleague_stays(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.marcus_in_group, "Uphold")
    await opened_dispute(stage)

    await press(stage, stage.priya, "Verify")

    assert "Marcus Lee: Why are you upholding" in all_text(stage.marcus_in_group)
    assert "Please reply to this message." in all_text(stage.marcus_in_group)


async def test_a_reply_begun_in_private_takes_the_question_in_the_group_away(
    stage: Stage,
) -> None:
    await reported(stage)
    await press(stage, stage.priya_in_group, "Reply")
    await opened_in_private(stage)
    await press(stage, stage.priya, "Reply")
    assert "What is your reply" not in all_text(stage.priya_in_group)

    await write(stage, stage.priya, REPLY)
    card = card_of(stage.priya_in_group, IN_GROUP)["message_id"]
    await press(stage, stage.priya_in_group, "Close", card)

    assert len(texts(stage.priya_in_group)) == 1
    assert labels(stage.priya_in_group.last()) == []


async def test_a_text_in_private_is_offered_as_the_answer_to_the_groups_question(
    stage: Stage,
) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Return")

    offer = await write(stage, stage.priya, "Please look at the notes again.")

    assert offer.split("\n") == [
        "⚠️ Dispute 1",
        "Why are you returning it to the parents? They are asked again and will read your reason.",
        "Please look at the notes again.",
        "You were asked this in the group. Is that your answer?",
    ]
    assert labels(stage.priya.last()) == ["Return", "Leave"]
    assert stage.status(session) is Status.DISPUTED

    await press(stage, stage.priya, "Return")

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
    assert text_of(stage.priya.last()) == "✅ Dispute 1: You asked for another look at 15:00."
    assert labels(stage.priya.last()) == []
    assert "Please look at the notes again." in text_of(stage.mei.last())
    assert "Why are you" not in all_text(stage.priya_in_group)
    assert len(texts(stage.priya_in_group)) == 1


async def test_the_newest_text_is_offered_and_leaving_it_keeps_the_question(stage: Stage) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Verify")
    await write(stage, stage.priya, "hm")
    offer = await write(stage, stage.priya, WHY)
    assert WHY in offer
    assert "hm" not in all_text(stage.priya)
    await stage.restart()

    await press(stage, stage.priya, "Leave")

    told = "Not used. The question in the group still stands."
    assert text_of(stage.priya.last()) == told
    await answer_in_group(stage, stage.priya_in_group, WHY)
    assert stage.status(session) is Status.APPROVED
    assert "I am not sure" in await write(stage, stage.priya, "she has called me")


async def test_too_long_an_answer_says_so(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Verify")

    assert "longer than 1000" in await write(stage, stage.priya, "x" * 1001)


async def test_what_was_offered_is_shown_again_where_a_colleague_was_first(stage: Stage) -> None:
    await disputed(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Verify")
    await write(stage, stage.priya, "She has said sorry.")
    await press(stage, stage.marcus_in_group, "st.1:1:uphold", card)
    await answer_in_group(stage, stage.marcus_in_group, WHY)

    said = text_of(stage.priya.last())
    assert said.split("\n") == [
        "Emily Lim, Wed 25 Nov 13:40-15:10: Marcus Lee upheld the dispute at 15:00",
        "She has said sorry.",
    ]
    assert labels(stage.priya.last()) == []
    assert "Why are you" not in all_text(stage.priya_in_group)


async def test_what_was_offered_goes_once_the_group_has_the_answer(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Return")
    await write(stage, stage.priya, "the tutor says he was there")
    assert "Is that your answer?" in text_of(stage.priya.last())

    await answer_in_group(stage, stage.priya_in_group, WHY)

    assert "Is that your answer?" not in all_text(stage.priya)


async def test_what_was_offered_goes_once_the_group_has_the_reply(stage: Stage) -> None:
    await reported(stage)
    await press(stage, stage.priya_in_group, "Reply")
    await write(stage, stage.priya, "hm")

    await answer_in_group(stage, stage.priya_in_group, REPLY)

    assert "Is that your answer?" not in all_text(stage.priya)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(minutes=9), "Marcus Lee upheld the dispute at 15:00"),
        (timedelta(minutes=11), "I am not sure"),
    ],
)
async def test_a_text_is_about_a_dispute_that_a_colleague_settled_for_some_minutes_only(
    stage: Stage, later: timedelta, said: str
) -> None:
    await disputed(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Verify")
    await press(stage, stage.marcus_in_group, "st.1:1:uphold", card)
    await answer_in_group(stage, stage.marcus_in_group, WHY)
    await stage.forward(seconds=later.total_seconds())

    told = await write(stage, stage.priya, "the clock shows half past")

    assert said in told
    if "Marcus" in said:
        assert "Emily Lim · Today 13:40-15:10" in told
    assert "I am not sure" in await write(stage, stage.priya, "and again")


async def test_a_question_that_is_gone_takes_no_answer(stage: Stage) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Verify")
    await write(stage, stage.priya, WHY)
    await write(stage, stage.priya_in_group, "/stop")

    await press(stage, stage.priya, "Verify")

    assert stage.status(session) is Status.DISPUTED
    said = text_of(stage.priya.last())
    assert said == "The question in the group is gone; nothing was done.\n" + WHY


async def test_a_text_in_private_is_offered_as_the_reply_to_a_report(stage: Stage) -> None:
    await reported(stage)
    await press(stage, stage.priya_in_group, "Reply")

    offer = await write(stage, stage.priya, REPLY)
    assert "What is your reply to report 1 (Emily, Wed 25 Nov 13:40-15:10)?" in offer
    assert labels(stage.priya.last()) == ["Send", "Leave"]
    await press(stage, stage.priya, "Send")

    assert REPLY in text_of(stage.mei.last())
    assert text_of(stage.priya.last()) == "✅ Report 1: You replied to the report at 15:00."
    assert "What is your reply" not in all_text(stage.priya_in_group)


async def test_the_words_of_others_are_no_answer(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.marcus_in_group, "Verify")

    assert "I am not sure" in await write(stage, stage.priya, "dont know yet")


async def test_closing_the_report_ends_the_question_for_a_reply(stage: Stage) -> None:
    await reported(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Reply")
    assert "What is your reply" in text_of(stage.priya_in_group.last())

    told = await press(stage, stage.priya_in_group, "Close", card)

    assert told == "You closed the report at 15:00"
    assert len(texts(stage.priya_in_group)) == 1
    assert "I am not sure" in await write(stage, stage.priya, "she has called me")


async def test_closing_it_in_private_ends_the_question_in_the_group_and_what_was_laid_aside(
    stage: Stage,
) -> None:
    await reported(stage)
    await press(stage, stage.priya_in_group, "Reply")
    await write(stage, stage.priya_in_group, "/disputes")
    assert "nothing is sent yet" in all_text(stage.priya_in_group)
    await opened_in_private(stage)

    await press(stage, stage.priya, "Close")

    assert "nothing is sent yet" not in all_text(stage.priya_in_group)
    assert "What is your reply" not in all_text(stage.priya_in_group)


async def test_closing_another_report_leaves_the_question_standing(stage: Stage) -> None:
    await reported(stage)
    await press(stage, stage.daniel, "Report a problem")
    await write(stage, stage.daniel, "He came late.")
    first, second = (one["message_id"] for one in stage.priya_in_group.messages()[:2])
    await press(stage, stage.priya_in_group, "Reply", first)

    await press(stage, stage.priya_in_group, "Close", second)

    assert "put your reply aside" not in all_text(stage.priya_in_group)
    await answer_in_group(stage, stage.priya_in_group, REPLY)
    assert REPLY in all_text(stage.mei)
