"""What is no fault of an update is not counted against it; what cannot be parsed is set aside."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from telegram import Update
from telegram.ext import MessageHandler, filters

from chat.context import Context
from models.enums import MessageKind
from sandbox.wire import Json
from services.db import Database
from services.messaging import inbox
from services.messaging.inbox import TRIES
from tests.builders import NOW
from tests.databases import PostgresDatabases
from tests.jobs.test_update_worker import GRACE, MEI, Echo, outbox, rows
from tests.recorded_logs import debug_logs
from tests.running import BOT_ID, Bench, bench


@pytest.fixture
async def on(database_url: str) -> AsyncIterator[Bench]:
    async with bench(database_url) as made:
        made.world.add_person("Grace", user_id=GRACE, started=True)
        made.world.add_person("Mei", user_id=MEI, started=True)
        yield made


END_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:///{}", "postgresql+psycopg://a@127.0.0.1:1/b"])
async def test_a_database_out_of_reach_is_no_fault_of_an_update(
    on: Bench, url: str, tmp_path: Path
) -> None:
    heard: list[str] = []
    away = Database(url.format(tmp_path))  # a folder, or a port at which nobody listens

    async def hear(update: Update, _context: Context) -> None:
        assert update.effective_message
        heard.append(update.effective_message.text or "")
        if len(heard) < TRIES + 2:
            await away.write(lambda session: session.connection())

    on.application.add_handler(MessageHandler(filters.TEXT, hear))
    worker = on.worker()
    on.phone(GRACE).send_text("hello")
    on.take_in()

    await worker.drain()
    await away.close()

    assert heard == ["hello"] * (TRIES + 2)
    assert [(row.done_at, row.attempts, row.error) for row in rows(on)] == [(NOW, 0, None)]


async def test_a_done_mark_that_meets_a_dead_connection_is_no_failure_of_its_update(
    postgresql: PostgresDatabases,
) -> None:
    heard = 0
    with postgresql.fresh() as url:
        async with bench(url) as on:

            async def hear(_update: Update, _context: Context) -> None:
                nonlocal heard
                heard += 1
                if heard == 1:
                    with on.database.unit_of_work() as session:
                        session.execute(END_OTHERS)

            on.application.add_handler(MessageHandler(filters.TEXT, hear))
            worker = on.worker()
            on.world.add_person("Grace", user_id=GRACE, started=True)
            on.phone(GRACE).send_text("hello")
            on.take_in()

            await worker.drain()

            assert heard == 1  # only the mark is written again
            assert [(row.done_at, row.attempts) for row in rows(on)] == [(NOW, 0)]


async def test_the_error_kept_with_an_update_and_in_the_log_holds_nobodys_words(on: Bench) -> None:
    Echo(on, {"poison": KeyError("Emily Lim")})
    worker = on.worker()
    on.phone(GRACE).send_text("poison")
    on.take_in()

    with debug_logs() as told:
        await worker.drain()

    (row,) = rows(on)
    assert row.error is not None
    assert row.error.startswith("KeyError at tests/jobs/test_update_worker.py:")
    assert "update_set_aside" in told.getvalue()
    assert "Emily" not in row.error + told.getvalue()


CHAT = {"id": GRACE, "type": "private", "first_name": "Grace"}
MESSAGE = {"message_id": 5, "date": 1_790_000_000, "chat": CHAT, "text": "Emily Lim"}
UNREADABLE: dict[str, Json] = {
    "a chat without a type": {"message": MESSAGE | {"chat": {"id": GRACE}}},
    "a date out of range": {"message": MESSAGE | {"date": 10**18}},
    "a chat of too high a number": {"message": MESSAGE | {"chat": CHAT | {"id": 2**63}}},
    "a sender of too high a number": {"message": MESSAGE | {"from": CHAT | {"id": 2**63}}},
    "no object": {"message": "Emily Lim"},
    "a member without a status": {
        "my_chat_member": {"chat": CHAT, "date": 0, "old_chat_member": {}, "new_chat_member": {}}
    },
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_cannot_be_parsed_is_set_aside_at_once_and_everybody_else_is_answered(
    on: Bench, name: str
) -> None:
    echo = Echo(on)
    worker = on.worker()
    on.phone(GRACE).send_text("after")
    on.phone(MEI).send_text("hello")
    first = on.take_in()[0]["update_id"]
    with on.database.unit_of_work() as session:
        inbox.store(session, BOT_ID, [{"update_id": first - 1} | UNREADABLE[name]], NOW)

    with debug_logs() as told:
        await worker.drain()

    assert sorted(echo.heard) == ["after", "hello"]
    unreadable, *others = rows(on)
    assert (unreadable.set_aside_at, unreadable.done_at) == (NOW, None)
    assert (unreadable.error or "").startswith("UnreadableUpdateError at jobs/update_reading.py")
    assert [row.done_at for row in others] == [NOW, NOW]
    assert outbox(on) == [(MessageKind.UPDATE_SET_ASIDE, {"update_id": first - 1})]
    assert "Emily" not in told.getvalue()


async def test_the_updates_of_two_bots_are_handled_side_by_side(on: Bench) -> None:
    echo = Echo(on)
    worker = on.worker()
    on.phone(GRACE).send_text("to the new bot")
    (new,) = on.take_in()
    old = new | {"message": new["message"] | {"text": "to the old bot"}}
    with on.database.unit_of_work() as session:
        inbox.store(session, 7, [old], NOW)

    await worker.drain()

    assert echo.heard == ["to the old bot", "to the new bot"]
    assert [(row.bot_id, row.done_at) for row in rows(on)] == [(7, NOW), (BOT_ID, NOW)]
