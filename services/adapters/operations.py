"""Verbs of the command line for whoever looks after the program (SPEC 11).

Each returns the lines to print, and raises `BackupError` where it was not done.
"""

from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from services import database_lock, schema
from services.adapters.factory import media_store
from services.backups.errors import BackupError
from services.backups.making import back_up
from services.backups.restoring import move, restore
from services.erasure.erasing import erase_child, erase_person
from services.erasure.files import delete_files
from services.erasure.finding import ErasureError
from services.ports import Closing, MediaStore, MediaUnavailableError
from services.settings import ROOT, Settings, database_address

BACKUPS = ROOT / "var" / "backups"
NAMED = "%Y-%m-%d-%H%M%S"


async def operate(arguments: Namespace, settings: Settings, now: datetime) -> list[str]:
    """Do one of the verbs, parsed by `locales.command_line`."""
    match arguments.verb:
        case "backup":
            return await backup(settings, arguments.folder, now)
        case "restore":
            return await restore_backup(settings, arguments.folder, now)
        case "erase":
            return await erase(settings, arguments.person, arguments.child, now)
        case _:
            return await move_to(settings, arguments.target)


async def backup(settings: Settings, folder: Path | None, now: datetime) -> list[str]:
    """Make a backup in `folder`; without one, in a folder named by the time, under `BACKUPS`."""
    folder = folder or BACKUPS / now.strftime(NAMED)
    async with _closing(settings) as media:
        made = await back_up(settings.database_url, media, folder, now)
    lines = [f"{sum(made.tables.values())} rows and {len(made.files)} files are in {folder}"]
    if made.missing:
        lines.append(f"{len(made.missing)} files that notes name are not in the media store")
    return [*lines, "Restored into a scratch place and checked: done."]


async def restore_backup(settings: Settings, folder: Path, now: datetime) -> list[str]:
    """Put a backup in the place of the database, and its files into the media store."""
    async with _closing(settings) as media:
        with database_lock.held(settings.database_url):
            done = await restore(settings.database_url, media, folder, now)
    rows = sum(done.manifest.tables.values())
    lines = [f"{rows} rows of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC are restored,"]
    lines.append(f"and {done.files_stored} files that the media store did not have.")
    if done.kept_as is not None:
        lines.append(f"The former database is kept as {done.kept_as}")
    return lines


async def move_to(settings: Settings, target: str) -> list[str]:
    """Copy the SQLite database into an empty PostgreSQL one, and compare them."""
    try:
        rows = await move(settings.database_url, database_address(target))
    except ValueError as error:
        raise BackupError(f"the address {error}") from None
    return [
        f"{rows} rows are copied, and the same in both databases.",
        "Set DATABASE_URL to the new address, and start the program.",
    ]


async def erase(
    settings: Settings, person: str | None, child: str | None, now: datetime
) -> list[str]:
    """Erase a person or a child; exactly one of them is given."""
    async with schema.migrated(settings.database_url) as database, _closing(settings) as media:
        try:
            if person is not None:
                erased = await database.write(erase_person, person, now)
            else:
                erased = await database.write(erase_child, child or "", now)
        except ErasureError as error:
            raise BackupError(str(error)) from None
        lines = [f"Erased; {erased.sessions} sessions are kept without names and words."]
        try:
            await delete_files(database, media, erased.media_keys)
        except MediaUnavailableError as error:
            return [*lines, f"The running program deletes the files, since {error}."]
    return [*lines, f"{len(erased.media_keys)} files are deleted. Backups made before have it all."]


@asynccontextmanager
async def _closing(settings: Settings) -> AsyncIterator[MediaStore]:
    """Media store, closed when the block ends."""
    media = media_store(settings)
    try:
        yield media
    finally:
        if isinstance(media, Closing):
            await media.close()
