"""Export of every table in the columns of the import; files that are sent (SPEC 7, 10)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from services.db import Session
from services.imports.exporting import export_tables
from services.imports.sources import COLUMNS, Table
from services.imports.writing import write_workbook, write_zip
from services.rules.refusals.sessions import NotFound
from web.admin.frame import coordinator
from web.site import Site, site_of

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def export(request: Request) -> Response:
    """Every table, as a workbook or as CSV files in an archive."""
    site = site_of(request)
    await site.database.read(coordinator, request)
    if request.path_params["kind"] not in ("xlsx", "csv"):
        raise NotFound
    day = f"{site.clock.now().astimezone(site.agency.zone):%Y-%m-%d}"
    is_workbook = request.path_params["kind"] == "xlsx"
    async with _folder() as (folder, cleared):
        path = folder / f"tutorline-{day}.{'xlsx' if is_workbook else 'zip'}"
        await site.database.read(_export, site, path, is_workbook=is_workbook)
        return _file(path, cleared)


async def template(request: Request) -> Response:
    """A workbook with the names of all columns, and no row."""
    await site_of(request).database.read(coordinator, request)
    tables = [(table, [list(COLUMNS[table].all)]) for table in Table]
    return await download("tutorline-template.xlsx", lambda path: write_workbook(path, tables))


def _export(session: Session, site: Site, path: Path, *, is_workbook: bool) -> None:
    write = write_workbook if is_workbook else write_zip
    write(path, export_tables(session, site.agency, site.clock.now()))


@asynccontextmanager
async def _folder() -> AsyncIterator[tuple[Path, Callable[[], None]]]:
    """A folder for one file, and what clears it once the file is sent."""
    folder = TemporaryDirectory(prefix="tutorline-export-")
    try:
        yield Path(folder.name), folder.cleanup
    except BaseException:
        folder.cleanup()
        raise


async def download(name: str, write: Callable[[Path], None]) -> Response:
    """Write a file in a thread, and send it."""
    async with _folder() as (folder, cleared):
        await asyncio.to_thread(write, folder / name)
        return _file(folder / name, cleared)


def _file(path: Path, cleared: Callable[[], None]) -> Response:
    """A file that is sent piece by piece, and removed afterwards."""
    kind = WORKBOOK if path.suffix == ".xlsx" else "application/zip"
    return FileResponse(
        path, media_type=kind, filename=path.name, background=BackgroundTask(cleared)
    )
