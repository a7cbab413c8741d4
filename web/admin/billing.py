"""Billing months and their statements, as coordinators read them (SPEC 7, 10)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from locales.billing import length_of, mark_label, money_of, table_of
from locales.current_user import CurrentUser
from locales.reader import Reader
from models import StatementMark
from models.enums import LineKind, PayMark, Side
from services.billing.entries import marks_of
from services.db import Session
from services.queries.billing_months import closed_months, first_open
from services.queries.statements import Statement, statement_of, statements_of
from services.rules.agency import Agency
from services.rules.billing import Line, Totals, month_of, months_between, next_month, totals
from services.rules.refusals.sessions import NotFound
from web.admin.frame import admin_page, coordinator
from web.forms import Form
from web.site import page_number, row_id, site_of
from web.statements import month_in, statement_answer, statement_values, table_answer

PATH = "/admin/billing"
A_PAGE = 50
"""Families and tutors on one page of a month."""
TONES = {PayMark.HELD_BACK: "warn", PayMark.RELEASED: "calm", PayMark.PAID: "good"}


@dataclass(frozen=True)
class MonthRow:
    """A month in the list."""

    address: str
    name: str
    state: str
    tone: str


@dataclass(frozen=True)
class PartyRow:
    """A statement in a month."""

    address: str
    name: str
    length: str
    amount: str
    waiting: str
    """Sessions that are not counted yet; empty if there are none."""
    mark: str
    tone: str


@dataclass(frozen=True)
class Sum:
    """Sums of all statements of a side, and how many sessions are not counted yet."""

    totals: Totals
    awaiting: int
    disputed: int
    unpriced: tuple[Line, ...] = ()
    """Lines of sessions that count, but not in the sum."""


@dataclass(frozen=True)
class Month:
    """A month's statements, and which months closing it would close."""

    user: CurrentUser
    month: date
    statements: list[Statement]
    sums: dict[Side, Sum]
    closes: list[date]
    """Empty where it is closed, or not over."""
    marks: dict[int, StatementMark]

    @property
    def closed_at(self) -> str:
        books = self.statements[0].books if self.statements else None
        closed = books.closed if books else None
        return self.user.reader.dated_moment(closed.closed_at) if closed else ""


async def show(request: Request) -> Response:
    """The months, newest first."""
    agency = site_of(request).agency

    def query(session: Session) -> tuple[CurrentUser, list[MonthRow]]:
        user = coordinator(session, request)
        reader, closed = user.reader, closed_months(session)
        first, running = first_open(session, agency, reader.now), month_of(reader.now, agency.zone)
        every = [*reversed(months_between(first, running)), *reversed(closed)]
        return user, [_month_row(reader, one, closed, running) for one in every]

    user, rows = await site_of(request).database.read(query)
    return admin_page(request, "admin/billing.html", user, rows=rows)


async def month(request: Request) -> Response:
    """A month: families and tutors with their sums; `as=csv` and `as=xlsx` have every line."""
    found = await site_of(request).database.read(read_month, request)
    if form := request.query_params.get("as"):
        rows = table_of(found.user.reader, found.statements)
        return table_answer(rows, f"statements-{found.month:%Y-%m}", form)
    values = month_values(found, page_number(request))
    return admin_page(request, "admin/billing_month.html", found.user, **values, closing=False)


async def statement(request: Request) -> Response:
    """One statement."""
    return await statement_page(request, Form())


def read_month(session: Session, request: Request) -> Month:
    """The month of the address. Refused: NotSignedIn, NotFound for one to come."""
    user, agency = coordinator(session, request), site_of(request).agency
    wanted, now = month_in(str(request.path_params["month"])), user.reader.now
    running, first = month_of(now, agency.zone), first_open(session, agency, now)
    if wanted > running:
        raise NotFound
    count = partial(_counted, session, agency, wanted, now)
    found, sums = site_of(request).kept.get(session, ("statements", wanted), now, count)
    is_closable = first <= wanted < running
    marks = marks_of(session, [one.id for one in found if one.id is not None])
    closes = months_between(first, wanted) if is_closable else []
    return Month(user, wanted, found, sums, closes, marks)


