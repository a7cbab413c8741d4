"""In order within a chat, concurrently across chats: what worker and sender both stand on."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

import structlog

from chat.error_place import place_of

Item = TypeVar("Item", bound=Hashable)

logger = structlog.get_logger(__name__)


class KeyedQueue(Generic[Item]):
    """A queue for each key, and one item of a key at a time.

    An item that is there already is not taken a second time. How much may go on at once is for
    `handle` to limit, so that one that only waits keeps nobody else waiting.
    """

    def __init__(self, handle: Callable[[Item], Awaitable[None]]) -> None:
        self._handle = handle
        self._queues: dict[Hashable, deque[Item]] = {}
        self._known: set[Item] = set()
        self._finished: set[Item] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def put(self, key: Hashable, item: Item) -> None:
        """Queue an item behind those of the same key."""
        if item in self._known or self._stopping:
            return
        self._known.add(item)
        if key in self._queues:
            self._queues[key].append(item)
            return
        self._queues[key] = deque([item])
        task = asyncio.create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def look_begins(self) -> None:
        """Whoever is about to ask the database what there is to do says so here: what is finished
        in between is in the answer still, and must not be taken a second time.
        """
        self._finished.clear()

    def has(self, item: Item) -> bool:
        """Whether the item is here, or was when the last look began."""
        return item in self._known or item in self._finished

    @property
    def is_idle(self) -> bool:
        return not self._known

    async def idle(self) -> None:
        """Wait until every queue has run empty."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self, within_seconds: float) -> None:
        """Let each key finish the item it is at; what takes longer than that is cut off."""
        self._stopping = True
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=within_seconds)
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
            del self._queues[key]

    async def _handle_next(self, queue: deque[Item]) -> None:
        item = queue[0]
        try:
            await self._handle(item)
        except Exception as error:  # noqa: BLE001 - one item must not end the lane
            logger.critical("lane_failed", error=place_of(error))
        finally:
            queue.popleft()
            self._known.discard(item)
            self._finished.add(item)
