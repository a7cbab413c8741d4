"""Making summaries in the background, as soon as notes are done, and again what failed (SPEC 4)."""

import asyncio

from chat.app_context import AppContext
from jobs.poll_loop import PollLoop
from services.summaries.making import SummaryMaker

LOOK_EVERY = 15.0
"""Seconds between looks when nobody calls."""


class SummaryWorker:
    """Runs the maker until it is stopped. Nothing else ever waits for it."""

    def __init__(
        self, app: AppContext, maker: SummaryMaker, *, look_every: float = LOOK_EVERY
    ) -> None:
        self._app = app
        self._maker = maker
        self._making = asyncio.Lock()
        self._poll = PollLoop(self.drain, look_every)

    def start(self) -> None:
        """Begin to look for notes to sum up."""
        self._poll.start()

    def wake(self) -> None:
        """Say that there may be notes to sum up."""
        self._poll.wake()

    async def drain(self) -> None:
        """Wait until nothing is left that can be made now."""
        async with self._making:
            while await self._maker.make_due():
                self._app.wake_relay()

    async def stop(self) -> None:
        """What is not made yet is made after the next start."""
        await self._poll.stop()
