"""What asks a coordinator goes, or says what became of it, once a colleague was first (UX 17)."""

import pytest
from sqlmodel import select

from chat.callbacks import ReplyProblem, Settle, Settlement
from chat.callbacks.codec import encode
from models import Person
from models.enums import Channel
from services.approvals.disputes import uphold
from services.lifecycle.actors import Actor
from tests.end_to_end.scenes import (
    WHY,
    all_text,
    answer_in_group,
    card_of,
    disputed,
    message_of,
    press,
    reported,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts
from tests.end_to_end.test_problem_handling import opened_in_private
from tests.end_to_end.test_two_chats import opened_dispute


async def test_go_on_with_a_reply_to_a_report_that_a_colleague_closed_says_so_and_goes(
    stage: Stage,
) -> None:
    await reported(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Reply")
    await write(stage, stage.priya_in_group, "/disputes")
    aside = card_of(stage.priya_in_group, "nothing is sent yet")["message_id"]
    await press(stage, stage.marcus_in_group, "Close", card)

    left = message_of(stage.priya_in_group, aside)
    assert text_of(left) == "Emily, Wed 25 Nov 13:40-15:10: Marcus Lee closed the report at 15:00"
    assert labels(left) == []
    told = await press(stage, stage.priya_in_group, encode(ReplyProblem(1)), aside)

    assert told == "Marcus Lee closed the report at 15:00"
    assert aside not in [one["message_id"] for one in stage.priya_in_group.messages()]


async def test_go_on_with_a_dispute_that_a_colleague_settled_says_so_and_goes(
    stage: Stage,
) -> None:
    await disputed(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Uphold")
    await write(stage, stage.priya_in_group, "/disputes")
    aside = card_of(stage.priya_in_group, "nothing is settled yet")["message_id"]
    await press(stage, stage.marcus_in_group, "Verify", card)
    await answer_in_group(stage, stage.marcus_in_group, WHY)

    left = message_of(stage.priya_in_group, aside)
    assert text_of(left) == "Emily, Wed 25 Nov 13:40-15:10: Marcus Lee verified this at 15:00"
    assert labels(left) == []
    assert "Why are you" not in all_text(stage.priya_in_group)
    uphold = encode(Settle(1, Settlement.UPHOLD))
    told = await press(stage, stage.priya_in_group, uphold, aside)

    assert told == "Marcus Lee verified this at 15:00"
    assert aside not in [one["message_id"] for one in stage.priya_in_group.messages()]


async def test_the_groups_question_goes_once_a_colleague_has_settled_the_dispute(
    stage: Stage,
) -> None:
    await disputed(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Return")
    await press(stage, stage.marcus_in_group, "Verify", card)

    await answer_in_group(stage, stage.marcus_in_group, WHY)

    (alone,) = texts(stage.priya_in_group)
    assert "Marcus Lee verified this at 15:00" in alone
    late = "Please look at the notes again."
    told = await write(stage, stage.priya, late)
    said, which, by, words = told.split("\n")
    assert said == "Marcus Lee verified this at 15:00"
    assert which == "Emily Lim · Today 13:40-15:10"
    assert (by, words) == ("You wrote:", late)
    assert "I am not sure" in await write(stage, stage.priya, "he was first")


async def test_it_goes_likewise_where_the_dispute_is_settled_on_a_page(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Return")
    await opened_dispute(stage)
    await press(stage, stage.marcus_in_group, "Uphold")

    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        uphold(session, 1, Actor(priya.id, Channel.WEB, stage.now), WHY)
    stage.running.app.wake_relay()
    await stage.settled()

    (alone,) = texts(stage.priya_in_group)
    assert "Priya Nair upheld the dispute at 15:00" in alone
    assert labels(stage.priya_in_group.last()) == []


@pytest.mark.parametrize("where", ["group", "private"])
async def test_the_question_for_a_reply_goes_once_a_colleague_has_closed_the_report(
    stage: Stage, where: str
) -> None:
    await reported(stage)
    card = stage.priya_in_group.last()["message_id"]
    if where == "private":
        await opened_in_private(stage)
    phone = stage.priya if where == "private" else stage.priya_in_group
    await press(stage, phone, "Reply")
    assert "What is your reply" in all_text(phone)

    await press(stage, stage.marcus_in_group, "Close", card)

    assert "What is your reply" not in all_text(phone)
    assert "Marcus Lee closed the report at 15:00" in all_text(phone)


async def test_the_question_in_private_goes_once_a_colleague_has_settled_the_dispute(
    stage: Stage,
) -> None:
    await disputed(stage)
    await opened_dispute(stage)
    await press(stage, stage.priya, "Return")
    assert "Why are you returning it" in text_of(stage.priya.last())
    await press(stage, stage.marcus_in_group, "Uphold")

    await answer_in_group(stage, stage.marcus_in_group, WHY)

    assert "Why are you" not in all_text(stage.priya)
    assert "Marcus Lee upheld the dispute at 15:00" in all_text(stage.priya)


async def test_who_replies_at_the_same_moment_reads_what_of_theirs_was_not_done(
    stage: Stage,
) -> None:
    await disputed(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.priya_in_group, "Verify", card)
    hers = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.marcus_in_group, "Uphold", card)
    his = stage.marcus_in_group.last()["message_id"]

    stage.priya_in_group.send_text(WHY, hers)
    stage.marcus_in_group.send_text("No notes, so not charged", his)
    await stage.settled()

    assert (
        "Emily, Wed 25 Nov 13:40-15:10: Priya Nair verified this at 15:00\n"
        "Dispute 1: Uphold was not done.\nMarcus Lee wrote:\nNo notes, so not charged"
    ) in texts(stage.priya_in_group)
    assert "Why are you" not in all_text(stage.priya_in_group)


async def test_who_replies_to_a_report_at_the_moment_of_its_end_reads_so(stage: Stage) -> None:
    await reported(stage)
    card = stage.priya_in_group.last()["message_id"]
    await press(stage, stage.marcus_in_group, "Reply", card)
    his = stage.marcus_in_group.last()["message_id"]

    stage.priya_in_group.press("Close", card)
    stage.marcus_in_group.send_text("We look into it", his)
    await stage.settled()

    assert (
        "Emily, Wed 25 Nov 13:40-15:10: Priya Nair closed the report at 15:00\n"
        "The reply was not sent.\nMarcus Lee wrote:\nWe look into it"
    ) in texts(stage.priya_in_group)
