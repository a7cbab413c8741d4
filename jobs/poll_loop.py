"""A loop that looks for work at regular intervals, and at once when it is woken."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from services.error_place import place_of

logger = structlog.get_logger(__name__)

REST_SECONDS = 0.02
"""Pause after each look. Wakes of the meantime share the next one: under load, a look for each wake
would take longer than the work that it finds.
"""


class PollLoop:
    """Loop that calls `look` until it is stopped. A look that fails is logged, not raised."""

    def __init__(self, look: Callable[[], Awaitable[None]], every: float) -> None:
        """Make the loop; `every`: seconds between looks when it is not woken."""
        self._look = look
        self._every = every
        self._called = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Start the loop, with a first look now."""
        self._stopping = False
        self._looking = asyncio.create_task(self._keep_looking())

    def wake(self) -> None:
        """Look now, or once more soon after the current look."""
        self._called.set()

    async def stop(self) -> None:
        """Stop the loop, and cancel a look that is under way."""
        self._stopping = True  # a cancellation that meets a wake may be lost
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking

    async def _keep_looking(self) -> None:
        while not self._stopping:
            self._called.clear()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                logger.warning("look_failed", error=place_of(error))
            await asyncio.sleep(REST_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._called.wait()
