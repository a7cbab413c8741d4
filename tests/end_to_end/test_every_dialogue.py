"""Every dialogue can be left and put aside, and goes on after a restart (SPEC 9; UX 5, 19)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple

import pytest

from conversations.registry import dialogues
from models.enums import Status
from sandbox.phone import Phone
from tests import files
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import all_text, just_over, look_at, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_tutor_cancels import cancelled

HOUR = timedelta(hours=1)
ONLY_TEXT = "I can only take text here. What you sent is not kept."
EVIDENCE = "Please send text, a photo or a document. What you just sent is not kept."


class Scene(NamedTuple):
    """How a dialogue begins, and who is in it."""

    who: str
    begin: Callable[[Stage], Awaitable[object]]
    taps: tuple[str, ...]
    question: str
    cannot: str = ONLY_TEXT
    leave: str = "Leave"


async def tomorrow(stage: Stage) -> None:
    """Mei has opened the card of tomorrow's session."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=30 * HOUR)
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])


async def soon(stage: Stage) -> None:
    """Mei has opened the card of a session that is too near to be changed."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=3 * HOUR)
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])


async def coordinated(stage: Stage) -> None:
    """Priya has the card of tomorrow's session."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=30 * HOUR)
    await look_at(stage, stage.priya, session)


async def missed(stage: Stage) -> None:
    """Priya has the card of yesterday's session, which nobody checked into."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=-24 * HOUR)
    await stage.forward(minutes=1)
    await look_at(stage, stage.priya, session)


async def forgotten(stage: Stage) -> None:
    """Grace has the card of yesterday's session, into which she did not check."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-24 * HOUR)
    await write(stage, stage.grace, "/todos")
    await press(stage, stage.grace, labels(stage.grace.last())[0])


async def summed_up(stage: Stage) -> None:
    """Grace has opened the summary of her notes."""
    await just_over(stage)
    await press(stage, stage.grace, "Add notes")
    await write(stage, stage.grace, "We did fractions. They went well, and she was happy.")
    await press(stage, stage.grace, "Done")
    await stage.settled()
    await press(stage, stage.grace, "Summary")


async def taught_before(stage: Stage) -> None:
    """Grace taught Emily yesterday, and begins to log more."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-24 * HOUR, status=Status.APPROVED)
    await write(stage, stage.grace, "/adhoc")


async def leaving(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.grace, "/leave")


async def set_up(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.mei, "/settings")


async def scheduling(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.priya, "/schedule")


async def lost(stage: Stage) -> None:
    """Mei reads that Grace has cancelled tomorrow's session."""
    await cancelled(stage)


async def offered(stage: Stage) -> None:
    """Mei is offered weekly lessons for Emily."""
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()


SCENES = {
    "dispute": Scene("mei", just_over, ("Dispute", "Other"), "write in a few words", EVIDENCE),
    "problem": Scene("mei", just_over, ("Report a problem",), "What is the problem?", EVIDENCE),
    "cancellation": Scene("mei", tomorrow, ("Cancel",), "Why do you want to cancel it?"),
    "rescheduling": Scene("mei", tomorrow, ("Change time",), "When instead?"),
    "match_answer": Scene("mei", offered, ("Decline",), "Why do you decline this?"),
    "missed_tap": Scene("grace", forgotten, ("Tell the coordinators",), "What happened?"),
    "late_change": Scene("mei", soon, ("Tell the coordinators",), "What has happened?"),
    "judgement": Scene("grace", summed_up, ("Wrong",), "What is not right in the summary?"),
    "replacement_wish": Scene("mei", lost, ("Another time",), "When instead?"),
    "coordination": Scene("priya", coordinated, ("Move",), "When instead?"),
    "correction": Scene("priya", missed, ("Correct attendance",), "When did it take place?"),
    "scheduling": Scene("priya", scheduling, (), "For which child?"),
    "adhoc": Scene("grace", taught_before, (), "Which sessions?"),
    "time_zone": Scene("mei", set_up, ("Time zone",), "Where are you?"),
    "leave": Scene("grace", leaving, (), "On which days are you away?", leave="Stop"),
}
TESTED_BY_THEMSELVES = {"notes", "strays", "settlement", "problem_reply", "group_answer"}
"""Dialogues that take files, or ask in the group, which opens a reply by itself, or offer what was
written in private as the answer there."""

