"""The loop by which one process of several on a database does the work (SPEC 11).

free lease -> take it -> begin: load the dialogues, start every job    held lease -> stand by
lost lease -> `Ending`: this process ends
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from jobs.poll_loop import PollLoop
from services.ending import MustEndError
from services.error_place import place_of
from services.ownership import Ownership

logger = structlog.get_logger(__name__)


class BeginningFailedError(MustEndError):
    """The process became the active one, and could not start its jobs."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"The jobs cannot be started, so the program ends: {place_of(error)}")


class OwnerLoop:
    """Loop that takes the lease when it is free, begins the work then, and keeps the lease."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership
        self._owned = asyncio.Event()
        self._beginning: asyncio.Task[None] | None = None
        self._poll = PollLoop(self._look, ownership.times.look_every)

    async def start(self, begin: Callable[[], Awaitable[None]]) -> None:
        """Begin the work if the lease is free; stand by for it otherwise, and begin then."""
        await self._look()
        self._poll.start()
        if self._owned.is_set():
            await begin()
        else:
            logger.warning("standing_by", owner=self._ownership.owner())
            self._beginning = asyncio.create_task(self._begin_later(begin))

    async def stop_beginning(self) -> None:
        """Stop to stand by; a beginning that is under way is cut short."""
        if self._beginning is not None:
            self._beginning.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beginning

    async def let_go(self) -> None:
        """Let another process begin at once. Call it when the jobs are stopped."""
        await self._poll.stop()
        try:
            await self._ownership.let_go()
        except Exception as error:  # noqa: BLE001 - the lease runs out by itself
            logger.warning("lease_not_let_go", error=place_of(error))
        await self._ownership.close()

    async def _look(self) -> None:
        if await self._ownership.look():
            self._owned.set()

    async def _begin_later(self, begin: Callable[[], Awaitable[None]]) -> None:
        await self._owned.wait()
        logger.warning("taking_over")
        try:
            await begin()
        except Exception as error:  # noqa: BLE001 - another process, or the next start, may do better
            self._ownership.database.ending.report(BeginningFailedError(error))
