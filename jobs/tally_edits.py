"""Edits of tallies, each in a task of its own: no batch waits for another, and no file for any."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from chat.patient_writes import surely
from services.error_place import place_of

logger = structlog.get_logger(__name__)


class TallyEdits:
    """Shows changed batches, one edit at a time for each.

    An edit waits for the database; one that fails for another reason is only logged.
    """

    def __init__(self, show: Callable[[int], Awaitable[None]]) -> None:
        """`show` edits the tally of a batch, by its id."""
        self._show = show
        self._changed: set[int] = set()
        """Batches that changed since their last edit began."""
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def changed(self, batch_id: int) -> None:
        """Show the batch: now, or once more when its current edit is done."""
        self._changed.add(batch_id)
        if batch_id not in self._tasks:
            self._tasks[batch_id] = asyncio.create_task(self._run(batch_id))

    async def idle(self) -> None:
        """Wait until every change is shown."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def stop(self) -> None:
        """Cancel the edits; a tally that is not up to date is edited by the next change."""
        for task in self._tasks.values():
            task.cancel()
        await self.idle()

    async def _run(self, batch_id: int) -> None:
        try:
            while batch_id in self._changed:
                self._changed.discard(batch_id)
                await self._show_surely(batch_id)
        finally:
            self._changed.discard(batch_id)
            del self._tasks[batch_id]

    async def _show_surely(self, batch_id: int) -> None:
        try:
            await surely(partial(self._show, batch_id))
        except Exception as error:  # noqa: BLE001 - the file is stored all the same
            logger.warning("tally_not_edited", batch_id=batch_id, error=place_of(error))
