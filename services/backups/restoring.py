"""Restoring a backup, and moving from SQLite to PostgreSQL (SPEC 11)."""

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from services import database_file, schema
from services.backups import note_files, sqlite_files, table_copy
from services.backups.errors import BackupError
from services.backups.making import copy_database, restored_database, sqlite_url
from services.backups.manifest import DATABASE, Manifest
from services.ports import MediaStore

ASIDE = "%Y%m%d-%H%M%S.before-restore"
"""Ending of the name under which the database from before a restore is kept."""

OTHER_CLIENTS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
"""Connections of other programs. One that starts later waits for the lock of migrations."""


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    files_stored: int
    """Files of notes that the media store did not have."""
    kept_as: Path | None
    """Where the former database is kept; None where there was none, and on PostgreSQL."""


async def restore(url: str, media: MediaStore, folder: Path, now: datetime) -> Restored:
    """Put a backup in the place of the database, and its files into the media store.

    Everything is checked before anything is changed. Raises `BackupError`, also where another
    program uses the database.
    """
    database = make_url(url).database or ""
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    path = Path(database) if is_sqlite else folder / DATABASE
    path.parent.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(_require_unused, url, path if is_sqlite else None)
    manifest = Manifest.read(folder)
    await asyncio.to_thread(manifest.verify, folder)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        new = Path(scratch) / DATABASE
        await restored_database(folder, manifest, new)
        stored = await note_files.copy_in(media, manifest.files, folder)
        if is_sqlite:
            return Restored(manifest, stored, await asyncio.to_thread(_replace, new, path, now))
        await schema.upgrade(url)
        await asyncio.to_thread(_fill, sqlite_url(new), url, is_emptied=True)
    return Restored(manifest, stored, None)


async def move(source: str, target: str) -> int:
    """Copy an SQLite database into an empty PostgreSQL one; return the number of rows.

    The source is copied as it is at one instant, brought to the newest schema and compared with
    what arrived. Raises `BackupError`; then the target is as empty as before.
    """
    backends = [make_url(url).get_backend_name() for url in (source, target)]
    if backends != ["sqlite", "postgresql"]:
        raise BackupError("a move goes from sqlite+aiosqlite:///PATH to postgresql+psycopg://…")
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / DATABASE
        await copy_database(source, copy)
        await asyncio.to_thread(sqlite_files.check, copy)
        await schema.upgrade(sqlite_url(copy))
        await schema.upgrade(target)
        return await asyncio.to_thread(_fill, sqlite_url(copy), target, is_emptied=False)


def _require_unused(url: str, path: Path | None) -> None:
    if path is not None:
        sqlite_files.require_unused(path)
        return
    with table_copy.reading(url) as connection:
        others = connection.execute(text(OTHER_CLIENTS)).scalar_one()
    if others:
        raise BackupError(
            f"the database has {others} connections of other programs; end those programs first"
        )


def _replace(new: Path, path: Path, now: datetime) -> Path | None:
    sqlite_files.require_unused(path)
    aside = path.with_name(f"{path.name}.{now.strftime(ASIDE)}")
    was_there = sqlite_files.put_aside(path, aside)
    sqlite_files.put_in_place(new, path)
    database_file.mark(path)
    return aside if was_there else None


def _fill(source_url: str, target_url: str, *, is_emptied: bool) -> int:
    """Copy every table in one transaction, with nobody migrating meanwhile, and compare."""
    with (
        table_copy.reading(source_url) as source,
        table_copy.writing(target_url) as target,
    ):
        lock = text("SELECT pg_advisory_xact_lock(:number)")
        target.execute(lock, {"number": schema.MIGRATION_LOCK})
        if is_emptied:
            table_copy.empty_tables(target)
        elif used := table_copy.first_used(target):
            raise BackupError(f"the PostgreSQL database is in use: its table {used} has rows")
        written = table_copy.copy_tables(source, target)
        table_copy.require_same(written, table_copy.digests(target), "PostgreSQL")
    return sum(one.rows for one in written.values())
