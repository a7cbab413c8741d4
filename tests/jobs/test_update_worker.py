"""The worker: order within a chat, concurrency across chats, nothing lost (DESIGN 2, idea 5)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlmodel import col, delete, select
from telegram import Update
from telegram.ext import ApplicationHandlerStop, MessageHandler, filters

from chat.context import Context
from jobs.update_worker import UpdateWorker
from models import InboxUpdate, OutboxMessage
from models.enums import MessageKind
from sandbox.faults import Fault
from services.messaging import inbox
from services.messaging.inbox import TRIES
from services.messaging.pages_read import PAGE
from services.rules.refusals import Refusal
from services.rules.refusals.standing import NotLinked
from tests.builders import NOW
from tests.running import BOT_ID, Bench, bench, until

GRACE = 5_000_000_101
MEI = 5_000_000_102


@pytest.fixture
async def on(database_url: str) -> AsyncIterator[Bench]:
    async with bench(database_url) as made:
        made.world.add_person("Grace", user_id=GRACE, started=True)
        made.world.add_person("Mei", user_id=MEI, started=True)
        yield made


class Echo:
    """A handler that notes what it is given, and fails on the texts it is told to."""

    def __init__(self, bench: Bench, poison: dict[str, Exception] | None = None) -> None:
        self.heard: list[str] = []
        self.poison = poison or {}
        bench.application.add_handler(MessageHandler(filters.TEXT, self.hear))

    async def hear(self, update: Update, context: Context) -> None:
        assert update.effective_message
        text = update.effective_message.text or ""
        self.heard.append(text)
        if text in self.poison:
            raise self.poison[text]
        await context.bot.send_message(update.effective_message.chat_id, f"heard {text}")


def rows(on: Bench) -> list[InboxUpdate]:
    with on.database.reading() as session:
        query = select(InboxUpdate).order_by(col(InboxUpdate.bot_id), col(InboxUpdate.update_id))
        return list(session.exec(query).all())


def outbox(on: Bench) -> list[tuple[MessageKind, object]]:
    with on.database.reading() as session:
        found = session.exec(select(OutboxMessage)).all()
    return [(row.kind, row.payload) for row in found]


async def test_every_update_is_handled_once_and_marked_done(on: Bench) -> None:
    echo = Echo(on)
    worker = on.worker()
    for text in ("one", "two", "three"):
        on.phone(GRACE).send_text(text)
    on.take_in()

    await worker.drain()
    await worker.drain()

    assert echo.heard == ["one", "two", "three"]
    assert [row.done_at for row in rows(on)] == [NOW] * 3


async def test_a_handler_sees_the_instant_of_arrival_however_late_it_runs(on: Bench) -> None:
    seen = []

    async def hear(_update: Update, context: Context) -> None:
        seen.append(context.received_at)

    on.application.add_handler(MessageHandler(filters.TEXT, hear))
    worker = on.worker()
    on.phone(GRACE).send_text("hello")
    on.take_in()
    on.clock.forward(hours=2)

    await worker.drain()

    assert seen == [NOW]


async def test_updates_of_one_chat_are_in_order_and_chats_do_not_wait_for_each_other(
    on: Bench,
) -> None:
    gate = asyncio.Event()
    heard: list[tuple[int, str]] = []

    async def hear(update: Update, _context: Context) -> None:
        assert update.effective_chat
        assert update.effective_message
        if update.effective_message.text == "wait":
            await gate.wait()
        heard.append((update.effective_chat.id, update.effective_message.text or ""))

    on.application.add_handler(MessageHandler(filters.TEXT, hear))
    worker = on.worker()
    for text in ("wait", "after"):
        on.phone(GRACE).send_text(text)
    for text in ("first", "second"):
        on.phone(MEI).send_text(text)
    on.take_in()
    await worker.start()

    await until(lambda: len(heard) == 2)
    assert heard == [(MEI, "first"), (MEI, "second")]
    gate.set()
    await worker.drain()
    await worker.stop()

    assert heard[2:] == [(GRACE, "wait"), (GRACE, "after")]


async def test_no_more_chats_than_the_width_are_answered_at_once(on: Bench) -> None:
    at_once = most = 0

    async def hear(_update: Update, _context: Context) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1

    on.application.add_handler(MessageHandler(filters.TEXT, hear))
    worker = on.worker(width=2)
    for number in range(6):
        person = on.world.add_person(f"P{number}", started=True)
        on.phone(person.id).send_text("hello")
    on.take_in()

    await worker.drain()

    assert most == 2


async def test_a_poisonous_update_is_set_aside_after_three_tries_and_blocks_nobody(
    on: Bench,
) -> None:
    echo = Echo(on, {"poison": KeyError("Emily Lim")})
    worker = on.worker()
    for text in ("before", "poison", "after"):
        on.phone(GRACE).send_text(text)
    _, poisonous, _ = on.take_in()

    await worker.drain()

    assert echo.heard == ["before", "poison", "poison", "poison", "after"]
    before, poison, after = rows(on)
    assert (poison.attempts, poison.set_aside_at, poison.done_at) == (3, NOW, None)
    assert before.done_at == after.done_at == NOW
    aside = (MessageKind.UPDATE_SET_ASIDE, {"update_id": poisonous["update_id"]})
    assert outbox(on) == [aside]


async def test_an_update_that_fails_once_is_done_at_the_second_try(on: Bench) -> None:
    echo = Echo(on, {"hiccup": RuntimeError("once")})
    worker = on.worker()
    on.phone(GRACE).send_text("hiccup")
    on.take_in()
    done = asyncio.create_task(worker.drain())

    await until(lambda: len(echo.heard) == 1)
    echo.poison.clear()
    await done

    (row,) = rows(on)
    assert (row.attempts, row.done_at) == (1, NOW)
    assert echo.heard == ["hiccup", "hiccup"]


async def test_an_update_is_not_set_aside_because_telegram_is_out_of_reach(on: Bench) -> None:
    echo = Echo(on)
    on.world.faults.plan(Fault("sendMessage", "status", times=TRIES + 2, status=502))
    on.phone(GRACE).send_text("hello")
    on.take_in()

    await on.worker().drain()

    assert echo.heard == ["hello"] * (TRIES + 3)
    assert [(row.done_at, row.attempts) for row in rows(on)] == [(NOW, 0)]


async def test_an_update_that_cannot_even_be_read_is_set_aside(on: Bench) -> None:
    worker = on.worker()
    raw = {"update_id": 1, "message": {"message_id": "?", "chat": {"id": GRACE}}}
    with on.database.unit_of_work() as session:
        inbox.store(session, BOT_ID, [raw], NOW)

    await worker.drain()

    (row,) = rows(on)
    assert row.set_aside_at == NOW


async def test_a_refusal_that_was_put_into_words_is_no_failure(on: Bench) -> None:
    async def say_why(_update: object, context: Context) -> None:
        if isinstance(context.error, Refusal):
            raise ApplicationHandlerStop

    echo = Echo(on, {"too early": NotLinked()})
    on.application.add_error_handler(say_why)
    worker = on.worker()
    on.phone(GRACE).send_text("too early")
    on.take_in()

    await worker.drain()

    assert echo.heard == ["too early"]
    (row,) = rows(on)
    assert (row.attempts, row.done_at) == (0, NOW)


async def test_an_error_handler_that_fails_itself_leaves_the_failure_to_be_tried_again(
    on: Bench,
) -> None:
    async def say_why(_update: object, _context: Context) -> None:
        raise RuntimeError("no words for it")

    echo = Echo(on, {"too early": NotLinked()})
    on.application.add_error_handler(say_why)
    worker = on.worker()
    on.phone(GRACE).send_text("too early")
    on.take_in()

    await worker.drain()

    assert echo.heard == ["too early"] * 3


async def test_somebody_who_blocked_the_bot_meanwhile_waits_for_no_answer(on: Bench) -> None:
    echo = Echo(on)
    worker = on.worker()
    on.phone(GRACE).send_text("hello")
    on.take_in()
    on.phone(GRACE).block()

    await worker.drain()

    assert echo.heard == ["hello"]
    (row,) = rows(on)
    assert (row.attempts, row.done_at, outbox(on)) == (0, NOW, [])


async def test_after_a_start_what_was_not_done_is_handled_and_the_rest_is_not(
    on: Bench, database_url: str
) -> None:
    Echo(on)
    first = on.worker()
    on.phone(GRACE).send_text("done")
    on.take_in()
    await first.drain()
    on.phone(GRACE).send_text("not done")
    on.take_in()

    async with bench(database_url, on.world) as again:
        echo = Echo(again)
        worker = again.worker()
        await worker.start()
        await until(lambda: echo.heard == ["not done"])
        await worker.stop()

    assert echo.heard == ["not done"]


async def test_stopping_finishes_what_is_being_handled_and_begins_nothing_more(on: Bench) -> None:
    gate = asyncio.Event()
    heard: list[str] = []

    async def hear(update: Update, _context: Context) -> None:
        assert update.effective_message
        heard.append(update.effective_message.text or "")
        await gate.wait()

    on.application.add_handler(MessageHandler(filters.TEXT, hear))
    worker = on.worker()
    for text in ("one", "two"):
        on.phone(GRACE).send_text(text)
    on.take_in()
    await worker.start()
    await until(lambda: heard == ["one"])

    stopping = asyncio.create_task(worker.stop())
    gate.set()
    await stopping

    assert heard == ["one"]
    assert [row.done_at for row in rows(on)] == [NOW, None]


async def test_more_than_a_page_is_handled_in_order(on: Bench) -> None:
    echo = Echo(on)
    worker = on.worker()
    texts = [str(number) for number in range(2 * PAGE + 1)]
    for written in texts:
        on.phone(GRACE).send_text(written)
    while on.take_in():
        pass

    await worker.drain()

    assert echo.heard == texts


async def test_an_update_that_is_stored_later_than_its_followers_is_found(on: Bench) -> None:
    gate = asyncio.Event()
    heard: list[str] = []

    async def hear(update: Update, _context: Context) -> None:
        assert update.effective_message
        heard.append(update.effective_message.text or "")
        await gate.wait()

    on.application.add_handler(MessageHandler(filters.TEXT, hear))
    worker = on.worker()
    for user_id, written in ((MEI, "earlier"), (GRACE, "later")):
        on.phone(user_id).send_text(written)
    *_, earlier, later = on.take_in()
    with on.database.unit_of_work() as session:
        session.exec(delete(InboxUpdate).where(col(InboxUpdate.update_id) == earlier["update_id"]))
    await worker.start()
    await until(lambda: heard == ["later"])

    with on.database.unit_of_work() as session:
        inbox.store(session, BOT_ID, [earlier, later], NOW)
    worker.wake()
    await until(lambda: heard == ["later", "earlier"])

    gate.set()
    await worker.drain()
    await worker.stop()


async def test_what_is_taken_in_is_handled_once_and_in_order_while_the_worker_looks(
    on: Bench,
) -> None:
    echo = Echo(on)
    worker = on.worker()
    await worker.start()
    batches = []
    for number in range(40):
        on.phone(GRACE).send_text(f"{number}")
        batches.append(on.fetch())

    async def keep_looking() -> None:
        for _ in range(60):
            worker.wake()
            await asyncio.sleep(0.001)

    looking = asyncio.create_task(keep_looking())
    for batch in batches:
        await worker.take_in(batch)
    await looking
    await until(lambda: all(row.done_at for row in rows(on)))
    await worker.stop()

    assert echo.heard == [f"{number}" for number in range(40)]


async def test_what_telegram_sends_again_is_not_handled_again(on: Bench) -> None:
    echo = Echo(on)
    worker = on.worker()
    await worker.start()
    on.phone(GRACE).send_text("once")
    first = on.fetch()
    on.phone(GRACE).send_text("twice")

    await worker.take_in(first)
    await until(lambda: echo.heard == ["once"])
    await worker.take_in([*first, *on.fetch()])
    await worker.take_in(first)
    await until(lambda: [bool(row.done_at) for row in rows(on)] == [True, True])
    await worker.stop()

    assert echo.heard == ["once", "twice"]


async def test_what_could_not_be_stored_is_not_handled(
    on: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = Echo(on)
    worker = on.worker()
    await worker.start()
    on.phone(GRACE).send_text("hello")
    found = on.fetch()
    with monkeypatch.context() as broken:
        broken.setattr(inbox, "store", _full)
        with pytest.raises(OSError, match="full"):
            await worker.take_in(found)

    assert echo.heard == []
    await worker.take_in(found)  # as Telegram sends it again
    await until(lambda: echo.heard == ["hello"])
    await worker.stop()


def _full(*_values: object) -> None:
    raise OSError("the disk is full")


async def test_a_finished_update_wakes_the_sender(on: Bench) -> None:
    Echo(on)
    woken: list[bool] = []
    on.app.wake_relay = lambda: woken.append(True)
    worker: UpdateWorker = on.worker()
    on.phone(GRACE).send_text("hello")
    on.take_in()

    await worker.drain()

    assert woken == [True]
