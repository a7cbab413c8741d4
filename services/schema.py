"""Database schema: upgrading it, and checking whether it is current (SPEC 11)."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from services import database_file
from services.database_file import sqlite_path
from services.db import Database
from services.plain_engine import plain_engine

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
VERSION_TABLE = "alembic_version"
MIGRATION_LOCK = 7_305_118
"""Advisory lock for migrations on PostgreSQL; an arbitrary number, the same in every version."""


class SchemaError(Exception):
    """The database cannot be brought to this version's schema. The text says why."""


class MissingDatabaseError(SchemaError):
    """There was a database, and its file is missing (SPEC 11)."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"DATABASE_URL: {path} is missing, though there was a database; restore it from a "
            "backup, or begin with an empty one by `python bot.py migrate`"
        )


async def upgrade(url: str, *, anew: bool = False) -> None:
    """Upgrade the database to the newest schema, in one transaction; it can be repeated.

    Makes it where there was none; `anew`: also where there was one that is missing now.
    Of two processes at once, the second waits and finds nothing to do. Raises `SchemaError` where
    the database was made by a newer version of the program, or is missing.
    """
    if not anew:
        require_present(url)
    await asyncio.to_thread(_upgrade, url)
    if path := sqlite_path(url):
        database_file.mark(path)


def require_present(url: str) -> None:
    """Raise `MissingDatabaseError` where there was a database file that is missing now."""
    path = sqlite_path(url)
    if path is not None and database_file.is_lost(path):
        raise MissingDatabaseError(path)


async def is_current(url: str) -> bool:
    """Whether the database has the newest schema. Changes nothing and creates no file."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return False
    return await asyncio.to_thread(_is_current_at, url)


@asynccontextmanager
async def migrated(url: str) -> AsyncIterator[Database]:
    """Upgraded database, closed when the block ends."""
    await upgrade(url)
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def exclusive_connection(url: str) -> Iterator[Connection]:
    """Connection in a transaction in which nobody else migrates; committed when the block ends.

    On SQLite foreign keys are off meanwhile, because recreating a table would delete the rows that
    refer to it; all are checked at the end.
    """
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = plain_engine(url, begin="BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            if path is None:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            yield connection
            if path is not None:
                _require_foreign_keys(connection)
    finally:
        engine.dispose()


def _upgrade(url: str) -> None:
    with exclusive_connection(url) as connection:
        if _is_current(connection):
            return
        from services import schema_migration  # noqa: PLC0415 - seldom needed, and slow to import

        try:
            schema_migration.migrate(connection, MIGRATIONS)
        except schema_migration.MigrationError as error:
            raise SchemaError(str(error)) from error


def _is_current_at(url: str) -> bool:
    engine = plain_engine(url)
    try:
        with engine.connect() as connection:
            return _is_current(connection)
    finally:
        engine.dispose()


def _is_current(connection: Connection) -> bool:
    if not inspect(connection).has_table(VERSION_TABLE):
        return False
    stored = connection.scalars(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return set(stored) == newest_revisions()


def newest_revisions() -> set[str]:
    """Revisions without a successor: one, unless somebody forgot to merge two.

    They are read from the text of the files, without Alembic.
    """
    lines = "\n".join(path.read_text() for path in (MIGRATIONS / "versions").glob("*.py"))
    known = re.findall(r'^revision\b.*= "(\w+)"$', lines, re.MULTILINE)
    followed = re.findall(r"^down_revision\b.*= (.+)$", lines, re.MULTILINE)
    return set(known) - set(re.findall(r'"(\w+)"', " ".join(followed)))


def _require_foreign_keys(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise SchemaError(f"a row of {broken[0]} points at a row of {broken[2]} that is not there")
