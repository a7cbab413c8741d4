"""Making a backup beside a running program, and proving that it can be restored (SPEC 11)."""

import asyncio
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from services import schema
from services.backups import note_files, sqlite_files, table_copy
from services.backups.errors import BackupError
from services.backups.manifest import DATABASE, Manifest, described
from services.ports import MediaStore

UNFINISHED = ".unfinished"
"""Ending of the folder's name until the backup is whole and checked."""


async def back_up(url: str, media: MediaStore, folder: Path, now: datetime) -> Manifest:
    """Make a backup in a new folder, restore it into a scratch place, and check it there.

    The database is copied as it is at one instant; files of notes never change, and are copied
    after it. Raises `BackupError`, and leaves nothing of that name.
    """
    working = _new_folder(folder)
    database = working / DATABASE
    await copy_database(url, database)
    files, missing = await note_files.copy_out(
        media, await asyncio.to_thread(note_files.keys_named, database), working
    )
    counts = await asyncio.to_thread(sqlite_files.row_counts, database)
    described_database = await asyncio.to_thread(described, database)
    manifest = Manifest(now, described_database, counts, files, missing)
    await asyncio.to_thread(manifest.write, working)
    await prove(working)
    working.rename(folder)
    return manifest


async def copy_database(url: str, target: Path) -> None:
    """Copy a database of either engine into a new SQLite file. Raises `BackupError`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        await asyncio.to_thread(sqlite_files.copy, Path(parsed.database or ""), target)
        return
    if not await schema.is_current(url):
        raise BackupError("the database is not up to date; python bot.py migrate brings it there")
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        new = Path(scratch) / DATABASE
        await schema.upgrade(sqlite_url(new))
        await asyncio.to_thread(_copy_tables, url, sqlite_url(new))
        new.rename(target)


async def prove(folder: Path) -> None:
    """Restore a backup into a scratch place and look through it. Raises `BackupError`."""
    manifest = Manifest.read(folder)
    await asyncio.to_thread(manifest.verify, folder)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        await restored_database(folder, manifest, Path(scratch) / DATABASE)


async def restored_database(folder: Path, manifest: Manifest, target: Path) -> None:
    """Copy the database of a backup, check it, and bring it to this version's schema.

    Raises `BackupError`, also where it is of a newer version.
    """
    await asyncio.to_thread(sqlite_files.copy, folder / DATABASE, target)
    await asyncio.to_thread(sqlite_files.check, target)
    if await asyncio.to_thread(sqlite_files.row_counts, target) != manifest.tables:
        raise BackupError(f"{folder}: the database has not the rows that the manifest says")
    try:
        await schema.upgrade(sqlite_url(target))
    except schema.SchemaError as error:
        raise BackupError(f"{folder}: {error}") from None


def sqlite_url(path: Path) -> str:
    """Address of an SQLite file, as DATABASE_URL has it."""
    return f"sqlite+aiosqlite:///{path}"


def _new_folder(folder: Path) -> Path:
    if folder.exists():
        raise BackupError(f"{folder}: is there already; name another folder")
    working = folder.with_name(folder.name + UNFINISHED)
    try:
        working.mkdir(parents=True, mode=0o700)
    except FileExistsError:
        raise BackupError(f"{working}: left over from another backup; remove it first") from None
    except OSError as error:
        raise BackupError(f"{working}: {error.strerror}") from None
    return working


def _copy_tables(url: str, target_url: str) -> None:
    with table_copy.reading(url) as source:
        with table_copy.writing(target_url) as target:
            written = table_copy.copy_tables(source, target)
        with table_copy.reading(target_url) as copied:
            table_copy.require_same(written, table_copy.digests(copied), "backup")
