"""A queue that keeps the order within a key, for the update worker and the outbox relay."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

import structlog

from services.error_place import place_of

Item = TypeVar("Item", bound=Hashable)

logger = structlog.get_logger(__name__)


class KeyedQueue(Generic[Item]):
    """A queue for each key: items of one key one at a time, those of different keys at once.

    An item that is queued already is not queued again. `handle` limits how many run at once, so
    that an item that only waits for a retry keeps no other waiting.
    """

    def __init__(self, handle: Callable[[Item], Awaitable[None]]) -> None:
        self._handle = handle
        self._queues: dict[Hashable, deque[Item]] = {}
        self._known: set[Item] = set()
        self._finished: set[Item] = set()
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._has_run_empty = asyncio.Event()
        self._stopping = False

    def put(self, key: Hashable, item: Item) -> None:
        """Queue an item after those of the same key."""
        if item in self._known or self._stopping:
            return
        self._known.add(item)
        if key in self._queues:
            self._queues[key].append(item)
            return
        self._queues[key] = deque([item])
        self._has_run_empty.clear()
        self._tasks[key] = asyncio.create_task(self._run(key))

    def look_begins(self) -> None:
        """Forget the finished items. Call it before each query for work: an item that is finished
        during the query is in its result, and must not be queued again.
        """
        self._finished.clear()

    def has(self, item: Item) -> bool:
        """Whether the item is queued, or was finished since the last query began."""
        return item in self._known or item in self._finished

    def has_more(self, key: Hashable) -> bool:
        """Whether an item of this key waits for the current one."""
        return len(self._queues.get(key, ())) > 1

    @property
    def is_idle(self) -> bool:
        return not self._known

    async def idle(self) -> None:
        """Wait until every queue has run empty."""
        while self._queues:
            await self._has_run_empty.wait()

    async def stop(self, within_seconds: float) -> None:
        """Let each key finish its current item; cancel those that take more than the seconds."""
        self._stopping = True
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks.values(), timeout=within_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, key: Hashable) -> None:
        queue = self._queues[key]
        try:
            while queue and not self._stopping:
                await self._handle_next(queue)
        finally:
            self._known.difference_update(queue)
            del self._queues[key], self._tasks[key]
            if not self._queues:
                self._has_run_empty.set()

    async def _handle_next(self, queue: deque[Item]) -> None:
        item = queue[0]
        try:
            await self._handle(item)
        except Exception as error:  # noqa: BLE001 - one item must not end the queue
            logger.critical("lane_failed", error=place_of(error))
        finally:
            queue.popleft()
            self._known.discard(item)
            self._finished.add(item)