def month_values(found: Month, number: int = 1) -> dict[str, Any]:
    """What the pages of a month show; `number`: page of both lists."""
    reader, here = found.user.reader, f"{PATH}/{found.month:%Y-%m}"
    first, end = (number - 1) * A_PAGE, number * A_PAGE
    sides = {side: [one for one in found.statements if one.side is side] for side in Side}
    shown = {
        side: [_party_row(reader, one, found) for one in theirs[first:end]]
        for side, theirs in sides.items()
    }
    has_more = any(len(theirs) > end for theirs in sides.values())
    return {
        "month": reader.month(found.month),
        "here": here,
        "families": shown[Side.FAMILY],
        "tutors": shown[Side.TUTOR],
        "before": f"{here}?page={number - 1}" if number > 1 else None,
        "after": f"{here}?page={number + 1}" if has_more else None,
        "sums": [_told_sum(reader, found, side) for side in Side],
        "closes": [reader.month(one) for one in found.closes],
        "closed_at": found.closed_at,
        "uncounted": _uncounted(reader, found),
        "unpriced": _unpriced(reader, found),
        "more_unpriced": max(0, len(_of_sessions(found)) - A_PAGE),
    }


async def statement_page(request: Request, form: Form) -> Response:
    """The page of a statement, with the forms that enter amounts and marks."""
    site = site_of(request)

    def query(session: Session) -> tuple[CurrentUser, Statement | None, StatementMark | None]:
        user = coordinator(session, request)
        asked = address_in(request)
        found = statement_of(session, site.agency, *asked, user.reader.now)
        marks = marks_of(session, [found.id]) if found and found.id else {}
        return user, found, marks.get(found.id or 0) if found else None

    user, found, mark = await site.database.read(query)
    if found is None:
        raise NotFound
    reader = user.reader
    if answer := statement_answer(request, reader, found):
        return answer
    asked, side, party_id = address_in(request)
    here = f"{PATH}/{asked:%Y-%m}/{side.value}/{party_id}"
    is_running = asked == month_of(reader.now, site.agency.zone)
    return admin_page(
        request,
        "admin/statement.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        here=here,
        back=f"{PATH}/{asked:%Y-%m}",
        month=reader.month(asked),
        currency=site.agency.currency.code if site.agency.currency and is_running else "",
        mark=mark_label(reader, mark.mark) if mark else "",
        mark_tone=TONES[mark.mark] if mark else "",
        mark_reason=(mark.reason or "") if mark else "",
        marks=_marks(reader, found, mark),
        **statement_values(reader, found),
    )


def address_in(request: Request) -> tuple[date, Side, int]:
    """Month, side, and whose statement the address names. Refused: NotFound."""
    given = request.path_params
    if given["side"] not in set(Side):
        raise NotFound
    return month_in(str(given["month"])), Side(given["side"]), row_id(str(given["id"]))


def _marks(reader: Reader, found: Statement, mark: StatementMark | None) -> list[tuple[str, str]]:
    """Marks that can be set on a tutor's closed statement."""
    if found.side is not Side.TUTOR or found.id is None:
        return []
    now = mark.mark if mark else PayMark.RELEASED
    words = {
        PayMark.PAID: reader.label("Mark as paid"),
        PayMark.HELD_BACK: reader.label("Hold back"),
        PayMark.RELEASED: reader.label("Remove the mark"),
    }
    return [(one.value, told) for one, told in words.items() if one is not now]


