"""The world on disk, restored after a restart as it was at its last change."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.bot_api.webhook import Webhook
from sandbox.wire import Json

if TYPE_CHECKING:
    from sandbox.world import World

_TABLES = """
CREATE TABLE IF NOT EXISTS part (name TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    chat_id INTEGER, message_id INTEGER, body TEXT NOT NULL, PRIMARY KEY (chat_id, message_id));
"""


class SavedState:
    """One SQLite file; only what has changed is written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(
            folder / "world.sqlite3", check_same_thread=False, isolation_level=None
        )
        self._database.execute("PRAGMA journal_mode = WAL")
        # Enough for a killed process; only a power cut could lose the last changes.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_TABLES)
        self._written: dict[str, str] = {}

    def save(self, world: World) -> None:
        """Write the world's changes since the last save, in one transaction."""
        changed = world.messages.take_changed()
        parts = {name: json.dumps(part) for name, part in _parts(world).items()}
        self._database.execute("BEGIN IMMEDIATE")
        for name, body in parts.items():
            if self._written.get(name) != body:
                self._database.execute("REPLACE INTO part VALUES (?, ?)", (name, body))
        for chat_id, message_id in changed:
            self._write_message(world, chat_id, message_id)
        self._database.execute("COMMIT")
        self._written = parts

    def _write_message(self, world: World, chat_id: int, message_id: int) -> None:
        message = world.messages.get(chat_id, message_id)
        if message is None:
            self._database.execute(
                "DELETE FROM message WHERE chat_id = ? AND message_id = ?", (chat_id, message_id)
            )
        else:
            self._database.execute(
                "REPLACE INTO message VALUES (?, ?, ?)", (chat_id, message_id, json.dumps(message))
            )

    def restore(self, world: World) -> None:
        """Fill a new world with what was saved, if anything was."""
        parts: Json = {
            name: json.loads(body)
            for name, body in self._database.execute("SELECT name, body FROM part")
        }
        if not parts:
            return
        world.clock.resume_at(datetime.fromisoformat(parts["clock"]))
        world.directory.restore(parts["directory"])
        world.files.restore(parts["files"])
        world.updates.restore(parts["updates"])
        world.taps.restore(parts["taps"])
        world.webhook = Webhook(**parts["webhook"])
        world.profile.commands = parts["profile"]["commands"]
        world.profile.menu_buttons = parts["profile"]["menu_buttons"]
        world.profile.texts = parts["profile"]["texts"]
        world.keyboards.shown = parts["keyboards"]["shown"]
        world.keyboards.forced = parts["keyboards"]["forced"]
        self._restore_messages(world, parts["last_message_id"])

    def _restore_messages(self, world: World, last_id: int) -> None:
        rows = self._database.execute("SELECT body FROM message ORDER BY chat_id, message_id")
        for (body,) in rows:
            world.messages.put(json.loads(body))
        world.messages.last_id = last_id
        world.messages.take_changed()


def _parts(world: World) -> Json:
    return {
        "clock": world.now().isoformat(),
        "directory": world.directory.as_json(),
        "files": world.files.as_json(),
        "updates": world.updates.as_json(),
        "taps": world.taps.as_json(),
        "webhook": asdict(world.webhook),
        "profile": asdict(world.profile),
        "keyboards": {"shown": world.keyboards.shown, "forced": world.keyboards.forced},
        "last_message_id": world.messages.last_id,
    }
