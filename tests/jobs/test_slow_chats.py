"""Chats in which calls hang, or that have to wait, keep nobody else waiting (DESIGN 2, 5 and 6)."""

from collections.abc import AsyncIterator, Callable, Sequence

import pytest
from telegram import Update
from telegram.ext import MessageHandler, filters

from chat import replies
from chat.context import Context
from jobs.rate_limits import RateLimits
from sandbox.faults import Fault
from tests.jobs.outgoing import Outgoing
from tests.running import Bench, bench, until

HANGING = 100
"""More than slots, and more than a pool of connections usually has."""
MANY = 1_000
OTHERS = 30
NEVER = 300.0
"""Seconds for which a call hangs: longer than any test."""


@pytest.fixture
async def on(database_url: str) -> AsyncIterator[Bench]:
    async with bench(database_url) as made:
        yield made


def hang(on: Bench, chat_ids: Sequence[int]) -> Callable[[], bool]:
    """Make every call for these chats hang; whether one of each does by now."""
    faults = [
        Fault("*", "timeout_before", times=MANY, seconds=NEVER, chat_id=chat_id)
        for chat_id in chat_ids
    ]
    for fault in faults:
        on.world.faults.plan(fault)
    return lambda: all(fault.times < MANY for fault in faults)


def has_text(on: Bench, chat_id: int, text: str) -> bool:
    return text in [message.get("text", "") for message in on.phone(chat_id).messages()]


async def all_have(on: Bench, chat_ids: Sequence[int], text: str) -> None:
    """Wait until each chat has this message; fails where one waits for a call that hangs."""
    await until(lambda: all(has_text(on, chat_id, text) for chat_id in chat_ids), seconds=60)


async def test_messages_to_hanging_chats_delay_nobody_elses(out: Outgoing) -> None:
    out.bench.impatient(NEVER)
    hanging = [out.person() for _ in range(HANGING)]
    others = [out.person() for _ in range(OTHERS)]
    all_hang = hang(out.bench, [person.telegram_user_id or 0 for person in hanging])
    for person in hanging:
        await out.write(person, "slow")
    relay = out.relay(look_every=0.05)
    relay.start()
    await until(all_hang, seconds=30)

    for person in others:
        await out.write(person, "quick")
    relay.wake()

    await all_have(out.bench, [one.telegram_user_id or 0 for one in others], "quick")
    await relay.stop(within_seconds=0)


async def test_taps_in_hanging_chats_delay_nobody_elses(on: Bench) -> None:
    async def echo(update: Update, context: Context) -> None:
        assert update.effective_chat
        await context.bot.send_message(update.effective_chat.id, "heard")

    on.application.add_handler(MessageHandler(filters.TEXT, echo))
    on.impatient(NEVER)
    people = [on.world.add_person(f"P{n}", started=True).id for n in range(HANGING + OTHERS)]
    hanging, others = people[:HANGING], people[HANGING:]
    all_hang = hang(on, hanging)
    worker = on.worker()
    await worker.start()
    say_hello(on, hanging)
    worker.wake()
    await until(all_hang, seconds=30)

    say_hello(on, others)
    worker.wake()

    await all_have(on, others, "heard")
    await worker.stop(within_seconds=0)


def say_hello(on: Bench, chat_ids: Sequence[int]) -> None:
    """Send something from each chat, and store it."""
    for chat_id in chat_ids:
        on.phone(chat_id).send_text("hello")
    while on.take_in():
        pass


async def test_a_chat_that_waits_for_its_turn_holds_no_slot(out: Outgoing) -> None:
    grace, mei = out.person(), out.person()
    relay = out.relay(width=1, pacing=RateLimits(chat_per_second=1))
    for number in range(30):  # half a minute, a second each
        await out.write(grace, f"{number}")
    relay.start()
    await until(lambda: len(out.composed) >= 2)

    await out.write(mei, "at once")
    relay.wake()

    await until(lambda: out.texts(mei.telegram_user_id) == ["at once"])
    await relay.stop(within_seconds=0)


async def test_retry_after_holds_no_slot_of_the_worker(on: Bench) -> None:
    async def echo(update: Update, context: Context) -> None:
        assert update.effective_chat
        chat_id = update.effective_chat.id
        await replies.once_more(lambda: context.bot.send_message(chat_id, "heard"))

    on.application.add_handler(MessageHandler(filters.TEXT, echo))
    slow, quick = (on.world.add_person(name, started=True).id for name in ("Grace", "Mei"))
    on.world.faults.plan(Fault("sendMessage", "retry_after", chat_id=slow, retry_after=300))
    for chat_id in (slow, quick):
        on.phone(chat_id).send_text("hello")
    on.take_in()
    worker = on.worker(width=1)
    await worker.start()

    await all_have(on, [quick], "heard")

    assert not has_text(on, slow, "heard")
    await worker.stop(within_seconds=0)
