"""Analytics: four numbers, plots with their tables, and the rows of each number (SPEC 7, 10)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.analytics import Number, Table, filter_words, headlines, tables
from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.wording import state_label
from models.enums import Role
from services.db import Session
from services.queries.analytics import counted_between, facts_between, runways
from services.queries.sessions import SessionView, views_of
from services.rules.agency import Agency
from services.rules.analytics import Counted, Fact, Field, Filter, Runway, chosen
from services.rules.billing import bounds_of_month, month_of, months_between
from services.rules.refusals.sessions import NotFound
from services.spreadsheets import Cell, to_csv, to_xlsx
from web.admin.frame import admin_page, coordinator
from web.navigation import Section
from web.plots import Plot, plot_of
from web.session_rows import TONES
from web.site import page_number, site_of
from web.statements import XLSX, month_in

PATH = "/admin/analytics"
MONTHS = 6
"""Months that are shown where the address names none."""
MOST_MONTHS = 12
A_PAGE = 20


@dataclass(frozen=True)
class Period:
    """Months that are looked at, both included."""

    first: date
    last: date

    @property
    def query(self) -> dict[str, str]:
        return {"from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}


@dataclass(frozen=True)
class Shown:
    """A table with its plot, and the addresses of its numbers' rows."""

    table: Table
    plot: Plot | None
    rows: list[tuple[str, list[tuple[str, str | None]]]]


async def show(request: Request) -> Response:
    """The page; `as=csv` and `as=xlsx`: every table."""
    site = site_of(request)
    zone = site.agency.zone

    def query(session: Session) -> tuple[CurrentUser, Period, Counted, bool, list[Runway]]:
        user = coordinator(session, request)
        period, now = _period(request, site.agency, user), user.reader.now
        count = partial(counted_between, session, *_bounds(period, zone), zone)
        counted, is_cut = site.kept.get(session, period, now, count)
        return user, period, counted, is_cut, runways(session, now)

    user, period, counted, is_cut, left = await site.database.read(query)
    every = tables(user.reader, counted, left)
    if form := request.query_params.get("as"):
        return _download(every, period, form)
    return admin_page(
        request,
        "admin/analytics.html",
        user,
        months=_months(user.reader, user.reader.now.astimezone(zone).date(), period),
        period=(user.reader.month(period.first), user.reader.month(period.last)),
        is_cut=is_cut,
        headlines=[
            (one.name, one.number, _address(one.leads, period))
            for one in headlines(user.reader, counted)
        ],
        tables=[_shown(one, period, place) for place, one in enumerate(every)],
        here=f"{PATH}?{urlencode(period.query)}",
    )


async def rows(request: Request) -> Response:
    """The sessions behind a number, newest first."""
    site, number = site_of(request), page_number(request)
    chooses = tuple(
        (Field(name), value) for name, value in request.query_params.items() if name in set(Field)
    )

    def query(
        session: Session,
    ) -> tuple[CurrentUser, Period, list[Fact], int, list[SessionView]]:
        user = coordinator(session, request)
        period = _period(request, site.agency, user)
        facts = facts_between(session, *_bounds(period, site.agency.zone)).facts
        found = chosen(facts, chooses, site.agency.zone)
        on_page = found[(number - 1) * A_PAGE : number * A_PAGE]
        views = views_of(session, [fact.appointment_id for fact in on_page])
        return user, period, facts, len(found), views[::-1]

    user, period, facts, count, shown = await site.database.read(query)
    here = _address(chooses, period)
    return admin_page(
        request,
        "admin/analytics_rows.html",
        user,
        words=filter_words(user.reader, chooses, facts),
        count=count,
        rows=[_session_row(user.reader, one) for one in shown],
        back=f"{PATH}?{urlencode(period.query)}",
        newer=f"{here}&page={number - 1}" if number > 1 else None,
        older=f"{here}&page={number + 1}" if number * A_PAGE < count else None,
    )


def _session_row(reader: Reader, view: SessionView) -> tuple[int, str, str, str, str]:
    """A session: its id, title, slot, status, and the tone of that."""
    row = view.appointment
    title = f"{view.student.name} · {row.subject} · {view.tutor.name}"
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    status = state_label(reader, view, Role.COORDINATOR)
    return view.id, title, slot, status, TONES[view.status]


def _period(request: Request, agency: Agency, user: CurrentUser) -> Period:
    """Months of the address, or the last six. Refused: NotFound for more than a year."""
    last = month_of(user.reader.now, agency.zone)
    given_first, given_last = (request.query_params.get(name) for name in ("from", "to"))
    if given_last:
        last = month_in(given_last)
    first = month_in(given_first) if given_first else _months_before(last, MONTHS - 1)
    if not 1 <= len(months_between(first, last)) <= MOST_MONTHS:
        raise NotFound
    return Period(first, last)


def _months_before(month: date, count: int) -> date:
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def _bounds(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return bounds_of_month(period.first, zone)[0], bounds_of_month(period.last, zone)[1]


def _months(reader: Reader, today: date, period: Period) -> list[tuple[str, str, int | None, bool]]:
    """Periods to choose from, as tabs."""
    running = today.replace(day=1)
    named = (
        (Period(running, running), reader.label("This month")),
        (
            Period(_months_before(running, 1), _months_before(running, 1)),
            reader.label("Last month"),
        ),
        (Period(_months_before(running, 5), running), reader.label("Six months")),
        (Period(_months_before(running, 11), running), reader.label("Twelve months")),
    )
    return [(f"{PATH}?{urlencode(one.query)}", words, None, one == period) for one, words in named]


def _address(leads: Filter, period: Period) -> str:
    chooses = {name.value: value for name, value in leads}
    return f"{PATH}/sessions?{urlencode(period.query | chooses)}"


def _shown(table: Table, period: Period, place: int) -> Shown:
    def cell(number: Number) -> tuple[str, str | None]:
        return number.text, _address(number.leads, period) if number.leads else None

    return Shown(
        table,
        plot_of(table, f"plot-{place}"),
        [(name, [cell(number) for number in numbers]) for name, numbers in table.rows],
    )


def _download(every: list[Table], period: Period, form: str) -> Response:
    """Every table as a file: a sheet each, or one below the other."""
    as_rows = [(table.title, _cells(table)) for table in every]
    name = f"analytics-{period.first:%Y-%m}-{period.last:%Y-%m}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "xlsx":
        return Response(to_xlsx(as_rows), media_type=XLSX, headers=headers)
    if form != "csv":
        raise NotFound
    joined: list[list[Cell]] = []
    for title, found in as_rows:
        joined += [[title], *found, []]
    return Response(to_csv(joined), media_type="text/csv; charset=utf-8", headers=headers)


def _cells(table: Table) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[*table.columns]]
    for name, numbers in table.rows:
        rows.append([name, *(number.text for number in numbers)])
    return rows


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show), Route(f"{PATH}/sessions", rows)]


SECTION = Section(PATH, lambda reader: reader.label("Analytics"), routes)