every_dialogue = pytest.mark.parametrize("name", SCENES)


async def asked(stage: Stage, name: str) -> Phone:
    """The phone of who is asked the dialogue's question."""
    scene = SCENES[name]
    phone: Phone = getattr(stage, scene.who)
    await scene.begin(stage)
    for label in scene.taps:
        await press(stage, phone, label)
    assert scene.question in text_of(phone.last())
    return phone


def test_no_dialogue_is_forgotten() -> None:
    assert {one.title for one in dialogues()} == set(SCENES) | TESTED_BY_THEMSELVES


@every_dialogue
async def test_its_question_has_leave_and_nothing_of_it_stays(stage: Stage, name: str) -> None:
    phone = await asked(stage, name)
    assert labels(phone.last())[-1] == SCENES[name].leave

    await press(stage, phone, SCENES[name].leave)

    assert SCENES[name].question not in all_text(phone)
    assert "There was nothing to stop." in await write(stage, phone, "/stop")


@every_dialogue
async def test_a_sticker_or_a_voice_memo_gets_a_sentence_and_the_question_again(
    stage: Stage, name: str
) -> None:
    phone = await asked(stage, name)

    phone.send_sticker()
    await stage.settled()

    assert text_of(phone.last()).startswith(SCENES[name].cannot)
    assert SCENES[name].question in text_of(phone.last())
    assert all_text(phone).count(SCENES[name].question) == 1


@pytest.mark.parametrize("name", sorted(SCENES.keys() - {"dispute", "problem"}))
async def test_a_caption_gets_a_sentence_of_its_own_and_is_not_the_answer(
    stage: Stage, name: str
) -> None:
    phone = await asked(stage, name)

    phone.send_photo(files.jpeg_photo(), "Tomorrow at 16:00, she has a fever.")
    await stage.settled()

    told = text_of(phone.last())
    assert told.startswith("I can only take text here, not a file with a caption.")
    assert SCENES[name].question in told


@every_dialogue
async def test_put_aside_it_says_so_and_goes_on_after_a_restart(stage: Stage, name: str) -> None:
    phone = await asked(stage, name)

    await write(stage, phone, "/settings")
    assert "aside" in all_text(phone)
    await stage.restart()
    await press(stage, phone, "Go on")

    assert all_text(phone).count(SCENES[name].question) == 1
    assert "aside" not in all_text(phone)


@every_dialogue
@pytest.mark.parametrize("below", [False, True], ids=["in the card's place", "below"])
async def test_put_aside_it_leaves_the_card_with_its_buttons(
    stage: Stage, name: str, below: bool
) -> None:
    scene = SCENES[name]
    phone: Phone = getattr(stage, scene.who)
    await scene.begin(stage)
    shown = {one["message_id"]: labels(one) for one in phone.messages()}
    for label in scene.taps:
        await press(stage, phone, label)
    if below:
        phone.send_sticker()
        await stage.settled()

    await write(stage, phone, "/settings")

    there = {one["message_id"]: labels(one) for one in phone.messages()}
    assert {one: there.get(one, shown[one]) for one in shown} == shown


@every_dialogue
async def test_after_a_restart_stop_takes_its_question_away(stage: Stage, name: str) -> None:
    phone = await asked(stage, name)
    await stage.restart()

    assert (await write(stage, phone, "/stop")).startswith("Stopped.")

    assert SCENES[name].question not in all_text(phone)


@every_dialogue
async def test_stop_ends_what_was_put_aside(stage: Stage, name: str) -> None:
    phone = await asked(stage, name)
    await write(stage, phone, "/settings")
    await stage.restart()

    assert (await write(stage, phone, "/stop")).startswith("Stopped.")

    assert "aside" not in all_text(phone)
    assert "Go on" not in phone.buttons()
    assert "There was nothing to stop." in await write(stage, phone, "/stop")
