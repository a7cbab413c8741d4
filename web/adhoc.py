"""The page on which a tutor logs extra sessions: a small table, checked, then saved (SPEC 7, 10).

Whatever was typed is in the form, from the table to the preview and back; without script, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.adhoc_wording import logged_text, trouble_text
from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.refusals import refusal_text
from models import Student
from services.adhoc.batches import LoggedBatch, check_batch, log_batch, logged_before
from services.db import Session
from services.queries.adhoc import taught_children
from services.rules.adhoc import (
    DAYS_BACK,
    MOST_LINES,
    Fault,
    Trouble,
)
from services.rules.agency import Agency
from services.rules.minutes import instant_of, minute_of
from services.rules.refusals.adhoc import BatchNotClear, NobodyTaught
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotTutor
from web.adhoc_rows import FIELDS_OF_ROW, ROWS, Row, numbers_of, read_row
from web.forms import Form, read_form
from web.site import current_user, page, row_id, site_of

PATH = "/tutor/adhoc"
HOME = "/tutor"
SEE_OTHER = 303
MOST_FIELDS = MOST_LINES * len(FIELDS_OF_ROW) + 10
USUAL_MINUTES = 60

_FIELD = MappingProxyType(
    {
        Fault.HALF_OPEN: "start",
        Fault.TIME_SKIPPED: "start",
        Fault.TIME_TWICE: "start",
        Fault.LENGTH_MISSING: "minutes",
        Fault.LENGTH_NOT_POSSIBLE: "minutes",
        Fault.TOPIC_MISSING: "topic",
        Fault.TOPIC_TOO_LONG: "topic",
        Fault.STUDENT_UNKNOWN: "student",
    }
)
"""Field beside which a fault is shown; all others are those of the day."""


@dataclass(frozen=True)
class Case:
    """The tutor, their children, and the rows that are not empty."""

    user: CurrentUser
    children: Sequence[Student]
    rows: list[Row]
    logged: LoggedBatch | None

    @property
    def reader(self) -> Reader:
        return self.user.reader


async def show(request: Request) -> Response:
    """The empty table; or what has just been logged. Refused: NotSignedIn, NotTutor."""
    form = Form(dict(request.query_params))
    case = await site_of(request).database.read(_case, request, form)
    if case.logged is not None:
        return _logged_page(request, case, case.logged)
    return _table(request, case, form)


async def send(request: Request) -> Response:
    """Check the rows, show them back, or log them, as the button says."""
    form = await read_form(request, max_fields=MOST_FIELDS)
    site = site_of(request)
    step = form["step"]
    if step == "log":
        try:
            return _to_logged(await site.database.write(_log, request, form, site.agency))
        except BatchNotClear:
            pass  # the table says what has changed since it was shown back
        finally:
            site.has_acted()
    case = await site.database.read(_case, request, form)
    if step in ("more", "change"):
        return _table(request, case, form, more=ROWS if step == "more" else 0)
    if not case.rows:
        form.errors["rows"] = case.reader.label("Fill in at least one row.")
    else:
        await site.database.read(_check, request, case, form, site.agency)
    return _table(request, case, form) if form.errors else _preview(request, case, form)


def _case(session: Session, request: Request, form: Form) -> Case:
    user = current_user(session, request)
    if not user.person.is_tutor:
        raise NotTutor
    children = taught_children(session, user.person.id)
    rows = [row for number in numbers_of(form) if (row := read_row(user.reader, form, number))]
    return Case(user, children, rows, _just_logged(session, user, form["logged"]))


def _just_logged(session: Session, user: CurrentUser, given: str) -> LoggedBatch | None:
    """The batch that the address names; None where it names none of this tutor's."""
    student, _, minute = given.partition(".")
    try:
        student_id, minutes = row_id(student), int(minute)
        start = instant_of(minutes)
    except (NotFound, ValueError, OverflowError, OSError):
        return None
    return logged_before(session, user.actor, student_id, start)


def _check(session: Session, request: Request, case: Case, form: Form, agency: Agency) -> None:
    """Note all the trouble of each row, each beside its field."""
    user = current_user(session, request)
    found = check_batch(session, user.actor, agency, [row.line for row in case.rows])
    for row, trouble in zip(case.rows, found, strict=True):
        unread = [Trouble(fault) for fault in row.faults]
        if unread and row.student_id not in {one.id for one in case.children}:
            unread.append(Trouble(Fault.STUDENT_UNKNOWN))
        for told in unread or ([trouble] if trouble else []):
            field = row.name(_FIELD.get(told.fault, "day"))
            form.errors[field] = _told(case, row, _by_row(told, case.rows))


