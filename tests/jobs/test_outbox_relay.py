"""The outbox relay: order, retries, rate limits and unreachable people (DESIGN 2, idea 6)."""

import asyncio
import threading
from datetime import timedelta

import pytest
from sqlmodel import col, update

from chat.message_parts import Nothing, Send
from chat.screen import Screen
from models import Person
from models.enums import MessageKind
from sandbox.faults import Fault
from services.messaging.pages_read import PAGE
from tests.builders import NOW
from tests.jobs.outgoing import Outgoing
from tests.running import GROUP_ID, until


def change(out: Outgoing, person: Person, **values: object) -> None:
    with out.bench.database.unit_of_work() as session:
        session.exec(update(Person).where(col(Person.id) == person.id).values(**values))


async def test_a_message_is_sent_once_and_its_place_is_kept(out: Outgoing) -> None:
    grace = out.person()
    number = await out.write(grace, "Emily's notes are there")
    relay = out.relay()

    await relay.drain()
    await relay.drain()

    (message,) = out.messages(grace.telegram_user_id)
    row = out.row(number)
    assert message["text"] == "Emily's notes are there"
    assert (row.sent_at, row.failed_at, row.error) == (NOW, None, None)
    assert (row.chat_id, row.message_id) == (grace.telegram_user_id, message["message_id"])


async def test_messages_to_one_reader_keep_their_order_and_readers_do_not_wait_for_each_other(
    out: Outgoing,
) -> None:
    slow, quick = out.person(), out.person()
    for number in range(3):
        await out.write(slow, f"slow {number}")
    await out.write(quick, "quick")
    chat_id = slow.telegram_user_id
    out.bench.world.faults.plan(Fault("sendMessage", "delay", seconds=1.0, chat_id=chat_id))
    done = asyncio.create_task(out.relay().drain())

    await until(lambda: out.texts(quick.telegram_user_id) == ["quick"])
    assert out.texts(slow.telegram_user_id) == []
    await done

    assert out.texts(slow.telegram_user_id) == ["slow 0", "slow 1", "slow 2"]


async def test_more_than_a_page_is_sent_past_what_waits_for_its_reader(out: Outgoing) -> None:
    absent, grace = out.person(), out.person()
    change(out, absent, started_at=None)
    for number in range(PAGE + 1):
        await out.write(absent, f"absent {number}")
    for number in range(PAGE + 1):
        await out.write(grace, f"{number}")
    relay = out.relay()

    await relay.drain()
    change(out, absent, started_at=NOW)
    await relay.drain()

    assert out.texts(grace.telegram_user_id) == [str(number) for number in range(PAGE + 1)]
    assert len(out.texts(absent.telegram_user_id)) == PAGE + 1


async def test_a_message_due_earlier_than_others_that_were_sent_already_is_found(
    out: Outgoing,
) -> None:
    held, late = out.person(), out.person()
    numbers = [await out.write(held, due_at=NOW) for _ in range(2)]
    gate = out.gates[numbers[0]] = threading.Event()
    relay = out.relay(look_every=0.02)
    relay.start()
    await until(lambda: out.composed == numbers[:1])

    await out.write(late, "late", due_at=NOW - timedelta(seconds=5))
    await until(lambda: out.texts(late.telegram_user_id) == ["late"])

    gate.set()
    await relay.stop()


async def test_a_message_is_not_sent_before_it_is_due(out: Outgoing) -> None:
    grace = out.person()
    await out.write(grace, "later", due_at=NOW + timedelta(hours=1))
    relay = out.relay()
    await relay.drain()
    assert out.texts(grace.telegram_user_id) == []

    out.bench.clock.forward(hours=1)
    await relay.drain()

    assert out.texts(grace.telegram_user_id) == ["later"]


async def test_a_message_that_makes_no_sense_any_more_is_not_sent(out: Outgoing) -> None:
    grace = out.person()
    number = await out.write(grace, "too late", expires_at=NOW + timedelta(hours=1))
    out.bench.clock.forward(hours=1)

    await out.relay().drain()

    row = out.row(number)
    assert out.texts(grace.telegram_user_id) == []
    assert (row.sent_at, row.failed_at, row.error) == (None, out.bench.clock.now(), "expired")
    assert out.notices() == []


