"""Intake: updates of the bot on their way into the inbox, by polling or by webhook."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from services.database_errors import is_away
from services.db import Database
from services.messaging import inbox
from services.messaging.inbox import UpdateKey, WaitingUpdate
from services.messaging.raw_updates import RawUpdate
from services.ports import Clock


class Intake:
    """Intake of one bot's updates. What it has taken in is on disk, and may be acknowledged."""

    def __init__(self, token: str, clock: Clock) -> None:
        """`token`: the bot's, whose number is part of the key of its updates."""
        self._bot_id = int(token.partition(":")[0])
        self._clock = clock
        self._arrivals: list[_Arrival] = []
        self._storing: asyncio.Task[None] | None = None

    def keys(self, updates: Sequence[RawUpdate]) -> list[UpdateKey]:
        """Keys under which updates are stored."""
        return [UpdateKey(self._bot_id, raw["update_id"]) for raw in updates]

    async def take(self, updates: Sequence[RawUpdate], database: Database) -> list[WaitingUpdate]:
        """Store updates that have just arrived, and return them; or nothing, where the inbox has to
        be looked at for what is new. Raises an error where nothing could be stored.

        Those that arrive while others are being stored are stored together after them.
        """
        arrival = _Arrival(updates, database, asyncio.get_running_loop().create_future())
        self._arrivals.append(arrival)
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store_arrivals())
        return await arrival.stored

    async def _store_arrivals(self) -> None:
        while self._arrivals:
            database = self._arrivals[0].database
            batch = [one for one in self._arrivals if one.database is database]
            self._arrivals = [one for one in self._arrivals if one.database is not database]
            try:
                stored = await self._store([raw for one in batch for raw in one.updates], database)
            except Exception as error:  # noqa: BLE001 - each caller is told
                for one in batch:
                    if not one.stored.done():
                        one.stored.set_exception(error)
                continue
            for one in batch:
                if not one.stored.done():
                    one.stored.set_result(stored[: len(one.updates)])
                stored = stored[len(one.updates) :]

    async def _store(self, updates: Sequence[RawUpdate], database: Database) -> list[WaitingUpdate]:
        """Store all by one statement; one by one only where the database refuses one of them."""
        now = self._clock.now()
        try:
            return await database.write(inbox.store, self._bot_id, updates, now)
        except Exception as error:
            if is_away(error):
                raise
            await database.write(inbox.store_each, self._bot_id, updates, now)
            return []


class _Arrival(NamedTuple):
    """Updates that arrived together, and where they are to be stored."""

    updates: Sequence[RawUpdate]
    database: Database
    stored: "asyncio.Future[list[WaitingUpdate]]"
