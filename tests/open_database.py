"""The database as tests have it: the program's own, and plain sessions beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

from services.db import Database, Session
from services.postgres_database import postgres_engine


class OpenDatabase(Database):
    """A database whose rows a test can look at and change without a thread between."""

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A session whose changes are committed together when the block ends, or not at all."""
        with Session(self._plain, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session of which the database itself refuses every write (SPEC 8)."""
        with Session(self._plain_reader, expire_on_commit=False) as session:
            yield session

    async def close(self) -> None:
        """Close every connection, those of the plain sessions included."""
        await super().close()
        for name in ("_plain", "_plain_reader"):
            if name in vars(self):
                getattr(self, name).dispose()

    @cached_property
    def _plain(self) -> Engine:
        if self.is_sqlite:
            return _sqlite(
                self.url, "BEGIN IMMEDIATE", "PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON"
            )
        return postgres_engine(self.url, {}, pool_size=10, max_overflow=30)

    @cached_property
    def _plain_reader(self) -> Engine:
        if self.is_sqlite:
            return _sqlite(self.url, "BEGIN", "PRAGMA query_only = ON")
        return self._plain.execution_options(postgresql_readonly=True)


def _sqlite(url: str, begin: str, *pragmas: str) -> Engine:
    engine = create_engine(
        make_url(url).set(drivername="sqlite"),
        connect_args={"isolation_level": None, "timeout": 30},
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: object, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma)  # type: ignore[attr-defined]

    event.listen(engine, "begin", lambda opened: opened.exec_driver_sql(begin))
    return engine
