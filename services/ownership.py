"""Which of several processes on one database is the active one (SPEC 11).

On SQLite it is the only one that runs (`services.database_lock`). On PostgreSQL it holds a lease,
which it renews every second, and each write on `Ownership.database` asks for it in its transaction.
"""

import time

from services.db import Database, Session
from services.ending import MustEndError
from services.messaging import lease
from services.rules.lease import LeaseTimes

LEASE_TIMES = LeaseTimes()
NEVER = 0
"""Lower than every fencing number."""


class Ownership:
    """This process's hold on the lease of its database."""

    def __init__(self, database: Database, times: LeaseTimes = LEASE_TIMES) -> None:
        self.times = times
        self._holder = database.process
        self._is_alone = database.is_sqlite
        self._fence = NEVER
        self._asked_at: float | None = None
        self._other: str | None = None
        # Beside the threads of units, behind which a renewal could come too late.
        self._lease = Database(database.url, process=database.process)
        self.database = database if self._is_alone else database.guarded(self._require)
        """The database as the active process writes it: a write raises `FencedError` in others."""

    @property
    def is_owner(self) -> bool:
        """Whether this process took the lease, and has not heard that another did."""
        return self._fence > NEVER

    def may_call(self) -> bool:
        """Whether this process may call Telegram: not while another may have taken over."""
        if self._is_alone or not self.is_owner:
            return True
        return self.times.is_certain(self._asked_at, _seconds())

    async def look(self) -> bool:
        """Take the lease if it is free, or renew it; return whether this process is active.

        Reports to `database.ending` as well as raises `FencedError` where another has taken it.
        """
        asked_at = _seconds()
        if self._is_alone:
            self._fence = NEVER + 1
        elif self.is_owner:
            await self._renew()
        else:
            self._fence = await self._take()
        self._asked_at = asked_at
        return self.is_owner

    def owner(self) -> str:
        """The active process, in words, as it was at the last look."""
        return "this process" if self.is_owner else self._other or "none"

    def in_words(self) -> str:
        """What this process does, for the line that tells of its start."""
        return "is at work" if self.is_owner else f"stands by for {self.owner()}"

    async def let_go(self) -> None:
        """Let another process become the active one at once; this one writes nothing any more."""
        fence, self._fence = self._fence, NEVER
        if fence > NEVER and not self._is_alone and not self.database.ending.is_near:
            await self._lease.write(lease.let_go, fence)

    async def close(self) -> None:
        """Close the connection."""
        await self._lease.close()

    async def _take(self) -> int:
        found = await self._lease.read(lease.find, self.times.lasts)
        self._other = found and found.holder
        if found is not None and not found.is_free:
            return NEVER
        return await self._lease.write(lease.take, self._holder, self.times.lasts) or NEVER

    async def _renew(self) -> None:
        try:
            await self._lease.write(lease.renew, self._fence)
        except MustEndError as reason:
            self.database.ending.report(reason)
            raise

    def _require(self, session: Session) -> None:
        lease.require(session, self._fence)


def _seconds() -> float:
    """A clock that no one sets; it counts the time for which the computer sleeps, where it can."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