@pytest.mark.parametrize("missing", ["started_at", "telegram_user_id"])
async def test_a_message_waits_for_somebody_who_never_pressed_start(
    out: Outgoing, missing: str
) -> None:
    grace = out.person(**{missing: None})
    account = out.bench.world.add_person("Grace", started=True).id
    number = await out.write(grace, "welcome")
    relay = out.relay()
    await relay.drain()
    row = out.row(number)
    assert (row.sent_at, row.failed_at, row.attempts) == (None, None, 0)

    change(out, grace, started_at=NOW, telegram_user_id=account)
    await relay.drain()

    assert out.texts(account) == ["welcome"]


async def test_who_blocked_the_bot_is_marked_and_told_of_once_and_the_messages_wait(
    out: Outgoing,
) -> None:
    grace = out.person()
    out.bench.phone(grace.telegram_user_id or 0).block()
    for text in ("first", "second"):
        await out.write(grace, text)
    relay = out.relay()

    await relay.drain()

    with out.bench.database.reading() as session:
        found = session.get(Person, grace.id)
    assert found
    assert found.unreachable_since == NOW
    assert out.notices() == [(MessageKind.PERSON_UNREACHABLE, {"person_id": grace.id})]
    assert out.texts(GROUP_ID) == ["person_unreachable"]

    out.bench.phone(grace.telegram_user_id or 0).unblock()
    change(out, grace, unreachable_since=None)
    await relay.drain()
    assert out.texts(grace.telegram_user_id)[-2:] == ["first", "second"]


async def test_a_message_with_nothing_to_say_is_done_with_its_reason(out: Outgoing) -> None:
    grace = out.person()
    out.composer = lambda _message: Nothing("the session has moved")
    number = await out.write(grace)

    await out.relay().drain()

    row = out.row(number)
    assert (row.sent_at, row.message_id, row.error) == (NOW, None, "the session has moved")
    assert out.texts(grace.telegram_user_id) == []


async def test_in_quiet_hours_messages_come_silently_unless_they_ring(out: Outgoing) -> None:
    grace = out.person()
    out.bench.clock.forward(hours=8)
    out.composer = lambda message: Send(
        Screen(message.payload["text"]), rings=message.payload["text"] == "dispute"
    )
    await out.write(grace, "notes")
    await out.write(grace, "dispute")

    await out.relay().drain()

    silent = {
        call["fields"]["text"]: call["fields"].get("disable_notification") in (True, "true")
        for call in out.bench.calls("sendMessage")
    }
    assert silent == {"notes": True, "dispute": False}


async def test_the_quiet_hours_are_those_of_the_readers_own_zone(out: Outgoing) -> None:
    mei = out.person(time_zone="America/New_York")
    await out.write(mei)

    await out.relay().drain()

    (call,) = out.bench.calls("sendMessage")
    assert call["fields"].get("disable_notification") in (True, "true")


async def test_a_started_sender_sends_what_it_is_woken_for_and_what_time_makes_due(
    out: Outgoing,
) -> None:
    grace = out.person()
    relay = out.relay(look_every=0.05)
    relay.start()
    await out.write(grace, "now")
    relay.wake()
    await until(lambda: out.texts(grace.telegram_user_id) == ["now"])

    await out.write(grace, "later", due_at=NOW + timedelta(hours=1))
    out.bench.clock.forward(hours=1)
    await until(lambda: out.texts(grace.telegram_user_id) == ["now", "later"])
    await relay.stop()


async def test_stopping_finishes_the_message_on_its_way(out: Outgoing) -> None:
    grace = out.person()
    first, second = await out.write(grace, "one"), await out.write(grace, "two")
    out.bench.world.faults.plan(Fault("sendMessage", "timeout_after", times=1, seconds=0.3))
    relay = out.relay()
    relay.start()
    await until(lambda: out.texts(grace.telegram_user_id) == ["one"])

    await relay.stop()

    assert out.row(first).sent_at == NOW
    assert out.row(second).sent_at is None
