"""Long polling: updates are stored before they are acknowledged (DESIGN 2, idea 5)."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from chat.context import build_application
from chat.conversation_states import ConversationStates
from jobs.update_polling import UpdatePolling
from models import OutboxMessage
from models.enums import MessageKind
from sandbox.faults import Fault
from sandbox.wire import Json
from sandbox.world import World
from services.messaging import inbox
from services.messaging.inbox import UpdateKey
from services.messaging.intake import Intake
from services.messaging.raw_updates import RawUpdate
from tests.builders import NOW
from tests.chat.calls import ME
from tests.raw_server import against
from tests.running import BOT_ID, TOKEN, Bench, bench, until
from tests.stored_updates import kept

GRACE = 5_000_000_101


@pytest.fixture
async def on(database_url: str) -> AsyncIterator[Bench]:
    async with bench(database_url) as made:
        made.world.add_person("Grace", user_id=GRACE, started=True)
        yield made


class Woken:
    """Counts how often the worker was woken."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@asynccontextmanager
async def polling(on: Bench, wake: Woken | None = None) -> AsyncIterator[UpdatePolling]:
    async def take_in(updates: Sequence[RawUpdate]) -> None:
        await Intake(on.world.token, on.clock).take(updates, on.app.database)
        if wake:
            wake()

    poller = UpdatePolling(on.application.bot, take_in, poll_seconds=1, pauses=(0.01, 0.02))
    poller.start()
    try:
        yield poller
    finally:
        await poller.stop()


def waiting(on: Bench) -> int:
    with on.database.reading() as session:
        return len(inbox.pending(session))


def stored(on: Bench, count: int) -> bool:
    return waiting(on) == count


async def test_updates_are_stored_as_they_came_and_the_worker_is_woken(on: Bench) -> None:
    wake = Woken()
    sent = on.phone(GRACE).send_text("hello 你好 /help")

    async with polling(on, wake):
        await until(lambda: stored(on, 1) and wake.times > 0)

    with on.database.reading() as session:
        (row,) = kept(session, inbox.pending(session))
    assert row.payload["message"]["text"] == "hello 你好 /help"
    assert row.payload["message"]["message_id"] == sent["message_id"]
    assert (row.chat_id, row.received_at, wake.times) == (GRACE, NOW, 1)


