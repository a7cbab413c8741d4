"""What changes while pages are open: one look at the database for all of them (SPEC 10)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import structlog

from services.db import Database
from services.queries.changes import Mark, Touched, touched_since, touched_since_each

logger = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
"""Seconds between looks while a page is open; what a page does is looked for at once."""

Concerns = Callable[[Touched], bool]


@dataclass(eq=False)
class _Follower:
    """An open page."""

    concerns: Concerns
    known: Mark
    """How far the page has been told."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Changes:
    """Follows the sessions that open pages show. Nothing is read while no page is open."""

    def __init__(self, look_every: float = LOOK_EVERY) -> None:
        self._look_every = look_every
        self._followers: set[_Follower] = set()
        self._looking: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._is_closed = False

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._is_closed = True
        if self._looking is not None:
            self._looking.cancel()
        for one in self._followers:
            one.changed.set()

    async def follow(
        self, database: Database, since: Mark, concerns: Concerns, silence: float
    ) -> AsyncIterator[bool]:
        """Yield True at each change of what `concerns` names, False after `silence` seconds.

        `since`: when the page was made, so that nothing is missed until its stream begins, and
        nothing told that the page shows.
        """
        mark, touched = await database.read(touched_since, since)
        page = _Follower(concerns, mark)
        if any(map(concerns, touched)):
            page.changed.set()
        self._followers.add(page)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._keep_looking(database))
        try:
            while not self._is_closed:
                try:
                    async with asyncio.timeout(silence):
                        await page.changed.wait()
                except TimeoutError:
                    yield False
                    continue
                page.changed.clear()
                if not self._is_closed:
                    yield True
        finally:
            self._followers.discard(page)

    async def _keep_looking(self, database: Database) -> None:
        while self._followers:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._look_every):
                    await self._woken.wait()
            self._woken.clear()
            told = {one.known for one in self._followers}
            try:
                now, touched = await database.read(touched_since_each, told)
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                logger.warning("look_failed", error=type(error).__name__)
                continue
            for one in self._followers:
                if one.known not in touched:
                    continue  # it came meanwhile
                if any(map(one.concerns, touched[one.known])):
                    one.changed.set()
                one.known = now
