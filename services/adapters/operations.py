"""Verbs of the command line for whoever looks after the program (SPEC 11).

Each returns the lines to print, and raises `BackupError` where it was not done.
"""

from argparse import Namespace
from datetime import datetime
from pathlib import Path

from services.adapters.factory import media_store
from services.backups.errors import BackupError
from services.backups.making import back_up
from services.backups.restoring import move, restore
from services.ports import Closing
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
        case _:
            return await move_to(settings, arguments.target)


async def backup(settings: Settings, folder: Path | None, now: datetime) -> list[str]:
    """Make a backup in `folder`; without one, in a folder named by the time, under `BACKUPS`."""
    folder = folder or BACKUPS / now.strftime(NAMED)
    media = media_store(settings)
    try:
        made = await back_up(settings.database_url, media, folder, now)
    finally:
        if isinstance(media, Closing):
            await media.close()
    lines = [f"{sum(made.tables.values())} rows and {len(made.files)} files are in {folder}"]
    if made.missing:
        lines.append(f"{len(made.missing)} files that notes name are not in the media store")
    return [*lines, "Restored into a scratch place and checked: done."]


async def restore_backup(settings: Settings, folder: Path, now: datetime) -> list[str]:
    """Put a backup in the place of the database, and its files into the media store."""
    media = media_store(settings)
    try:
        done = await restore(settings.database_url, media, folder, now)
    finally:
        if isinstance(media, Closing):
            await media.close()
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
