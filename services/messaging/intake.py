"""Intake: updates of the bot on their way into the inbox, by polling or by webhook."""

from collections.abc import Sequence

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

    def keys(self, updates: Sequence[RawUpdate]) -> list[UpdateKey]:
        """Keys under which updates are stored."""
        return [UpdateKey(self._bot_id, raw["update_id"]) for raw in updates]

    async def take(self, updates: Sequence[RawUpdate], database: Database) -> list[WaitingUpdate]:
        """Store updates that have just arrived, and return them; or nothing, where the inbox has to
        be looked at for what is new. Raises an error where nothing could be stored.

        All are stored by one statement; one by one only where the database refuses one of them.
        """
        now = self._clock.now()
        try:
            return await database.write(inbox.store, self._bot_id, updates, now)
        except Exception as error:
            if is_away(error):
                raise
            await database.write(inbox.store_each, self._bot_id, updates, now)
            return []
