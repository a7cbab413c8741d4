"""Database access: units of work, run in the thread of a connection (DESIGN 2, 3, 4 and 8).

A use case or a query is a plain function of a `Session` and further arguments. `await
database.write(use_case, ...)` runs it as one unit of work and commits; `await database.read(query,
...)` runs it on a connection that cannot write. Nothing else commits.
"""

import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from copy import copy
from typing import Concatenate, ParamSpec, Protocol, Self, TypeVar

from sqlalchemy.engine import make_url
from sqlmodel import Session

from services.ending import Ending, MustEndError
from services.postgres_database import PostgresDatabase
from services.shared_commit import Guard
from services.sqlite_database import SqliteDatabase

__all__ = ["Database", "Session"]

P = ParamSpec("P")
T = TypeVar("T")


class _Engine(Protocol):
    """Runner of units of work on one kind of database."""

    async def write(self, unit: Callable[[Session], T]) -> T: ...

    async def write_soon(self, unit: Callable[[Session], T], guard: Guard | None) -> T: ...

    async def read(self, unit: Callable[[Session], T]) -> T: ...

    async def close(self) -> None: ...


class Database:
    """Database at an address. Rows that a unit returns can still be read afterwards.

    A `MustEndError` of a unit is reported to `ending` as well as raised.
    """

    def __init__(self, url: str, *, process: str | None = None) -> None:
        """`url` is `sqlite+aiosqlite:///path` or `postgresql+psycopg://...` (SPEC 11). `process`:
        what PostgreSQL calls the connections, which is this process's name if it is not given.
        """
        self.url = url
        self.process = process or _process_name()
        self._guard: Guard | None = None
        self.ending = Ending()
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._engine: _Engine = (
            SqliteDatabase(url) if self.is_sqlite else PostgresDatabase(url, self.process)
        )

    def guarded(self, guard: Guard) -> Self:
        """This database, with the same connections, but each write begins with `guard`, which
        raises where there must be none.
        """
        guarded = copy(self)
        guarded._guard = guard  # noqa: SLF001 - its own
        return guarded

    async def write(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `use_case` and return its result, once all its changes are on disk.

        If it raises, nothing is changed, and the exception is raised here. Cancelling the caller
        meanwhile does not undo the changes.
        """
        context = copy_context()  # context variables do not follow into a thread by themselves

        def unit(session: Session) -> T:
            if self._guard is not None:
                self._guard(session)
            return context.run(use_case, session, *args, **kwargs)

        return await self._reporting(self._engine.write(unit))

    async def write_soon(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `use_case` as `write` does, but let it wait some hundredths of a second for a commit
        that it can share. For a write for which nobody waits.
        """
        return await self._reporting(
            self._engine.write_soon(lambda session: use_case(session, *args, **kwargs), self._guard)
        )

    async def read(
        self,
        query: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `query` on a connection that cannot write, and return its result (SPEC 8)."""
        return await self._reporting(
            self._engine.read(lambda session: query(session, *args, **kwargs))
        )

    async def close(self) -> None:
        """Close every connection, after the units that still run."""
        await self._engine.close()

    async def _reporting(self, unit: Awaitable[T]) -> T:
        try:
            return await unit
        except MustEndError as reason:
            self.ending.report(reason)
            raise


def _process_name() -> str:
    """A name that no other process has, to be read by people: host, process id, chance."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"
