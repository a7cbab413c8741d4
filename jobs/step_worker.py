"""Worker that does work step by step, when it is woken and again after a failure."""

import asyncio
from collections.abc import Awaitable, Callable

from chat.app_context import AppContext
from jobs.poll_loop import PollLoop


class StepWorker:
    """Loop that does what there is to do: summaries to make, evidence to fetch (SPEC 4, 5).

    Nothing else waits for it.
    """

    def __init__(
        self, app: AppContext, steps: Callable[[], Awaitable[int]], *, look_every: float
    ) -> None:
        """`steps` tries everything that is due once, and gives how much of it was done;
        `look_every`: seconds between looks when it is not woken.
        """
        self._app = app
        self._steps = steps
        self._stepping = asyncio.Lock()
        self._poll = PollLoop(self.drain, look_every)

    def start(self) -> None:
        """Start to look for work."""
        self._poll.start()

    def wake(self) -> None:
        """Look for work now."""
        self._poll.wake()

    async def drain(self) -> None:
        """Do everything that can be done now."""
        async with self._stepping:
            while await self._steps():
                self._app.wake_relay()

    async def stop(self) -> None:
        """Stop; what is left is done after the next start."""
        await self._poll.stop()
