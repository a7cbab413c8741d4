"""Worker that makes summaries: as soon as notes are closed, and again after a failure (SPEC 4)."""

import asyncio

from chat.app_context import AppContext
from jobs.poll_loop import PollLoop
from services.summaries.making import SummaryMaker

LOOK_EVERY = 15.0
"""Seconds between looks when it is not woken."""


class SummaryWorker:
    """Loop that runs the maker. Nothing else waits for it."""

    def __init__(
        self, app: AppContext, maker: SummaryMaker, *, look_every: float = LOOK_EVERY
    ) -> None:
        self._app = app
        self._maker = maker
        self._making = asyncio.Lock()
        self._poll = PollLoop(self.drain, look_every)

    def start(self) -> None:
        """Start to look for notes to sum up."""
        self._poll.start()

    def wake(self) -> None:
        """Look for notes to sum up now."""
        self._poll.wake()

    async def drain(self) -> None:
        """Make every summary that can be made now."""
        async with self._making:
            while await self._maker.make_due():
                self._app.wake_relay()

    async def stop(self) -> None:
        """Stop; summaries that are missing are made after the next start."""
        await self._poll.stop()
