"""Failures of Telegram and of composing, and what the relay does after each (DESIGN 2, idea 6)."""

import asyncio
import time

import pytest

from chat.message_parts import Send
from chat.screen import Screen
from models import ChatMigration, OutboxMessage
from models.enums import MessageKind
from sandbox.faults import Fault
from services.messaging import deliveries
from services.ports import MediaUnavailableError
from tests.builders import NOW
from tests.jobs.outgoing import Outgoing
from tests.running import GROUP_ID, bench, until


async def test_retry_after_is_obeyed_to_the_second(out: Outgoing) -> None:
    grace, mei = out.person(), out.person()
    out.bench.world.faults.plan(Fault("sendMessage", "retry_after", times=1, retry_after=1))
    await out.write(grace, "patience")
    relay = out.relay()
    began = time.monotonic()
    done = asyncio.create_task(relay.drain())
    await until(lambda: len(out.bench.world.calls.all("sendMessage")) == 1)
    await out.write(mei, "meanwhile")

    await asyncio.gather(done, relay.drain())

    assert 1.0 <= time.monotonic() - began < 4.0
    assert out.texts(grace.telegram_user_id) == ["patience"]
    assert out.texts(mei.telegram_user_id) == ["meanwhile"]
    assert len(out.bench.world.calls.all("sendMessage")) == 3


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_message_outlives_telegrams_bad_days(out: Outgoing, status: int) -> None:
    grace = out.person()
    number = await out.write(grace)
    out.bench.world.faults.plan(Fault("sendMessage", "status", times=7, status=status))

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == ["hello"]
    assert out.row(number).sent_at == NOW


async def test_a_message_outlives_a_telegram_that_cannot_be_reached(database_url: str) -> None:
    async with bench(database_url) as on:
        out = Outgoing(on)
        grace = out.person()
        number = await out.write(grace)
        on.world.faults.plan(Fault("sendMessage", "timeout_before", times=1, seconds=0.2))

        await out.relay().drain()

        assert out.row(number).sent_at == NOW
        assert out.texts(grace.telegram_user_id) == ["hello"]


async def test_what_telegram_refuses_is_given_up_and_said_once(out: Outgoing) -> None:
    grace = out.person()
    broken = await out.write(grace, "<b>never closed")
    await out.write(grace, "fine")

    await out.relay().drain()

    row = out.row(broken)
    assert (row.sent_at, row.failed_at) == (None, NOW)
    assert row.error
    assert row.error.startswith("BadRequest: Can't parse entities")
    assert out.texts(grace.telegram_user_id) == ["fine"]
    assert out.notices() == [(MessageKind.MESSAGE_GIVEN_UP, {"message_id": broken})]
    assert out.texts(GROUP_ID) == ["message_given_up"]


async def test_a_notice_that_cannot_be_sent_itself_is_not_told_of(out: Outgoing) -> None:
    out.composer = lambda _message: Send(Screen("<b>never closed"))
    number = await out.write(None)

    await out.relay().drain()

    kinds = [kind for kind, _ in out.notices()]
    assert kinds == [MessageKind.MESSAGE_GIVEN_UP]
    assert out.row(number).failed_at == NOW


async def test_a_group_that_got_a_new_id_is_followed_for_good(out: Outgoing) -> None:
    first = await out.write(None, "before")
    out.bench.world.faults.plan(Fault("sendMessage", "migrated", times=1))
    await out.relay().drain()
    second = await out.write(None, "after")

    await out.relay().drain()

    with out.bench.database.reading() as session:
        moved = session.get(ChatMigration, GROUP_ID)
        assert moved
        assert deliveries.current_chat(session, GROUP_ID) == moved.new_chat_id
    assert moved.new_chat_id != GROUP_ID
    places = [out.row(number).chat_id for number in (first, second)]
    assert places == [moved.new_chat_id] * 2


async def test_a_group_that_threw_the_bot_out_is_tried_again_later(out: Outgoing) -> None:
    number = await out.write(None, "anybody?")
    out.bench.world.faults.plan(Fault("sendMessage", "status", times=2, status=403))

    await out.relay().drain()

    assert out.row(number).sent_at == NOW
    assert out.texts(GROUP_ID) == ["anybody?"]


async def test_what_cannot_be_composed_is_given_up_after_three_tries(out: Outgoing) -> None:
    def compose(message: OutboxMessage) -> Send:
        if message.id == broken:
            raise KeyError("Emily")
        return Send(Screen(message.kind.value))

    grace = out.person()
    broken = await out.write(grace)
    await out.write(grace)
    out.composer = compose
    relay = out.relay()
    for _ in range(4):
        await relay.drain()
        out.bench.clock.forward(minutes=1)

    row = out.row(broken)
    assert out.composed.count(broken) == 3
    assert row.error == "KeyError: 'Emily'"
    assert row.failed_at
    assert out.texts(grace.telegram_user_id) == ["notes_added"]


async def test_a_message_whose_file_is_out_of_reach_waits_while_others_go_first(
    out: Outgoing,
) -> None:
    away = True

    def compose(message: OutboxMessage) -> Send:
        if message.payload["text"] == "file" and away:
            raise MediaUnavailableError
        return Send(Screen(message.payload["text"]))

    grace = out.person()
    out.composer = compose
    await out.write(grace, "file")
    await out.write(grace, "other")
    relay = out.relay()
    for _ in range(5):
        await relay.drain()
        out.bench.clock.forward(minutes=2)
    assert out.texts(grace.telegram_user_id) == ["other"]

    away = False
    await relay.drain()

    assert out.texts(grace.telegram_user_id) == ["other", "file"]
    assert out.notices() == []
