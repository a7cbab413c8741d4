"""Moving the clock together with the program that reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sandbox.world import World


class Hosted(Protocol):
    """What the sandbox asks of the program whose bot it hosts."""

    async def settle(self) -> None:
        """Wait until everything is done that can be done at this instant."""

    async def catch_up(self) -> None:
        """Do whatever is due now, and what follows from it."""

    async def next_due(self) -> datetime | None:
        """When something is due next."""


class Hooks:
    """The functions `jump` and `next_event` for `create_app`, once a program is there."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.hosted: Hosted | None = None

    async def jump(self, target: datetime) -> None:
        """Move the clock to `target`, with a stop at everything that is due on the way."""
        if self.hosted is None:
            return
        await self.hosted.settle()
        while (due := await self.hosted.next_due()) is not None and due < target:
            await self._stop_at(self.hosted, due)
        await self._stop_at(self.hosted, target)

    async def next_event(self) -> datetime | None:
        """When something is due next; None where nothing is, or before a program is there."""
        return await self.hosted.next_due() if self.hosted else None

    async def _stop_at(self, hosted: Hosted, instant: datetime) -> None:
        self._world.clock.move_to(max(instant, self._world.now()))
        await hosted.catch_up()
