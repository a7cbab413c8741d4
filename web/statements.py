"""A statement as a page, for print, and as a table (SPEC 7): for family, tutor and coordinator."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from locales.billing import table_of, told_statement
from locales.reader import Reader
from services.queries.statements import Statement
from services.rules.agency import Agency
from services.rules.billing import month_before, month_of, next_month
from services.rules.refusals.sessions import NotFound
from services.spreadsheets import Cell, to_csv, to_xlsx
from web.days import FIRST, day_if_any
from web.site import page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_answer(rows: Sequence[Sequence[Cell]], name: str, form: str) -> Response:
    """Rows as a file: `form` is "csv" or "xlsx". Refused: NotFound for another form."""
    if form == "csv":
        content, media_type = to_csv(rows), "text/csv; charset=utf-8"
    elif form == "xlsx":
        content, media_type = to_xlsx([(name, rows)]), XLSX
    else:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=media_type, headers=headers)


def statement_answer(request: Request, reader: Reader, statement: Statement) -> Response | None:
    """The statement as the address asks for it: `as=csv`, `xlsx` or `print`; None for the page."""
    form = request.query_params.get("as")
    if form is None:
        return None
    if form == "print":
        return page(request, "statement_print.html", reader, **statement_values(reader, statement))
    return table_answer(table_of(reader, [statement]), file_name(statement), form)


def statement_values(reader: Reader, statement: Statement) -> dict[str, Any]:
    """What the templates of a statement show."""
    return {
        "statement": told_statement(reader, statement),
        "issuer": statement.books.agency,
        "is_closed": statement.books.closed is not None,
    }


def file_name(statement: Statement) -> str:
    """Name of a statement's file, without its ending: no name of a child is in it."""
    month = f"{statement.books.month:%Y-%m}"
    return f"statement-{month}-{statement.side.value}-{statement.party_id}"


def month_in(text: str) -> date:
    """Month of an address, such as "2026-11". Refused: NotFound."""
    month = day_if_any(f"{text}-01")
    if month is None or month.year == FIRST.year:
        raise NotFound
    return month


def month_asked(request: Request, agency: Agency, now: datetime) -> date:
    """Month that the address names, or the running one. Refused: NotFound for one to come."""
    running = month_of(now, agency.zone)
    given = request.query_params.get("month")
    month = running if given is None else month_in(given)
    if month > running:
        raise NotFound
    return month


def neighbours(month: date, agency: Agency, now: datetime) -> tuple[date, date | None]:
    """The month before, and the one after if it has begun."""
    after = next_month(month)
    return month_before(month), after if after <= month_of(now, agency.zone) else None
