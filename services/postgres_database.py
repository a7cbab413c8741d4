"""Units of work on PostgreSQL: psycopg, in a few threads (DESIGN 2, idea 3)."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from services.shared_commit import SOON_SECONDS, Guard, Raised, Waiting, outcome_of, run, settle

THREADS = 8
"""Number of threads: each waits for the disk with every commit. Many contend for the interpreter,
which makes units slower (DESIGN 3).
"""

NETWORK = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 8_000,
}
"""Parameters by which libpq notices that a server is cut off: in seconds, the last in ms."""
SETTINGS = {
    # In ms: a transaction that is idle for longer is ended. One that is frozen keeps its locks no
    # longer, and a unit of work waits for nothing between its statements.
    "idle_in_transaction_session_timeout": 5_000,
    # PostgreSQL takes a thousand of these for the cost of planning, for each table. With its own
    # 0.0025 it thinks little of it, and where a plan for the values at hand seems a little better
    # than the one that it keeps, plans a prepared statement again each time that it is executed: a
    # list of a tutor with a long history took 0.2 ms, and 0.5 ms to be planned.
    "cpu_operator_cost": 0.025,
}
"""Settings of every connection."""

T = TypeVar("T")


class PostgresDatabase:
    """Pool of threads, with a connection to write and one to read for each. Use cases lock the rows
    that they change.
    """

    def __init__(self, url: str, process: str) -> None:
        """`url` is `postgresql+psycopg://...`. Connections are made when first needed; `process` is
        the name that they have in `pg_stat_activity`.
        """
        self._writer = _Connections(_engine(url, process))
        # Without a transaction around the unit: as in one, each statement sees what is committed.
        reader = _engine(url, process, isolation_level="AUTOCOMMIT")
        event.listen(reader, "connect", _forbid_writing)
        self._reader = _Connections(reader)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="postgresql")
        self._soon: list[Waiting] = []
        self._sharing: set[asyncio.Task[None]] = set()

    async def write(self, unit: Callable[[Session], T]) -> T:
        """Run a unit of work in a transaction of its own."""
        return await self._in_thread(partial(_run, self._writer, unit))

    async def write_soon(self, unit: Callable[[Session], T], guard: Guard | None) -> T:
        """Run a unit of work in a transaction that it shares with others, within `SOON_SECONDS`.

        The transaction begins with `guard`, once for all units that have the same.
        """
        if not self._soon:
            asyncio.get_running_loop().call_later(SOON_SECONDS, self._share)
        self._soon.append(waiting := Waiting.of(unit, guard))
        return cast(T, await waiting.answer)

    async def read(self, unit: Callable[[Session], T]) -> T:
        """Run a unit on a connection that cannot write; where that is dead, once more on a new one:
        as what reads has no transaction, it does no harm.
        """
        try:
            return await self._in_thread(partial(_run, self._reader, unit))
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self._reader.give_up()  # the others that wait there are as old
            return await self._in_thread(partial(_run, self._reader, unit))

    async def close(self) -> None:
        """Wait for the units under way, then close every connection."""
        self._share()
        if self._sharing:
            await asyncio.wait(self._sharing)
        await asyncio.to_thread(self._threads.shutdown)
        self._writer.close()
        self._reader.close()

    def _share(self) -> None:
        if self._soon:
            batch, self._soon = self._soon, []
            task = asyncio.create_task(self._write_together(batch))
            self._sharing.add(task)
            task.add_done_callback(self._sharing.discard)

    async def _write_together(self, batch: list[Waiting]) -> None:
        """Run units in one transaction; those that it does not commit, each in one of its own."""
        batch = [one for one in batch if not one.answer.cancelled()]
        try:
            outcomes = await self._in_thread(partial(_run_all, self._writer, batch))
        except Exception:  # noqa: BLE001 - each of them tries alone, and is told
            outcomes = [await self._alone(one) for one in batch]
        for one, outcome in zip(batch, outcomes, strict=True):
            one.settle(outcome)

    async def _alone(self, one: Waiting) -> object:
        try:
            return await self.write(one.guarded)
        except Exception as error:  # noqa: BLE001 - it belongs to the unit's caller
            return Raised(error)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Run `work` in one of the threads. The event loop wakes up once for its end: the futures
        of an executor cost it as much as a card.
        """
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[T] = loop.create_future()

        def run() -> None:
            if not ended.cancelled():
                loop.call_soon_threadsafe(settle, ended, outcome_of(work))

        self._threads.submit(run)
        return await ended


class _Connections:
    """Connection of each thread, kept open: to take one out of a pool and to return it costs as
    much as two statements.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._own = threading.local()
        self._all: list[Connection] = []
        self._generation = 0

    def own(self) -> Connection:
        """The connection of this thread, which is made anew where it was lost or given up."""
        own, generation = self._own, self._generation
        connection: Connection | None = getattr(own, "connection", None)
        if connection is None:
            connection = own.connection = self._engine.connect()
            self._all.append(connection)
        elif own.generation != generation:
            connection.invalidate()
        own.generation = generation
        return connection

    def give_up(self) -> None:
        """Use none of the connections any more."""
        self._generation += 1

    def close(self) -> None:
        """Close all of them. Call it when no thread uses one any more."""
        for connection in self._all:
            connection.close()
        self._engine.dispose()


registry.register("postgresql.units", "services.postgres_dialect", "UnitsDialect")


def postgres_engine(url: str, connect_args: Mapping[str, object], **options: Any) -> Engine:
    """Engine each of whose connections keeps a cursor for prepared statements."""
    from psycopg import RawCursor  # noqa: PLC0415 - slow to import, and not needed on SQLite

    return create_engine(
        make_url(url).set(drivername="postgresql+units"),
        paramstyle="numeric_dollar",
        use_native_hstore=False,  # its look-up is a query that each new connection is spared
        connect_args={
            **connect_args,
            "cursor_factory": RawCursor,
            "prepare_threshold": None,  # psycopg's own let go of all that is prepared on a rollback
        },
        **options,
    )


def _engine(url: str, process: str, **options: Any) -> Engine:
    """A connection for each thread."""
    given = make_url(url).query
    network = {key: value for key, value in NETWORK.items() if key not in given}
    engine = postgres_engine(
        url,
        network | {"application_name": process},
        pool_size=THREADS,
        max_overflow=0,
        **options,
    )
    event.listen(engine, "connect", _set_up)
    return engine


def _run(connections: _Connections, unit: Callable[[Session], T]) -> T:
    connection = connections.own()
    with connection.begin():
        return cast(T, run(connection, unit))


def _run_all(connections: _Connections, batch: list[Waiting]) -> list[object]:
    """Run units in one transaction, without savepoints: each would be two statements more, and
    where one unit raises, which is rare, all are run again alone.
    """
    connection = connections.own()
    with connection.begin():
        for guard in {one.guard for one in batch if one.guard is not None}:
            run(connection, guard)
        return [run(connection, one.unit) for one in batch]


def _set_up(connection: Any, _record: object) -> None:
    connection.autocommit = True
    for name, value in SETTINGS.items():
        connection.execute(f"SET {name} = {value}")
    connection.autocommit = False


def _forbid_writing(connection: Any, _record: object) -> None:
    connection.autocommit = True
    connection.execute("SET default_transaction_read_only = on")
