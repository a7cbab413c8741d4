"""Worker that fetches the evidence of disputes: when it comes, and again after a failure."""

import asyncio

from chat.app_context import AppContext
from jobs.poll_loop import PollLoop
from services.approvals.evidence_files import EvidenceCollector

LOOK_EVERY = 10.0
"""Seconds between looks when it is not woken."""


class EvidenceWorker:
    """Loop that runs the collector of evidence."""

    def __init__(
        self, app: AppContext, collector: EvidenceCollector, *, look_every: float = LOOK_EVERY
    ) -> None:
        self._app = app
        self._collector = collector
        self._collecting = asyncio.Lock()
        self._poll = PollLoop(self.drain, look_every)

    def start(self) -> None:
        """Start to look for files."""
        self._poll.start()

    def wake(self) -> None:
        """Look for files now: one has come."""
        self._poll.wake()

    async def drain(self) -> None:
        """Fetch every file that can be fetched now."""
        async with self._collecting:
            while await self._collector.collect_due():
                pass
        self._app.wake_relay()

    async def stop(self) -> None:
        """Stop; files that are missing are fetched after the next start."""
        await self._poll.stop()