def _by_row(trouble: Trouble, rows: list[Row]) -> Trouble:
    """The trouble, with the number that the other line has in the table."""
    if trouble.line is None:
        return trouble
    return Trouble(trouble.fault, trouble.slot, rows[trouble.line - 1].number)


def _told(case: Case, row: Row, trouble: Trouble) -> str:
    reader, student_id = case.reader, row.line.student_id if row.line else None
    names = (one.name for one in case.children if one.id == student_id)
    return trouble_text(reader, trouble, next(names, ""), in_table=True)


def _log(session: Session, request: Request, form: Form, agency: Agency) -> LoggedBatch:
    """Log the rows. Refused: BatchNotClear, also where a row is not readable any more."""
    case = _case(session, request, form)
    lines = [row.line for row in case.rows if row.line is not None]
    if not lines or len(lines) < len(case.rows):
        raise BatchNotClear(lines=(1,))
    return log_batch(session, case.user.actor, agency, lines)


def _to_logged(batch: LoggedBatch) -> Response:
    first = batch.appointments[0]
    logged = f"{first.student_id}.{minute_of(first.starts_at)}"
    return RedirectResponse(f"{PATH}?logged={logged}", SEE_OTHER)


# -------------------------------------------------------------------------------------- the pages


def _table(request: Request, case: Case, form: Form, *, more: int = 0) -> Response:
    if not case.children:
        told = refusal_text(case.reader, NobodyTaught(), case.user.person.id)
        return _page(request, case, form, nobody=told, numbers=range(0))
    numbers = range(1, min(numbers_of(form).stop - 1 + more, MOST_LINES) + 1)
    _fill_in(form, case.children, numbers)
    today = case.reader.today
    return _page(
        request,
        case,
        form,
        nobody="",
        numbers=numbers,
        is_full=len(numbers) == MOST_LINES,
        first_day=(today - timedelta(days=DAYS_BACK)).isoformat(),
        last_day=today.isoformat(),
        bad=len({name.rpartition("-")[2] for name in form.errors}),
    )


def _fill_in(form: Form, children: Sequence[Student], numbers: range) -> None:
    """Fill in what is likely: the child of the row before, and an hour."""
    student = str(children[0].id) if len(children) == 1 else ""
    for number in numbers:
        student = form.values.setdefault(f"student-{number}", student) or student
        form.values.setdefault(f"minutes-{number}", str(USUAL_MINUTES))


def _preview(request: Request, case: Case, form: Form) -> Response:
    names = {child.id: child.name for child in case.children}
    lines = [row.line for row in case.rows if row.line is not None]
    shown = [
        (
            names[line.student_id],
            case.reader.dated_slot(line.starts_at, line.ends_at),
            case.reader.duration(line.minutes),
            line.topic,
        )
        for line in lines
    ]
    kept = [
        (name, form.values.get(name, ""))
        for number in numbers_of(form)
        for name in (f"{field}-{number}" for field in FIELDS_OF_ROW)
    ]
    return page(
        request,
        "adhoc_preview.html",
        case.reader,
        case.user.person,
        section=HOME,
        path=PATH,
        form=form,
        lines=shown,
        kept=[*kept, ("rows", str(len(numbers_of(form))))],
        total=case.reader.duration(sum(line.minutes for line in lines)),
    )


def _page(request: Request, case: Case, form: Form, **values: Any) -> Response:
    shown: dict[str, Any] = {"is_full": False, "first_day": "", "last_day": "", "bad": 0}
    return page(
        request,
        "adhoc.html",
        case.reader,
        case.user.person,
        status_code=409 if form.errors else 200,
        section=HOME,
        path=PATH,
        form=form,
        children=case.children,
        **(shown | values),
    )


def _logged_page(request: Request, case: Case, batch: LoggedBatch) -> Response:
    toast, _ = logged_text(case.reader, batch.appointments, batch.at)
    names = {child.id: child.name for child in case.children}
    lines = [
        (
            one.id,
            f"{names.get(one.student_id, '')} · {one.subject}",
            case.reader.dated_slot(one.starts_at, one.ends_at),
        )
        for one in batch.appointments
    ]
    return page(
        request,
        "adhoc_logged.html",
        case.reader,
        case.user.person,
        section=HOME,
        path=PATH,
        told=toast,
        lines=lines,
    )


def routes() -> list[Route]:
    """Routes of this section."""
    return [Route(PATH, show), Route(PATH, send, methods=["POST"])]
