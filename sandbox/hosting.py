"""Hosting a program: serving its stand-in for Telegram, and moving the clock that it reads."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from starlette.types import ASGIApp

from sandbox import demo
from sandbox.ahead import FirstStep, NextEvent
from sandbox.server import serving
from sandbox.world import World

FRAMES = "http://127.0.0.1:* http://localhost:*"
"""Origins of the sandbox's own page, which shows the program's pages inside it."""
SECRET = "nothing is secret in the sandbox"  # noqa: S105


class Hosted(Protocol):
    """What the sandbox asks of the program whose bot it hosts."""

    async def settle(self) -> None:
        """Wait until everything is done that can be done at this instant."""

    async def catch_up(self) -> None:
        """Do whatever is due now, and what follows from it."""

    async def next_due(self) -> datetime | None:
        """When something is due next, whether or not anybody sees it."""

    async def next_event(self) -> NextEvent | None:
        """The next thing that somebody will see."""

    async def done(self, actions: frozenset[str], since: datetime) -> set[str]:
        """Those of the actions that somebody has carried out since then."""


def demo_world(folder: Path) -> World:
    """The demo people and their chats as `folder` keeps them; new ones where it has none."""
    world = World(state_dir=folder, zone=demo.AGENCY_TIME_ZONE)
    if not world.directory.persons:
        demo.populate(world)
    return world


class Hooks:
    """The functions that `create_app` takes, once a program is there."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.hosted: Hosted | None = None

    @contextmanager
    def hosting(self, program: Hosted) -> Iterator[None]:
        """Ask this program until the block ends: pages go on asking while it stops."""
        self.hosted = program
        try:
            yield
        finally:
            self.hosted = None

    def serving(self, listener: socket.socket, beside: ASGIApp) -> AbstractAsyncContextManager[str]:
        """Serve the world, and `beside` for its other addresses; yields the address."""
        return serving(
            self._world,
            listener=listener,
            jump=self.jump,
            next_event=self.next_event,
            first_steps=self.first_steps,
            beside=beside,
        )

    async def jump(self, target: datetime) -> None:
        """Move the clock to `target`, with a stop at everything that is due on the way."""
        if self.hosted is None:
            return
        await self.hosted.settle()
        while (due := await self.hosted.next_due()) is not None and due < target:
            await self._stop_at(self.hosted, due)
        await self._stop_at(self.hosted, target)

    async def next_event(self) -> NextEvent | None:
        """What is seen next; None where nothing is, or before a program is there."""
        return await self.hosted.next_event() if self.hosted else None

    async def first_steps(self) -> list[FirstStep]:
        """The first steps of the demo, and which of them are done."""
        if self.hosted is None:
            return demo.first_steps(())
        since = datetime.fromtimestamp(self._world.messages.first_date(), UTC)
        return demo.first_steps(await self.hosted.done(demo.ACTIONS, since))

    async def _stop_at(self, hosted: Hosted, instant: datetime) -> None:
        self._world.clock.move_on_to(instant)
        await hosted.catch_up()