def _uncounted(reader: Reader, found: Month) -> list[tuple[str, str]]:
    """Where what does not count yet can be settled, all of it at once: addresses and words."""
    theirs, last = found.sums[Side.FAMILY], next_month(found.month) - timedelta(days=1)
    ways = []
    if theirs.awaiting:
        words = reader.label("Verify all that wait over 48 hours")
        ways.append((f"/admin/bulk?kind=unanswered&to={last}&do=verify", words))
    if theirs.disputed:
        ways.append((f"/admin?kind=dispute&to={last}", reader.label("Settle the disputes")))
    return ways


def _of_sessions(found: Month) -> dict[int, list[Line]]:
    """Lines of an open month that have no price or no pay, by session; the earliest first."""
    by_session: dict[int, list[Line]] = defaultdict(list)
    has_currency = any(one.books.currency for one in found.statements)
    if has_currency and not found.closed_at:
        for line in (line for side in Side for line in found.sums[side].unpriced):
            by_session[line.subject_of.appointment_id].append(line)
    return dict(sorted(by_session.items(), key=lambda one: (one[1][0].at, one[0])))


def _unpriced(reader: Reader, found: Month) -> list[tuple[str, str, str]]:
    """Sessions of an open month that have no price or no pay: addresses, words, what is missing."""
    words = {Side.FAMILY: reader.label("no price"), Side.TUTOR: reader.label("no pay")}
    return [
        (
            f"/sessions/{number}",
            " · ".join(
                (lines[0].child, lines[0].subject, reader.dated_moment(lines[0].at), lines[0].tutor)
            ),
            reader.listed(words[line.side] for line in lines),
        )
        for number, lines in list(_of_sessions(found).items())[:A_PAGE]
    ]


def _month_row(reader: Reader, month: date, closed: Iterable[date], running: date) -> MonthRow:
    if month in set(closed):
        state, tone = reader.label("Closed"), "good"
    elif month == running:
        state, tone = reader.label("Running"), "now"
    else:
        state, tone = reader.label("To be closed"), "warn"
    return MonthRow(f"{PATH}/{month:%Y-%m}", reader.month(month), state, tone)


def _party_row(reader: Reader, one: Statement, found: Month) -> PartyRow:
    sums = totals(one.lines)
    waiting = sum(not line.counts for line in one.lines)
    mark = found.marks.get(one.id or 0)
    return PartyRow(
        address=f"{PATH}/{found.month:%Y-%m}/{one.side.value}/{one.party_id}",
        name=one.name,
        length=length_of(reader, sums.sessions, sums.minutes),
        amount=money_of(reader, one.books, sums.amount),
        waiting=reader.labels("{count} not counted yet", "{count} not counted yet", waiting)
        if waiting
        else "",
        mark=mark_label(reader, mark.mark) if mark else "",
        tone=TONES[mark.mark] if mark else "",
    )


def _counted(
    session: Session, agency: Agency, month: date, now: datetime
) -> tuple[list[Statement], dict[Side, Sum]]:
    """A month's statements, and their sums."""
    found = statements_of(session, agency, month, now)
    return found, {side: _sum(one for one in found if one.side is side) for side in Side}


def _sum(statements: Iterable[Statement]) -> Sum:
    lines = [line for one in statements for line in one.lines]
    kinds = Counter(line.kind for line in lines if not line.counts)
    return Sum(
        totals(lines),
        kinds[LineKind.AWAITING],
        kinds[LineKind.DISPUTED],
        tuple(line for line in lines if line.is_unpriced and line.subject_of.appointment_id),
    )


def _told_sum(reader: Reader, found: Month, side: Side) -> tuple[str, str, str]:
    """Sums of a side in words: sessions and hours, amount, and what is not counted."""
    sums = found.sums[side]
    books = next((one.books for one in found.statements if one.side is side), None)
    told = [
        reader.labels("{count} awaiting", "{count} awaiting", sums.awaiting),
        reader.labels("{count} disputed", "{count} disputed", sums.disputed),
    ]
    return (
        length_of(reader, sums.totals.sessions, sums.totals.minutes),
        money_of(reader, books, sums.totals.amount) if books else "",
        reader.listed(told),
    )
