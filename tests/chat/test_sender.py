"""The sender: nothing lost, nobody pestered, every answer of Telegram's obeyed (DESIGN 2, 6)."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import col, update

from chat.delivery import Nothing, Send
from chat.screen import Screen
from models import ChatMigration, OutboxMessage, Person
from models.enums import MessageKind
from sandbox.faults import Fault
from services import deliveries
from services.ports import MediaUnavailableError
from tests.builders import NOW
from tests.chat.outgoing import Outgoing
from tests.running import GROUP_ID, bench, until


@pytest.fixture
async def out(database_url: str) -> AsyncIterator[Outgoing]:
    async with bench(database_url) as on:
        member = on.world.add_person("Priya", started=True)
        on.world.add_group("Coordinators", [member.id], group_id=GROUP_ID)
        yield Outgoing(on)


async def change(out: Outgoing, person: Person, **values: object) -> None:
    async with out.bench.house.database.unit_of_work() as session:
        await session.exec(update(Person).where(col(Person.id) == person.id).values(**values))


async def test_a_message_is_sent_once_and_its_place_is_kept(out: Outgoing) -> None:
    grace = await out.person()
    number = await out.write(grace, "Emily's notes are there")
    sender = out.sender()

    await sender.drain()
    await sender.drain()

    (message,) = out.messages(grace.telegram_user_id)
    row = await out.row(number)
    assert message["text"] == "Emily's notes are there"
    assert (row.sent_at, row.failed_at, row.error) == (NOW, None, None)
    assert (row.chat_id, row.message_id) == (grace.telegram_user_id, message["message_id"])


async def test_messages_to_one_reader_keep_their_order_and_readers_do_not_wait_for_each_other(
    out: Outgoing,
) -> None:
    slow, quick = await out.person(), await out.person()
    for number in range(3):
        await out.write(slow, f"slow {number}")
    await out.write(quick, "quick")
    out.bench.world.faults.plan(Fault("sendMessage", "delay", times=1, seconds=0.5))
    sender = out.sender()
    done = asyncio.create_task(sender.drain())

    await until(lambda: out.texts(quick.telegram_user_id) == ["quick"])
    assert out.texts(slow.telegram_user_id) == []
    await done

    assert out.texts(slow.telegram_user_id) == ["slow 0", "slow 1", "slow 2"]


async def test_a_message_is_not_sent_before_it_is_due(out: Outgoing) -> None:
    grace = await out.person()
    await out.write(grace, "later", due_at=NOW + timedelta(hours=1))
    sender = out.sender()
    await sender.drain()
    assert out.texts(grace.telegram_user_id) == []

    out.bench.clock.forward(hours=1)
    await sender.drain()

    assert out.texts(grace.telegram_user_id) == ["later"]


async def test_a_message_that_makes_no_sense_any_more_is_not_sent(out: Outgoing) -> None:
    grace = await out.person()
    number = await out.write(grace, "too late", expires_at=NOW + timedelta(hours=1))
    out.bench.clock.forward(hours=1)

    await out.sender().drain()

    row = await out.row(number)
    assert out.texts(grace.telegram_user_id) == []
    assert (row.sent_at, row.failed_at, row.error) == (None, out.bench.clock.now(), "expired")
    assert await out.notices() == []


@pytest.mark.parametrize("missing", ["started_at", "telegram_user_id"])
async def test_a_message_waits_for_somebody_who_never_pressed_start(
    out: Outgoing, missing: str
) -> None:
    grace = await out.person(**{missing: None})
    account = out.bench.world.add_person("Grace", started=True).id
    number = await out.write(grace, "welcome")
    sender = out.sender()
    await sender.drain()
    row = await out.row(number)
    assert (row.sent_at, row.failed_at, row.attempts) == (None, None, 0)

    await change(out, grace, started_at=NOW, telegram_user_id=account)
    await sender.drain()

    assert out.texts(account) == ["welcome"]


async def test_who_blocked_the_bot_is_marked_and_told_of_once_and_the_messages_wait(
    out: Outgoing,
) -> None:
    grace = await out.person()
    out.bench.phone(grace.telegram_user_id or 0).block()
    for text in ("first", "second"):
        await out.write(grace, text)
    sender = out.sender()

    await sender.drain()

    async with out.bench.house.database.reading() as session:
        found = await session.get(Person, grace.id)
    assert found
    assert found.unreachable_since == NOW
    assert await out.notices() == [(MessageKind.PERSON_UNREACHABLE, {"person_id": grace.id})]
    assert out.texts(GROUP_ID) == ["person_unreachable"]

    out.bench.phone(grace.telegram_user_id or 0).unblock()
    await change(out, grace, unreachable_since=None)
    await sender.drain()
    assert out.texts(grace.telegram_user_id)[-2:] == ["first", "second"]


async def test_retry_after_is_obeyed_to_the_second(out: Outgoing) -> None:
    grace, mei = await out.person(), await out.person()
    out.bench.world.faults.plan(Fault("sendMessage", "retry_after", times=1, retry_after=1))
    await out.write(grace, "patience")
    sender = out.sender()
    began = time.monotonic()
    done = asyncio.create_task(sender.drain())
    await until(lambda: len(out.bench.world.calls.all("sendMessage")) == 1)
    await out.write(mei, "meanwhile")

    await asyncio.gather(done, sender.drain())

    assert 1.0 <= time.monotonic() - began < 4.0
    assert out.texts(grace.telegram_user_id) == ["patience"]
    assert out.texts(mei.telegram_user_id) == ["meanwhile"]
    assert len(out.bench.world.calls.all("sendMessage")) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_message_outlives_telegrams_bad_days(out: Outgoing, status: int) -> None:
    grace = await out.person()
    number = await out.write(grace)
    out.bench.world.faults.plan(Fault("sendMessage", "status", times=7, status=status))

    await out.sender().drain()

    assert out.texts(grace.telegram_user_id) == ["hello"]
    assert (await out.row(number)).sent_at == NOW


async def test_a_message_outlives_a_telegram_that_cannot_be_reached(database_url: str) -> None:
    async with bench(database_url) as on:
        out = Outgoing(on)
        grace = await out.person()
        number = await out.write(grace)
        on.world.faults.plan(Fault("sendMessage", "timeout_before", times=1, seconds=0.2))

        await out.sender().drain()

        assert (await out.row(number)).sent_at == NOW
        assert out.texts(grace.telegram_user_id) == ["hello"]


async def test_what_telegram_refuses_is_given_up_and_said_once(out: Outgoing) -> None:
    grace = await out.person()
    broken = await out.write(grace, "<b>never closed")
    await out.write(grace, "fine")

    await out.sender().drain()

    row = await out.row(broken)
    assert (row.sent_at, row.failed_at) == (None, NOW)
    assert row.error
    assert row.error.startswith("BadRequest: Can't parse entities")
    assert out.texts(grace.telegram_user_id) == ["fine"]
    told = {"message_id": broken, "kind": "notes_added", "person_id": grace.id}
    assert await out.notices() == [(MessageKind.MESSAGE_GIVEN_UP, told)]
    assert out.texts(GROUP_ID) == ["message_given_up"]


async def test_a_notice_that_cannot_be_sent_itself_is_not_told_of(out: Outgoing) -> None:
    out.composer = lambda _message: Send(Screen("<b>never closed"))
    number = await out.write(None)

    await out.sender().drain()

    kinds = [kind for kind, _ in await out.notices()]
    assert kinds == [MessageKind.MESSAGE_GIVEN_UP]
    assert (await out.row(number)).failed_at == NOW


async def test_a_group_that_got_a_new_id_is_followed_for_good(out: Outgoing) -> None:
    first = await out.write(None, "before")
    out.bench.world.faults.plan(Fault("sendMessage", "migrated", times=1))
    await out.sender().drain()
    second = await out.write(None, "after")

    await out.sender().drain()

    async with out.bench.house.database.reading() as session:
        moved = await session.get(ChatMigration, GROUP_ID)
        assert moved
        assert await deliveries.current_chat(session, GROUP_ID) == moved.new_chat_id
    assert moved.new_chat_id != GROUP_ID
    places = [(await out.row(number)).chat_id for number in (first, second)]
    assert places == [moved.new_chat_id] * 2


async def test_a_group_that_threw_the_bot_out_is_tried_again_later(out: Outgoing) -> None:
    number = await out.write(None, "anybody?")
    out.bench.world.faults.plan(Fault("sendMessage", "status", times=2, status=403))

    await out.sender().drain()

    assert (await out.row(number)).sent_at == NOW
    assert out.texts(GROUP_ID) == ["anybody?"]


async def test_what_cannot_be_composed_is_given_up_after_three_tries(out: Outgoing) -> None:
    def compose(message: OutboxMessage) -> Send:
        if message.id == broken:
            raise KeyError("Emily")
        return Send(Screen(message.kind.value))

    grace = await out.person()
    broken = await out.write(grace)
    await out.write(grace)
    out.composer = compose
    sender = out.sender()
    for _ in range(4):
        await sender.drain()
        out.bench.clock.forward(minutes=1)

    row = await out.row(broken)
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

    grace = await out.person()
    out.composer = compose
    await out.write(grace, "file")
    await out.write(grace, "other")
    sender = out.sender()
    for _ in range(5):
        await sender.drain()
        out.bench.clock.forward(minutes=2)
    assert out.texts(grace.telegram_user_id) == ["other"]

    away = False
    await sender.drain()

    assert out.texts(grace.telegram_user_id) == ["other", "file"]
    assert await out.notices() == []


async def test_a_message_with_nothing_to_say_is_done_with_its_reason(out: Outgoing) -> None:
    grace = await out.person()
    out.composer = lambda _message: Nothing("the session has moved")
    number = await out.write(grace)

    await out.sender().drain()

    row = await out.row(number)
    assert (row.sent_at, row.message_id, row.error) == (NOW, None, "the session has moved")
    assert out.texts(grace.telegram_user_id) == []


async def test_in_quiet_hours_messages_come_silently_unless_they_ring(out: Outgoing) -> None:
    grace = await out.person()
    out.bench.clock.forward(hours=8)
    out.composer = lambda message: Send(
        Screen(message.payload["text"]), rings=message.payload["text"] == "dispute"
    )
    await out.write(grace, "notes")
    await out.write(grace, "dispute")

    await out.sender().drain()

    silent = {
        call["fields"]["text"]: call["fields"].get("disable_notification") in (True, "true")
        for call in out.bench.calls("sendMessage")
    }
    assert silent == {"notes": True, "dispute": False}


async def test_the_quiet_hours_are_those_of_the_readers_own_zone(out: Outgoing) -> None:
    mei = await out.person(time_zone="America/New_York")
    await out.write(mei)

    await out.sender().drain()

    (call,) = out.bench.calls("sendMessage")
    assert call["fields"].get("disable_notification") in (True, "true")


async def test_a_started_sender_sends_what_it_is_woken_for_and_what_time_makes_due(
    out: Outgoing,
) -> None:
    grace = await out.person()
    sender = out.sender(look_every=0.05)
    sender.start()
    await out.write(grace, "now")
    sender.wake()
    await until(lambda: out.texts(grace.telegram_user_id) == ["now"])

    await out.write(grace, "later", due_at=NOW + timedelta(hours=1))
    out.bench.clock.forward(hours=1)
    await until(lambda: out.texts(grace.telegram_user_id) == ["now", "later"])
    await sender.stop()


async def test_stopping_finishes_the_message_on_its_way(out: Outgoing) -> None:
    grace = await out.person()
    first, second = await out.write(grace, "one"), await out.write(grace, "two")
    out.bench.world.faults.plan(Fault("sendMessage", "timeout_after", times=1, seconds=0.3))
    sender = out.sender()
    sender.start()
    await until(lambda: out.texts(grace.telegram_user_id) == ["one"])

    await sender.stop()

    assert (await out.row(first)).sent_at == NOW
    assert (await out.row(second)).sent_at is None
