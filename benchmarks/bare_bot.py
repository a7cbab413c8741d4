"""Floor for an update: python-telegram-bot's dispatch, one reply, one durable commit."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from benchmarks.stub_request import TOKEN, StubRequest
from benchmarks.updates import RawUpdate

BareContext = CallbackContext[Any, dict[Any, Any], dict[Any, Any], dict[Any, Any]]
BareApplication = Application[Any, BareContext, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]


class BareBot:
    """Bot that answers every update with one message, and stores it."""

    def __init__(self, application: BareApplication, path: Path) -> None:
        self.application = application
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, payload TEXT)")

    async def handle_one(self, raw: RawUpdate) -> None:
        """Handle one update: answer it, insert it and commit."""
        update = Update.de_json(raw, self.application.bot)
        await self.application.process_update(update)
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO kept (payload) VALUES (?)", (json.dumps(raw),))
        self._connection.execute("COMMIT")

    async def handle(self, updates: Sequence[RawUpdate]) -> None:
        """Handle several updates at once."""
        await asyncio.gather(*map(self.handle_one, updates))

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


async def _answer(update: Update, context: BareContext) -> None:
    if update.effective_chat is not None:
        await context.bot.send_message(update.effective_chat.id, "You are checked in.")


@contextlib.asynccontextmanager
async def bare_bot(folder: Path) -> AsyncIterator[BareBot]:
    """Bare bot on the same stub of the Bot API as the product."""
    stub = StubRequest()
    application: BareApplication = (
        Application.builder()
        .token(TOKEN)
        .request(stub)
        .get_updates_request(stub)
        .updater(None)
        .job_queue(None)
        .build()
    )
    application.add_handler(CommandHandler("checkin", _answer))
    application.add_handler(CallbackQueryHandler(_answer))
    application.add_handler(MessageHandler(filters.TEXT, _answer))
    await application.initialize()
    bot = BareBot(application, folder / "floor.sqlite")
    try:
        yield bot
    finally:
        bot.close()
        await application.shutdown()
