"""Units of work on PostgreSQL: psycopg, in a few threads (DESIGN 2, idea 3)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine, create_engine
from sqlmodel import Session

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

    async def write(self, unit: Callable[[Session], T]) -> T:
        """Run a unit of work in a transaction of its own."""
        return await self._in_thread(self._writer, unit)

    async def read(self, unit: Callable[[Session], T]) -> T:
        """Run a unit in a read-only transaction."""
        return await self._in_thread(self._reader, unit)

    async def close(self) -> None:
        """Wait for the units under way, then close every connection."""
        await asyncio.to_thread(self._threads.shutdown)
        self._writer.dispose()

    async def _in_thread(self, engine: Engine, unit: Callable[[Session], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _run, engine, unit)


def _run(engine: Engine, unit: Callable[[Session], T]) -> T:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return unit(session)
