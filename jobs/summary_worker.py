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
        self._lookout = PollLoop(self.drain, look_every)

    def start(self) -> None:
        """Begins to look for notes to sum up."""
        self._lookout.start()

    def wake(self) -> None:
        """Says that there may be notes to sum up."""
        self._lookout.wake()

    async def drain(self) -> None:
        """Waits until nothing is left that can be made now."""
        async with self._making:
            while await self._maker.make_due():
                self._app.wake_sender()

    async def stop(self) -> None:
        """What is not made yet is made after the next start."""
        await self._lookout.stop()
