"""A loop that looks for work: at once when called, and otherwise every so often."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from chat.error_place import place_of

logger = structlog.get_logger(__name__)


class PollLoop:
    """Runs `look` until it is stopped. A look that fails is logged, and the next one comes."""

    def __init__(self, look: Callable[[], Awaitable[None]], every: float) -> None:
        """`every`: seconds between looks when nobody calls."""
        self._look = look
        self._every = every
        self._called = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._looking = asyncio.create_task(self._keep_looking())

    def wake(self) -> None:
        """Say that there may be something to do now."""
        self._called.set()

    async def stop(self) -> None:
        """End the looking, where it stands."""
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking

    async def _keep_looking(self) -> None:
        while True:
            self._called.clear()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                logger.warning("look_failed", error=place_of(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._called.wait(), self._every)
