"""Dialogues: one at a time in a chat, parked, left, rolled back and resumed (SPEC 9)."""

from collections.abc import AsyncIterator

import pytest
from telegram import Update

from chat.conversation_states import ConversationKey, ConversationStates
from sandbox.wire import Json
from services.messaging import conversation_state
from services.messaging.conversation_state import Position
from tests.conversations.two_dialogues import GRACE, MEI, Conversation, OrderDraft, converse
from tests.running import Bench, bench


@pytest.fixture
async def on(database_url: str) -> AsyncIterator[Bench]:
    async with bench(database_url) as on:
        on.world.add_person("Grace", user_id=GRACE, started=True)
        on.world.add_person("Mei", user_id=MEI, started=True)
        yield on


@pytest.fixture
def grace(on: Bench) -> Conversation:
    return converse(on)


async def test_a_dialogue_goes_from_question_to_question_and_ends(grace: Conversation) -> None:
    assert await grace.write("/order") == ["order, draft None"]
    assert await grace.write("noodles") == ["how many"]
    assert await grace.write("3") == ["3 x noodles"]
    assert await grace.write("3") == ["outside"]


async def test_a_finished_dialogue_leaves_no_draft_behind(grace: Conversation) -> None:
    for text in ("/order", "noodles", "3"):
        await grace.write(text)

    assert await grace.write("/order") == ["order, draft None"]
    assert stored(grace) == [("order", "dish", None)]


async def test_another_command_parks_the_dialogue_and_runs_in_the_same_update(
    grace: Conversation,
) -> None:
    await grace.write("/order")
    await grace.write("noodles")

    assert await grace.write("/menu") == ["parked order", "menu"]
    assert await grace.write("3") == ["outside"]
    assert await grace.write("/order") == ["order, draft noodles"]
    assert await grace.write("3") == ["3 x noodles"]


async def test_a_button_that_opens_another_dialogue_parks_the_one_before(
    grace: Conversation,
) -> None:
    await grace.write("/order")

    assert await grace.tap("survey") == ["parked order", "survey"]
    assert await grace.write("fine") == ["thanks"]


async def test_a_button_that_means_nothing_leaves_the_dialogue_be(grace: Conversation) -> None:
    await grace.write("/order")

    assert await grace.tap("long gone") == ["stale"]
    assert await grace.write("noodles") == ["how many"]


async def test_its_own_command_starts_a_dialogue_again_without_parking_it(
    grace: Conversation,
) -> None:
    await grace.write("/order")
    await grace.write("noodles")

    assert await grace.write("/order") == ["order, draft noodles"]


async def test_stop_leaves_the_dialogue_and_drops_its_draft(grace: Conversation) -> None:
    await grace.write("/order")
    await grace.write("noodles")

    assert await grace.write("/stop") == ["left order"]
    assert stored(grace) == []
    assert await grace.write("/stop") == ["left None"]
    assert await grace.write("/order") == ["order, draft None"]


async def test_an_edited_command_parks_nothing(grace: Conversation) -> None:
    sent = grace.phone.send_text("hello")
    await grace.write("/order")

    grace.phone.edit_text(sent["message_id"], "/menu")

    assert await grace.write("noodles") == ["menu", "how many"]


async def test_in_a_group_each_member_has_a_dialogue_of_their_own(on: Bench) -> None:
    group = on.world.add_group("Coordinators", [GRACE, MEI])
    grace = converse(on, GRACE, group.id)
    mei = Conversation(on, grace.dialogues, grace.worker, on.phone(MEI, group.id))
    command = f"/order@{on.world.bot.username}"
    assert await grace.write(command) == ["order, draft None"]

    asked = await on.application.bot.send_message(group.id, "which dish?")
    mei.phone.send_text("not mine", reply_to=asked.message_id)
    assert await mei.answers() == ["outside"]
    grace.phone.send_text("noodles", reply_to=asked.message_id)
    assert await grace.answers() == ["how many"]


async def test_after_a_failure_the_replay_finds_the_dialogue_as_it_was_before(
    grace: Conversation,
) -> None:
    await grace.write("/order")
    grace.dialogues.fails = 2

    assert await grace.write("noodles") == ["how many", "how many", "how many"]
    assert await grace.write("3") == ["3 x noodles"]


async def test_what_a_poisonous_update_drafted_is_taken_back(grace: Conversation) -> None:
    await grace.write("/order")
    grace.dialogues.fails = 3

    await grace.write("noodles")

    assert stored(grace) == [("order", "dish", None)]
    assert await grace.write("rice") == ["how many"]
    assert await grace.write("2") == ["2 x rice"]


async def test_after_a_restart_the_dialogue_goes_on_at_the_same_question(
    on: Bench, database_url: str
) -> None:
    before = converse(on)
    await before.write("/order")
    await before.write("noodles")

    async with bench(database_url, on.world) as again:
        after = converse(again)
        await after.worker.start()
        assert await after.write("3") == ["3 x noodles"]
        await after.worker.stop()


async def test_a_dialogue_parked_before_a_restart_keeps_its_draft(
    on: Bench, database_url: str
) -> None:
    before = converse(on)
    for text in ("/order", "noodles", "/menu"):
        await before.write(text)

    async with bench(database_url, on.world) as again:
        after = converse(again)
        await after.worker.start()
        assert await after.write("3") == ["outside"]
        assert await after.write("/order") == ["order, draft noodles"]
        await after.worker.stop()


def stored(of: Conversation) -> list[tuple[str, str | None, object]]:
    """The rows of dialogues on disk."""
    with of.bench.database.reading() as session:
        rows = conversation_state.load_all(session)
    return [(row.name, row.state, row.draft) for row in rows]


def test_a_state_that_the_program_no_longer_has_counts_as_parked() -> None:
    states = ConversationStates()
    states.register("order", ["dish"], OrderDraft)
    key = ConversationKey(GRACE, GRACE)

    states.load([(key, "order", Position("sauce", {"dish": "noodles"}))])

    assert states.snapshot(key) == {"order": Position(None, {"dish": "noodles"})}


def test_a_draft_of_another_shape_is_no_draft() -> None:
    states = ConversationStates()
    states.register("order", ["dish"], OrderDraft)
    states.load([(ConversationKey(GRACE, GRACE), "order", Position("dish", {"meal": 4}))])
    update = Update.de_json({"update_id": 1, "message": _message()}, None)

    assert states.draft(update, OrderDraft) is None


def test_entering_one_dialogue_parks_another() -> None:
    states = ConversationStates()
    states.register("order", ["dish"], None)
    states.register("survey", ["word"], None)
    key = ConversationKey(GRACE, GRACE)
    states.load([(key, "order", Position("dish", {"a": 1}))])

    states.enter(key, "survey", "word")

    assert states.snapshot(key) == {
        "order": Position(None, {"a": 1}),
        "survey": Position("word", None),
    }


def test_two_dialogues_of_one_name_are_refused() -> None:
    states = ConversationStates()
    states.register("order", ["dish"], None)

    with pytest.raises(ValueError, match="two dialogues are called order"):
        states.register("order", ["dish"], None)


def _message() -> Json:
    person = {"id": GRACE, "is_bot": False, "first_name": "Grace"}
    chat = {"id": GRACE, "type": "private"}
    return {"message_id": 1, "date": 0, "chat": chat, "from": person, "text": "x"}
