"""The database: one unit of work that may write, and readers that cannot (DESIGN 2, 4 and 8).

SQLite has one writer connection, given out in order of asking, and separate readers; every unit of
work begins IMMEDIATE, so that what it read is still so when it writes. PostgreSQL has a pool;
use cases lock the appointment they change (`services.appointments.for_update`).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

Session = AsyncSession

BUSY_TIMEOUT_MS = 30_000
READERS = 4


class Database:
    """Engines for one database address; `unit_of_work` is the only place that commits."""

    def __init__(self, url: str) -> None:
        """`url` is `sqlite+aiosqlite:///path` or `postgresql+asyncpg://...` (SPEC 11)."""
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            _make_folder(url)
            self._writer = _sqlite_engine(url, size=1, begin="BEGIN IMMEDIATE")
            self._reader = _sqlite_engine(url, size=READERS, begin="BEGIN", query_only=True)
        else:
            self._writer = create_async_engine(url, pool_size=10, max_overflow=10)
            self._reader = self._writer.execution_options(postgresql_readonly=True)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[Session]:
        """A session whose changes are committed together when the block ends, or not at all."""
        async with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """A session of which the database itself refuses every write (SPEC 8)."""
        async with Session(self._reader, expire_on_commit=False) as session:
            yield session

    async def close(self) -> None:
        """Give back every connection."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def _make_folder(url: str) -> None:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)


def _sqlite_engine(url: str, *, size: int, begin: str, query_only: bool = False) -> AsyncEngine:
    engine = create_async_engine(
        url, pool_size=size, max_overflow=0, connect_args={"isolation_level": None}
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        if query_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
