"""Verbs `import` and `invite`, and the import of the sandbox's data (SPEC 9, 11)."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chat.deep_links import UseInvitation, address
from jobs.introduction import username
from jobs.progress_bar import ProgressBar
from services import schema
from services.db import Database
from services.people import accounts
from services.rules.agency import Agency
from services.rules.penalties import PenaltySheet
from services.settings import Settings

if TYPE_CHECKING:
    from services.imports.past_events import PastEvent
    from services.imports.progress import Progress


async def import_files(
    settings: Settings, paths: Sequence[Path], now: datetime, *, dry_run: bool
) -> int:
    """Import the tables of the agency, and print a report."""
    async with schema.migrated(settings.database_url) as database:
        with ProgressBar(sys.stderr) as bar:
            is_good, report = await _imported(
                database, paths, settings.agency, now, dry_run=dry_run, progress=bar.progress
            )
    print("\n".join(report))
    return 0 if is_good else 1


async def invite(settings: Settings, name: str, now: datetime) -> int:
    """Make a coordinator's invitation, and print what they do with it."""
    async with schema.migrated(settings.database_url) as database:
        token = await database.write(accounts.make_coordinator, name, now)
    found = await bot_username(settings)
    way = f"open {address(found, UseInvitation(token))}" if found else f"send /start {token}"
    print(f"On {name}'s phone, within 72 hours: {way}")
    return 0


async def bot_username(settings: Settings) -> str | None:
    """Username that Telegram has for the token; None without a token. Raises `TelegramError`."""
    token = settings.telegram_bot_token
    root = settings.telegram_root
    return None if token is None else await username(token.get_secret_value(), root)


class Demo(Protocol):
    """An agency with a past: import files, and what people did since they were imported."""

    def began_at(self, now: datetime) -> datetime:
        """When the agency was set up."""

    def write_past(self, folder: Path, now: datetime) -> None:
        """Write the files that set it up."""

    def past_events(self, now: datetime) -> "Iterable[PastEvent]":
        """What people did from then until now, in the order of time."""

    def write_tables(self, folder: Path, now: datetime) -> None:
        """Write the files of what is to be done now."""


async def begin_demo(
    database: Database,
    agency: Agency,
    demo: Demo,
    folder: Path,
    sheet: PenaltySheet,
    now: datetime,
) -> None:
    """Import the demo's tables and play its past, unless there are people already."""
    from services.imports.past_events import play  # noqa: PLC0415 - the sandbox's only

    if await database.read(accounts.people_called, ""):
        return
    began_at = demo.began_at(now)
    demo.write_past(folder / "past", now)
    await _import(database, agency, folder / "past", began_at)
    await database.write(play, demo.past_events(now), agency, sheet, now)
    demo.write_tables(folder, now)
    await _import(database, agency, folder, now)


async def _import(database: Database, agency: Agency, folder: Path, now: datetime) -> None:
    is_good, report = await _imported(database, [folder], agency, now, dry_run=False)
    if not is_good:
        raise RuntimeError("; ".join(report))


async def _imported(
    database: Database,
    paths: Sequence[Path],
    agency: Agency,
    now: datetime,
    *,
    dry_run: bool,
    progress: "Progress | None" = None,
) -> tuple[bool, list[str]]:
    """Import tables; whether nothing was wrong with them, and the lines of the report."""
    from locales import import_wording  # noqa: PLC0415 - what runs for long needs none of it
    from services.imports.importing import import_paths  # noqa: PLC0415

    report = await import_paths(database, paths, agency, now, dry_run=dry_run, progress=progress)
    return not report.problems, import_wording.report_lines(report)
