"""Calls that wait at the same time, run together: one read or one commit serves many messages."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from services.database_errors import is_away

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 100
"""Most items of a batch."""


class Batches(Generic[Item, Result]):
    """Gathers the items of one turn of the event loop, or of the time that a batch takes."""

    def __init__(
        self, run: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], *, at_once: int
    ) -> None:
        """`run` gives a result for each item; at most `at_once` batches run at the same time."""
        self._run = run
        self._at_once = at_once
        self._waiting: list[_Waiting[Item, Result]] = []
        self._running: set[asyncio.Task[None]] = set()

    async def add(self, item: Item) -> Result:
        """Run an item with others, and return its result.

        An item that makes a whole batch fail fails alone: the others are run once more.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()
        self._waiting.append(_Waiting(item, answer))
        if len(self._waiting) == 1:
            loop.call_soon(self._begin)
        return await answer

    def _begin(self) -> None:
        while self._waiting and len(self._running) < self._at_once:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            task = asyncio.create_task(self._settle(batch))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._begin()

    async def _settle(self, batch: "Sequence[_Waiting[Item, Result]]") -> None:
        batch = [one for one in batch if not one.answer.done()]
        try:
            results = await self._run([one.item for one in batch])
        except Exception as error:  # noqa: BLE001 - it is raised where the items were added
            if len(batch) > 1 and not is_away(error):
                for one in batch:
                    await self._settle([one])
                return
            for one in batch:
                if not one.answer.done():
                    one.answer.set_exception(error)
            return
        for one, result in zip(batch, results, strict=True):
            if not one.answer.done():
                one.answer.set_result(result)


class _Waiting(NamedTuple, Generic[Item, Result]):
    item: Item
    answer: "asyncio.Future[Result]"
