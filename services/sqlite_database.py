"""Units of work on SQLite: one connection that writes and a few that read, each with a thread.

A unit runs as a whole in the thread of its connection, which is aiosqlite's. Units that wait to
write share a commit, because waiting for the disk takes the time; each has its own savepoint, so
that a failure undoes only its own unit. A writing transaction begins IMMEDIATE: nothing that it has
read can change before it writes.
"""

import asyncio
import sqlite3
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import aiosqlite
from sqlalchemy import Connection, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import make_url
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from services.database_file import DatabaseFile
from services.shared_commit import (
    SOON_SECONDS,
    Guard,
    Raised,
    Waiting,
    outcome_of,
    run,
    run_in_savepoint,
)

BUSY_TIMEOUT_MS = 30_000
READERS = 4
SHARED_COMMIT = 64
"""Most units that share a commit."""

T = TypeVar("T")


class SqliteDatabase:
    """Writer, which runs units in the order of their calls, and readers."""

    def __init__(self, url: str) -> None:
        """`url` is `sqlite+aiosqlite:///path`. Connections are opened when first needed."""
        self._file = file = DatabaseFile(Path(make_url(url).database or ""))
        self._writer = _Connection(file, begin="BEGIN IMMEDIATE")
        self._waiting: list[Waiting] = []
        self._committing: asyncio.Future[None] | None = None
        """Done when nobody waits for a commit any more; None while nobody does."""
        self._opening: asyncio.Task[None] | None = None
        self._readers = [_Connection(file, begin="BEGIN", query_only=True) for _ in range(READERS)]
        self._idle: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()
        for reader in self._readers:
            self._idle.put_nowait(reader)

    async def write(self, unit: Callable[[Session], T]) -> T:
        """Run a unit of work; it may share its commit with others.

        Raises `DatabaseLostError` where the file is not at its path any more: what a unit wrote
        would not be found again.
        """
        self._waiting.append(waiting := Waiting.of(unit))
        self._commit()
        return cast(T, await waiting.answer)

    async def write_soon(self, unit: Callable[[Session], T], guard: Guard | None) -> T:
        """Run a unit of work with the next commit, which begins within `SOON_SECONDS`."""
        self._waiting.append(waiting := Waiting.of(unit, guard))
        asyncio.get_running_loop().call_later(SOON_SECONDS, self._commit)
        return cast(T, await waiting.answer)

    async def read(self, unit: Callable[[Session], T]) -> T:
        """Run a unit on a read-only connection."""
        reader = await self._idle.get()
        try:
            return await asyncio.shield(reader.run(_read, unit))
        finally:
            self._idle.put_nowait(reader)

    async def close(self) -> None:
        """Wait for the units under way, then close every connection."""
        self._commit()
        while self._committing is not None:
            await self._committing
        for connection in (self._writer, *self._readers):
            await connection.close()

    def _commit(self) -> None:
        """Begin to commit the units that wait, if that is not under way."""
        if not self._waiting or self._committing is not None:
            return
        self._committing = asyncio.get_running_loop().create_future()
        if self._writer.is_open:
            self._commit_waiting()
        else:
            self._opening = asyncio.create_task(self._open_and_commit())

    async def _open_and_commit(self) -> None:
        try:
            await self._writer.open()
        except Exception as error:  # noqa: BLE001 - every unit that waits failed by it
            self._settle(self._next_batch(), Raised(error))
        else:
            self._commit_waiting()

    def _commit_waiting(self) -> None:
        batch = self._next_batch()
        units = [one.guarded for one in batch]

        def write(connection: Connection) -> list[object]:
            outcomes = _write(connection, units)
            self._file.require_same()
            return outcomes

        self._writer.submit(write, partial(self._settle, batch))

    def _next_batch(self) -> list[Waiting]:
        batch = [one for one in self._waiting[:SHARED_COMMIT] if not one.answer.cancelled()]
        del self._waiting[:SHARED_COMMIT]
        return batch

    def _settle(self, batch: list[Waiting], outcomes: list[object] | Raised) -> None:
        """Tell the callers of a commit, and commit those who wait by now."""
        told = [outcomes] * len(batch) if isinstance(outcomes, Raised) else outcomes
        for one, outcome in zip(batch, told, strict=True):
            one.settle(outcome)
        done, self._committing = self._committing, None
        self._commit()
        if done is not None and not done.done():
            done.set_result(None)


