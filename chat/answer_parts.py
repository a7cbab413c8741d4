"""Answers of several messages, each of which is sent once however often the update is tried."""

from collections.abc import Awaitable, Callable
from functools import partial

from chat.context import Context
from chat.patient_writes import surely
from chat.replies import once_more
from services.db import Database
from services.messaging import answers
from services.messaging.inbox import UpdateKey


class AnswerParts:
    """The messages of one answer, which come in the same order at every try."""

    def __init__(self, database: Database, update: UpdateKey, sent: int) -> None:
        """`sent`: how many of them earlier tries have sent."""
        self._database = database
        self._update = update
        self._sent = sent
        self._number = 0

    @classmethod
    async def of(cls, context: Context) -> "AnswerParts":
        """The answer to the update that is being handled."""
        if context.received is None:
            raise LookupError("no update is being handled")
        database, update = context.app.database, context.received.key
        return cls(database, update, await database.read(answers.parts_sent, update))

    async def send(self, call: Callable[[], Awaitable[object]]) -> None:
        """Send the next message, unless an earlier try has sent it."""
        self._number += 1
        if self._number > self._sent:
            await once_more(call)
            write = self._database.write
            await surely(partial(write, answers.mark_part_sent, self._update, self._number))
