"""Import of the agency's tables, and export in the same columns (SPEC 7, 10).

Files are checked first, and saved only as they were checked. A long one shows how far it is: the
page asks for itself again, with or without script.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.catalogue import phrase
from locales.current_user import CurrentUser
from locales.import_wording import place_text, reason_text
from locales.reader import Reader
from services.imports.importing import ImportReport
from services.imports.marking import write_marked
from services.imports.page_runs import (
    MOST_BYTES,
    ImportRun,
    NotImportableError,
    Wanted,
    packed,
    unpacked,
)
from services.imports.problems import ProblemCode
from services.imports.progress import Stage
from services.imports.sources import COLUMNS, Table
from services.ports import MediaMissingError, MediaUnavailableError
from services.rules.refusals.sessions import NotFound
from web.admin.exporting import download, export, template
from web.admin.frame import admin_page, coordinator
from web.forms import Form, read_form
from web.navigation import Section
from web.site import Site, site_of

PATH = "/admin/import"
EXPORT = "/admin/export"
SEE_OTHER = 303
TOKEN = re.compile(r"[0-9a-f]{64}")
SHOWN = 200
"""Problems that a page lists; the workbook with the marks has all of them."""
AGAIN = 2
"""Seconds after which a page asks how far an import is."""
QUICK = 1.0
"""Seconds that an answer waits for a short import to end."""
LARGE = [Middleware(RequestBodyLimitMiddleware, MOST_BYTES + 1024 * 1024)]

_STAGES = MappingProxyType(
    {
        Stage.READING: phrase("Reading the files"),
        Stage.CHECKING: phrase("Checking the rows"),
        Stage.SAVING: phrase("Saving"),
    }
)


async def show(request: Request) -> Response:
    """The form for files, and the ways to export."""
    user = await site_of(request).database.read(coordinator, request)
    return _form_page(request, user, Form())


async def check(request: Request) -> Response:
    """Keep the files that were chosen, and check them."""
    site = site_of(request)
    user = await site.database.read(coordinator, request)
    try:
        form = await read_form(request)
        token = await _keep(site, user.reader, form)
    finally:
        await request.close()  # the files of the form
    if token is None:
        return _form_page(request, user, form)
    return RedirectResponse(f"{PATH}/{token}", SEE_OTHER)


async def _keep(site: Site, reader: Reader, form: Form) -> str | None:
    """Keep the files of a form and begin to check them; None where they cannot be taken."""
    try:
        archive = await asyncio.to_thread(packed, await _contents(form.files))
        token = await site.imports.keep(site.database, site.media, archive, site.clock.now())
    except NotImportableError:
        form.errors["files"] = reader.label(
            "Choose one workbook (.xlsx), or CSV files with different names, of at most "
            "{limit} MB together.",
            limit=MOST_BYTES // 1024**2,
        )
    except MediaUnavailableError:
        form.errors["files"] = reader.label(
            "Files cannot be saved right now. Please try again in a few minutes."
        )
    else:
        site.imports.forget(token)
        site.imports.start(token, archive, _wanted(site))
        return token
    return None


async def watch(request: Request) -> Response:
    """How far the check or the import is, and what it came to."""
    site = site_of(request)
    user, token = await site.database.read(coordinator, request), _token(request)
    run = site.imports.of(token)
    if run is None:  # another process has the files, or this one was started since
        run = site.imports.start(token, await _archive(site, token), _wanted(site))
    if run.task is not None:
        await asyncio.wait([run.task], timeout=QUICK)
    return _run_page(request, user, token, run)


async def save(request: Request) -> Response:
    """Import what was checked."""
    site = site_of(request)
    user, token = await site.database.read(coordinator, request), _token(request)
    try:
        await read_form(request)
    finally:
        await request.close()
    site.imports.after_import = site.has_acted
    wanted = replace(_wanted(site), by=user.person.id)
    site.imports.start(token, await _archive(site, token), wanted)
    return RedirectResponse(f"{PATH}/{token}", SEE_OTHER)


async def marked(request: Request) -> Response:
    """The files as one workbook, with the bad cells coloured and the reasons beside them."""
    site = site_of(request)
    user, token = await site.database.read(coordinator, request), _token(request)
    run = site.imports.of(token)
    if run is None or run.report is None:
        return RedirectResponse(f"{PATH}/{token}", SEE_OTHER)
    archive, problems = await _archive(site, token), run.report.problems

    def write(path: Path) -> None:
        with unpacked(archive) as files:
            write_marked(path, files, problems, lambda one: reason_text(user.reader, one))

    return await download("marked.xlsx", write)


async def _contents(files: Iterable[UploadFile]) -> list[tuple[str, bytes]]:
    return [(file.filename or "", await file.read()) for file in files]


async def _archive(site: Site, token: str) -> bytes:
    """The files of an import. Refused: NotFound, where they were swept."""
    try:
        return await site.imports.archive(site.media, token)
    except (MediaMissingError, ValueError):
        raise NotFound from None


def _wanted(site: Site) -> Wanted:
    return Wanted(site.database, site.agency, site.clock.now())


def _token(request: Request) -> str:
    """The token in the address. Refused: NotFound."""
    token = str(request.path_params["token"])
    if not TOKEN.fullmatch(token):
        raise NotFound
    return token


# -------------------------------------------------------------------------------------- the pages


def _form_page(request: Request, user: CurrentUser, form: Form) -> Response:
    tables = [(table.value, ", ".join(COLUMNS[table].all)) for table in Table]
    return admin_page(
        request,
        "admin/import.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        path=PATH,
        export=EXPORT,
        tables=tables,
    )


def _run_page(request: Request, user: CurrentUser, token: str, run: ImportRun) -> Response:
    report = run.report
    answer = admin_page(
        request,
        "admin/import_run.html",
        user,
        path=PATH,
        here=f"{PATH}/{token}",
        run=run,
        stage=user.reader.label(_STAGES[run.progress.stage]),
        rows=_counts(report) if report else [],
        problems=_problems(user.reader, report) if report else [],
        count=_count(report) if report else 0,
        is_nothing_new=report is not None and _is_nothing_new(report),
    )
    if run.is_running:
        answer.headers["Refresh"] = str(AGAIN)
    return answer


def _counts(report: ImportReport) -> list[tuple[str, int, int, int]]:
    return [
        (table.value, one.new, one.changed, one.unchanged)
        for table, one in report.tables.items()
        if one.new or one.changed or one.unchanged
    ]


def _is_nothing_new(report: ImportReport) -> bool:
    return not report.problems and not any(one.new or one.changed for one in report.tables.values())


def _count(report: ImportReport) -> int:
    """How many problems there are, those that are not listed included."""
    unlisted = [one for one in report.problems if one.code is ProblemCode.MORE_PROBLEMS]
    more = sum(int(str(one.params["count"])) for one in unlisted)
    return len(report.problems) - len(unlisted) + more


def _problems(reader: Reader, report: ImportReport) -> Sequence[tuple[str, str, str]]:
    return [
        (place_text(reader, one.place), one.column or "", reason_text(reader, one))
        for one in report.problems[:SHOWN]
    ]


def routes() -> list[Route]:
    """Routes of this section."""
    return [
        Route(PATH, show),
        Route(PATH, check, methods=["POST"], middleware=LARGE),
        Route(f"{PATH}/template", template),
        Route(f"{PATH}/{{token}}", watch),
        Route(f"{PATH}/{{token}}", save, methods=["POST"]),
        Route(f"{PATH}/{{token}}/marked", marked),
    ]


def export_routes() -> list[Route]:
    """Routes of the section for exports, which the first page of imports offers, too."""
    return [Route(EXPORT, show), Route(f"{EXPORT}/{{kind}}", export)]


SECTION = Section(PATH, lambda reader: reader.label("Import"), routes)
EXPORT_SECTION = Section(
    EXPORT, lambda reader: reader.label("Export"), export_routes, is_in_navigation=False
)
