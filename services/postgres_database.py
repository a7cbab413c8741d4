"""Units of work on PostgreSQL: psycopg, in a few threads (DESIGN 2, idea 3)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from sqlalchemy import Engine, create_engine
from sqlmodel import Session

from services.shared_commit import SOON_SECONDS, Raised, Waiting, run_in_savepoint

THREADS = 4
"""Number of threads. More contend for the interpreter, which makes units slower (DESIGN 3)."""

T = TypeVar("T")


class PostgresDatabase:
    """Pool of threads with a connection each. Use cases lock the rows that they change."""

    def __init__(self, url: str) -> None:
        """`url` is `postgresql+psycopg://...`. Connections are made when first needed."""
        # The look-up of hstore's type is a query that each new connection is spared.
        self._writer = create_engine(
            url, pool_size=THREADS, max_overflow=0, use_native_hstore=False
        )
        self._reader = self._writer.execution_options(postgresql_readonly=True)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="postgresql")
        self._soon: list[Waiting] = []
        self._sharing: set[asyncio.Task[None]] = set()

    async def write(self, unit: Callable[[Session], T]) -> T:
        """Run a unit of work in a transaction of its own."""
        return await self._in_thread(self._writer, unit)

    async def write_soon(self, unit: Callable[[Session], T]) -> T:
        """Run a unit of work in a transaction that it shares with others, within `SOON_SECONDS`."""
        if not self._soon:
            asyncio.get_running_loop().call_later(SOON_SECONDS, self._share)
        self._soon.append(waiting := Waiting.of(unit))
        return cast(T, await waiting.answer)

    async def read(self, unit: Callable[[Session], T]) -> T:
        """Run a unit in a read-only transaction."""
        return await self._in_thread(self._reader, unit)

    async def close(self) -> None:
        """Wait for the units under way, then close every connection."""
        self._share()
        if self._sharing:
            await asyncio.wait(self._sharing)
        await asyncio.to_thread(self._threads.shutdown)
        self._writer.dispose()

    def _share(self) -> None:
        if self._soon:
            batch, self._soon = self._soon, []
            task = asyncio.create_task(self._write_together(batch))
            self._sharing.add(task)
            task.add_done_callback(self._sharing.discard)

    async def _write_together(self, batch: list[Waiting]) -> None:
        """Run units in one transaction; those that it does not commit, each in one of its own."""
        batch = [one for one in batch if not one.answer.cancelled()]
        loop, units = asyncio.get_running_loop(), [one.unit for one in batch]
        try:
            outcomes = await loop.run_in_executor(self._threads, _run_all, self._writer, units)
        except Exception as error:  # noqa: BLE001 - each of them tries alone, and is told
            outcomes = [Raised(error)] * len(batch)
        for one, outcome in zip(batch, outcomes, strict=True):
            one.settle(await self._alone(one) if isinstance(outcome, Raised) else outcome)

    async def _alone(self, one: Waiting) -> object:
        try:
            return await self.write(one.unit)
        except Exception as error:  # noqa: BLE001 - it belongs to the unit's caller
            return Raised(error)

    async def _in_thread(self, engine: Engine, unit: Callable[[Session], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _run, engine, unit)


def _run(engine: Engine, unit: Callable[[Session], T]) -> T:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return unit(session)


def _run_all(engine: Engine, units: list[Callable[[Session], object]]) -> list[object]:
    with engine.begin() as connection:
        return [run_in_savepoint(connection, unit) for unit in units]