CHAT = {"id": GRACE, "type": "private", "first_name": "Grace"}
MESSAGE = {"message_id": 5, "date": 1_790_000_000, "chat": CHAT, "text": "hello"}
MEMBER = {"status": "guest_of_honour", "user": {"id": GRACE, "is_bot": False, "first_name": "G"}}
UNREADABLE: dict[str, tuple[str, Json]] = {
    "a chat without a type": ("message", MESSAGE | {"chat": {"id": GRACE}}),
    "an unknown member status": (
        "my_chat_member",
        {"chat": CHAT, "date": 0, "old_chat_member": MEMBER, "new_chat_member": MEMBER},
    ),
    "a date out of range": ("message", MESSAGE | {"date": 10**18}),
    "a chat of too high a number": ("message", MESSAGE | {"chat": CHAT | {"id": 2**63}}),
    "no object": ("message", "hello"),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_an_update_that_cannot_be_parsed_is_stored_and_stops_no_other(
    on: Bench, name: str
) -> None:
    kind, body = UNREADABLE[name]
    with on.world.turn():
        on.world.updates.push(kind, body, GRACE, on.world.now())
    on.phone(GRACE).send_text("hello")

    async with polling(on):
        await until(lambda: stored(on, 2))
        await until(lambda: not on.world.updates.waiting(on.world.now()))

    with on.database.reading() as session:
        unreadable, _ = kept(session, inbox.pending(session))
    assert unreadable.payload == {"update_id": unreadable.update_id, kind: body}


class RawTelegram:
    """Gives updates as they are written here, and forgets those that are acknowledged."""

    def __init__(self, *updates: str) -> None:
        self.left = dict(enumerate(updates, start=7))

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            asked = parse_qs((await reader.readexactly(int(length))).decode())
            is_poll = b"/getupdates" in head.lower()
            body = f'{{"ok":true,"result":{self._given(asked)}}}'.encode() if is_poll else ME
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def _given(self, asked: dict[str, list[str]]) -> str:
        offset, limit = int(asked.get("offset", ["0"])[0]), int(asked.get("limit", ["100"])[0])
        self.left = {number: text for number, text in self.left.items() if number >= offset}
        some = [f'{{"update_id":{number},{text}}}' for number, text in self.left.items()]
        return f"[{','.join(some[:limit])}]"


HELLO = f'"message":{json.dumps(MESSAGE)}'


@pytest.mark.parametrize(
    "poison", [f'"message":{"[" * 5000}{"]" * 5000}', f'"message":{"1" * 5000}', '"message":{?}']
)
async def test_an_update_that_python_cannot_read_is_set_aside_and_stops_no_other(
    on: Bench, poison: str
) -> None:
    telegram = RawTelegram(HELLO, poison, HELLO, HELLO, poison)

    async def take_in(updates: Sequence[RawUpdate]) -> None:
        await Intake(on.world.token, on.clock).take(updates, on.app.database)

    async with against(telegram) as address:
        application = build_application(on.app, ConversationStates(), TOKEN, api_url=address)
        async with application.bot:
            poller = UpdatePolling(application.bot, take_in, poll_seconds=0, pauses=(0.01,))
            poller.start()
            await until(lambda: not telegram.left)
            await poller.stop()

    with on.database.reading() as session:
        assert [key.update_id for key in inbox.pending(session)] == [7, 9, 10]
        aside = kept(session, [UpdateKey(BOT_ID, 8), UpdateKey(BOT_ID, 11)])
        told = session.exec(
            select(OutboxMessage).where(OutboxMessage.kind == MessageKind.UPDATE_SET_ASIDE)
        ).all()
    assert [row.set_aside_at for row in aside] == [NOW, NOW]
    assert [row.payload for row in told] == [{"update_id": 8}, {"update_id": 11}]


async def test_what_a_newer_telegram_adds_is_stored_too(on: Bench) -> None:
    body = MESSAGE | {"of_a_later_version": {"half": "\ud83d", "nul": "a\0b", "number": 2**70}}
    with on.world.turn():
        on.world.updates.push("message", body, GRACE, on.world.now())

    async with polling(on):
        await until(lambda: stored(on, 1))

    with on.database.reading() as session:
        (row,) = kept(session, inbox.pending(session))
    of_later = {"half": "\ufffd", "nul": "a\ufffdb", "number": 2**70}
    assert row.payload["message"] == MESSAGE | {"of_a_later_version": of_later}


async def test_a_new_bot_whose_count_meets_the_old_ones_loses_nothing(on: Bench) -> None:
    on.phone(GRACE).send_text("to the old bot")
    (old,) = on.take_in()
    with on.database.unit_of_work() as session:
        inbox.mark_done(session, UpdateKey(BOT_ID, old["update_id"]), NOW)
    new_token = f"{BOT_ID + 1}:test-token"

    async with bench(on.app.database.url, World(new_token, rates=None)) as new:
        new.world.add_person("Grace", user_id=GRACE, started=True)
        new.phone(GRACE).send_text("to the new bot")
        async with polling(new):
            await until(lambda: stored(new, 1))
        with new.database.reading() as session:
            (row,) = kept(session, inbox.pending(session))

    assert row.payload["message"]["text"] == "to the new bot"
    assert (row.bot_id, row.update_id) == (BOT_ID + 1, old["update_id"])


async def test_numbers_that_go_on_from_a_lower_one_after_a_silent_week_are_fetched(
    on: Bench,
) -> None:
    on.phone(GRACE).send_text("before")
    async with polling(on):
        await until(lambda: stored(on, 1))
        await until(lambda: not on.world.updates.waiting(on.world.now()))
        asked = on.world.updates.poller
        await until(lambda: on.world.updates.poller > asked + 1)
        on.world.updates.next_id = 1_000
        on.phone(GRACE).send_text("after")
        await until(lambda: stored(on, 2))


async def test_an_update_without_a_number_is_logged_and_stops_no_other(on: Bench) -> None:
    on.phone(GRACE).send_text("no number")
    with on.world.turn():
        (nameless,) = on.world.updates.waiting(on.world.now())
        nameless.update["update_id"] = True
    on.phone(GRACE).send_text("hello")

    with capture_logs() as told:
        async with polling(on):
            await until(lambda: stored(on, 1))

    assert {"event": "updates_without_number", "log_level": "error", "count": 1} in told


async def test_nothing_is_acknowledged_that_could_not_be_stored(
    on: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    on.phone(GRACE).send_text("hello")
    store = inbox.store
    failures = 0

    def fail_twice(*values: object) -> None:
        nonlocal failures
        if failures < 2:
            failures += 1
            raise OSError("the disk is full")
        store(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "store", fail_twice)
    async with polling(on):
        await until(lambda: failures == 2)
        await until(lambda: stored(on, 1))

    offsets = [call["fields"].get("offset") for call in on.world.calls.all("getUpdates")]
    assert [offset for offset in offsets[:3] if offset not in (None, "0", 0)] == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("getUpdates", "status", times=3, status=502),
        Fault("getUpdates", "status", times=3, status=500),
        Fault("getUpdates", "status", times=3, status=409),
        Fault("getUpdates", "retry_after", times=1, retry_after=1),
        Fault("deleteWebhook", "status", times=2, status=500),
    ],
    ids=["502", "500", "409", "429", "at the start"],
)
async def test_polling_survives_what_telegram_answers_on_a_bad_day(on: Bench, fault: Fault) -> None:
    on.world.faults.plan(replace(fault))
    on.phone(GRACE).send_text("hello")

    async with polling(on) as poller:
        await until(lambda: stored(on, 1))
        assert poller.silent_seconds < 5


async def test_a_second_poller_is_outlived(on: Bench) -> None:
    async with bench(on.app.database.url, on.world) as other, polling(on), polling(other):
        await asyncio.sleep(0.3)
        on.phone(GRACE).send_text("hello")
        await until(lambda: stored(on, 1))


async def test_silence_is_measured_since_the_last_answer(on: Bench) -> None:
    on.world.faults.plan(Fault("getUpdates", "status", times=1000, status=502))

    async with polling(on) as poller:
        await asyncio.sleep(0.2)
        assert poller.silent_seconds >= 0.2
        on.world.faults.clear()
        await until(lambda: poller.silent_seconds < 0.1)


async def test_a_webhook_that_was_set_is_taken_away_and_its_updates_are_kept(on: Bench) -> None:
    await on.application.bot.set_webhook("https://example.com/hook")
    on.phone(GRACE).send_text("hello")

    async with polling(on):
        await until(lambda: stored(on, 1))


async def test_long_silence_is_an_error_in_the_log(
    on: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.update_polling.TOO_SILENT_SECONDS", 0.1)
    on.world.faults.plan(Fault("getUpdates", "status", times=1000, status=502))

    async with polling(on) as poller:
        with capture_logs() as before:
            await poller.watch()
        await asyncio.sleep(0.2)
        with capture_logs() as after:
            await poller.watch()
        on.world.faults.clear()

    assert before == []
    assert [line["event"] for line in after if line["log_level"] == "error"] == ["polling_silent"]