class _Connection:
    """Connection of aiosqlite's, whose thread also runs whole functions on it."""

    def __init__(self, file: DatabaseFile, *, begin: str, query_only: bool = False) -> None:
        self._file = file
        self._begin = begin
        self._query_only = query_only
        self._opening = asyncio.Lock()
        self._thread: aiosqlite.Connection | None = None
        self._connection: Connection | None = None

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    async def open(self) -> None:
        """Open it, unless it is open."""
        async with self._opening:
            await self._open()

    # `_execute` and its queue are how aiosqlite runs its own calls: the version is pinned, and a
    # test holds them.

    async def run(self, work: Callable[[Connection, Any], T], argument: object) -> T:
        """Run `work` in the connection's thread."""
        if not self.is_open:
            await self.open()
        return cast(T, await self._thread._execute(work, self._connection, argument))  # type: ignore[union-attr]  # noqa: SLF001

    def submit(self, work: Callable[[Connection], T], tell: Callable[[T | Raised], None]) -> None:
        """Run `work` in the thread of the connection, which is open, and then `tell` in the event
        loop: the loop wakes up once, where a future and a task would take it three turns.
        """
        thread, connection, loop = self._thread, self._connection, asyncio.get_running_loop()
        if thread is None or connection is None:
            raise ValueError("the connection is not open")

        def run() -> None:
            loop.call_soon_threadsafe(tell, outcome_of(partial(work, connection)))

        thread._tx.put_nowait((None, run))  # noqa: SLF001

    async def close(self) -> None:
        if self._thread is not None and self._connection is not None:
            await self._thread._execute(self._connection.close)  # type: ignore[no-untyped-call]  # noqa: SLF001
            await self._thread.close()
            self._thread = self._connection = None

    async def _open(self) -> None:
        if self._thread is not None:
            return
        self._file.require_same()
        thread = aiosqlite.Connection(self._connect, 64)
        thread._thread.daemon = True  # noqa: SLF001 - a program that fails ends all the same
        await thread
        self._connection = _connection(thread._conn, self._begin)  # noqa: SLF001
        self._thread = thread

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._file.uri, uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if self._query_only:
            connection.execute("PRAGMA query_only = ON")
        self._file.opened()
        return connection


class _UnitsDialect(SQLiteDialect_pysqlite):
    """SQLite whose transactions and savepoints are begun and ended by the driver itself: to compile
    these statements costs more than to run them.
    """

    supports_statement_cache = True

    def __init__(self, begin: str = "BEGIN", **others: Any) -> None:
        super().__init__(**others)
        self._begin = begin

    def do_begin(self, dbapi_connection: Any) -> None:
        dbapi_connection.execute(self._begin)

    # Savepoints all have one name, which means the innermost: the driver keeps what it has compiled
    # of these three texts, where SQLAlchemy's names, a new one each time, would push out others.

    def do_savepoint(self, connection: Connection, _name: str) -> None:
        _driver(connection).execute("SAVEPOINT unit")

    def do_rollback_to_savepoint(self, connection: Connection, _name: str) -> None:
        _driver(connection).execute("ROLLBACK TO unit")

    def do_release_savepoint(self, connection: Connection, _name: str) -> None:
        _driver(connection).execute("RELEASE unit")


registry.register("sqlite.units", __name__, _UnitsDialect.__name__)


def _connection(driver: sqlite3.Connection, begin: str) -> Connection:
    """The driver's connection as SQLAlchemy's, for as long as the driver's is open."""
    address, pool = "sqlite+units://", StaticPool
    return create_engine(address, creator=lambda: driver, poolclass=pool, begin=begin).connect()


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _read(connection: Connection, unit: Callable[[Session], T]) -> T:
    with Session(connection, expire_on_commit=False) as session:
        try:
            return unit(session)
        except Exception as error:
            _let_go_of_cursors(error)
            raise


def _let_go_of_cursors(error: BaseException | None) -> None:
    """Forget the local variables of the functions that an error has left, and with them cursors
    that were not read to their end: SQLite shows a connection the past as long as it has one.
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _write(connection: Connection, units: Sequence[Callable[[Session], object]]) -> list[object]:
    """Run the units in one transaction; results or exceptions of each, once committed.

    Raises an error that prevents all of them from being committed.
    """
    with connection.begin():
        if len(units) == 1:
            return [run(connection, units[0])]
        return [_run_one_of_many(connection, unit) for unit in units]


def _run_one_of_many(connection: Connection, unit: Callable[[Session], object]) -> object:
    outcome = run_in_savepoint(connection, unit)
    if isinstance(outcome, Raised) and not _driver(connection).in_transaction:
        raise outcome.error  # SQLite gave up the whole transaction: a full disk, say
    return outcome
