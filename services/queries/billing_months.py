"""Lines of billing months: frozen ones, open ones, and what is to be adjusted (SPEC 7)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, Select, bindparam, union
from sqlalchemy import select as select_columns
from sqlmodel import col, func, select

from models import (
    Appointment,
    AuditEvent,
    BillingAdjustment,
    BillingLine,
    BillingMonth,
    Package,
    PackageEntry,
)
from models.enums import Side
from services.db import Session
from services.prepared import Prepared
from services.queries.billing_lines import (
    Scope,
    credit_lines,
    lines_between,
    money_lines,
    package_lines,
    session_lines,
    with_reasons,
)
from services.queries.billing_rows import Condition
from services.queries.families import families
from services.rules.agency import Agency
from services.rules.billing import (
    Line,
    Subject,
    adjustment,
    bounds_of_month,
    frozen_sum,
    in_order,
    month_of,
    next_month,
)
from services.rules.money import Currency

OVERLAP = 5_000
"""Ids before the newest of a closed month that are looked at again: on PostgreSQL a transaction may
become visible after one with a higher id. What agrees with the closed months adjusts nothing.
"""
LATE_ENTRY = timedelta(days=3)
"""How long before a month's end an amount may be entered that is not there when it is closed."""
Party = tuple[Side, int]


@dataclass(frozen=True)
class Books:
    """Under which name, zone and currency a month is kept: frozen once it is closed."""

    month: date
    agency: str
    zone: ZoneInfo
    currency: Currency | None
    closed: BillingMonth | None = None


def open_books(agency: Agency, month: date) -> Books:
    """Books of a month that is not closed."""
    return Books(month, agency.name, agency.zone, agency.currency)


def closed_books(row: BillingMonth) -> Books:
    """Books of a closed month, as they were when it was closed."""
    currency = Currency(row.currency, row.currency_digits) if row.currency else None
    return Books(row.month, row.agency, ZoneInfo(row.time_zone), currency, row)


def books_of(session: Session, agency: Agency, month: date) -> Books:
    """Books of a month, closed or open."""
    row = _OF_MONTH.one(session, month=month)
    return open_books(agency, month) if row is None else closed_books(row)


def newest_closed(session: Session) -> BillingMonth | None:
    """Newest month that is closed."""
    return cast(BillingMonth | None, _NEWEST.one(session))


def closed_months(session: Session) -> list[date]:
    """First days of the closed months, oldest first."""
    months = select(col(BillingMonth.month)).order_by(col(BillingMonth.month))
    return list(session.exec(months).all())


def first_open(session: Session, agency: Agency, now: datetime) -> date:
    """First month that is not closed: after the newest closed, or that of the first session.

    What changes in closed months comes into it as an adjustment.
    """
    closed = newest_closed(session)
    if closed is not None:
        return next_month(closed.month)
    firsts = [statement.one(session) for statement in _FIRSTS]
    return month_of(min(at for at in (*firsts, now) if at is not None), agency.zone)


_OF_MONTH = Prepared(select(BillingMonth).where(BillingMonth.month == bindparam("month")))
_NEWEST = Prepared(select(BillingMonth).order_by(col(BillingMonth.month).desc()).limit(1))
_FIRSTS = (
    Prepared(select(func.min(Appointment.starts_at))),
    Prepared(select(func.min(Package.bought_at))),
    Prepared(select(func.min(BillingAdjustment.at))),
)


def lines_of(
    session: Session, agency: Agency, month: date, scope: Scope, first: date
) -> list[Line]:
    """Lines of an open month as they are now; `first`: the first open month."""
    begins, ends = bounds_of_month(month, agency.zone)
    found = lines_between(session, scope, begins, ends)
    if month == first:
        found += _adjustments(session, scope, begins)
    return in_order(found)


def by_party(session: Session, lines: Iterable[Line]) -> dict[Party, list[Line]]:
    """Lines of each family and each tutor."""
    every = list(lines)
    children = {one.student_id for one in every if one.side is Side.FAMILY}
    family_of = families(session, {one for one in children if one is not None})
    found: dict[Party, list[Line]] = defaultdict(list)
    for line in every:
        party = family_of[line.student_id or 0] if line.side is Side.FAMILY else line.tutor_id or 0
        found[line.side, party].append(line)
    return found


def name_of(side: Side, lines: Iterable[Line]) -> str:
    """Name on a statement: the children, or the tutor."""
    if side is Side.TUTOR:
        return next((line.tutor for line in lines), "")
    names = {line.student_id: line.child for line in lines}
    return ", ".join(names[one] for one in sorted(names, key=lambda one: one or 0))


def frozen_lines(session: Session, *conditions: Condition) -> list[Line]:
    """Lines of closed statements that meet all conditions, in their order."""
    rows = session.exec(
        select(BillingLine)
        .where(*conditions)
        .order_by(col(BillingLine.statement_id), col(BillingLine.position))
    )
    return [line_of(row) for row in rows.all()]


def _adjustments(session: Session, scope: Scope, begins: datetime) -> list[Line]:
    """What closed months say otherwise than is true now."""
    closed = newest_closed(session)
    if closed is None:
        return []
    appointments, packages, entries, undone = _changed_since(closed)
    late = begins - LATE_ENTRY
    now = [
        *session_lines(
            session,
            scope,
            col(Appointment.id).in_(appointments),
            col(Appointment.starts_at) < begins,
        ),
        *package_lines(
            session, scope, col(Package.id).in_(packages), col(Package.bought_at) < begins
        ),
        *credit_lines(
            session,
            scope,
            (col(PackageEntry.id) > entries) | col(PackageEntry.id).in_(undone),
            col(PackageEntry.at) < begins,
        ),
        *money_lines(
            session, scope, col(BillingAdjustment.at) >= late, col(BillingAdjustment.at) < begins
        ),
    ]
    frozen: dict[tuple[Side, Subject], list[Line]] = defaultdict(list)
    for line in frozen_lines(
        session,
        col(BillingLine.appointment_id).in_(appointments)
        | col(BillingLine.package_id).in_(packages)
        | (col(BillingLine.entry_id) > entries)
        | col(BillingLine.entry_id).in_(undone)
        | (col(BillingLine.adjustment_id).is_not(None) & (col(BillingLine.at) >= late)),
        *scope.conditions(col(BillingLine.student_id), col(BillingLine.tutor_id)),
    ):
        if scope.holds(line):
            frozen[line.side, line.subject_of].append(line)
    current = {(line.side, line.subject_of): line for line in now if line.counts}
    both = (
        adjustment(current.get(key), frozen_sum(frozen.get(key, ())))
        for key in sorted(current.keys() | frozen.keys())
    )
    return with_reasons(session, [line for line in both if line is not None])


def _changed_since(
    closed: BillingMonth,
) -> tuple[CompoundSelect[Any], Select[Any], int, Select[Any]]:
    """Sessions and packages of which anything was recorded since a month was closed.

    Also the newest entry of the ledger then, and entries that were reversed since.
    """
    last_event, last_entry = closed.last_event_id - OVERLAP, closed.last_entry_id - OVERLAP
    appointments = union(
        select_columns(col(AuditEvent.appointment_id)).where(
            col(AuditEvent.id) > last_event, col(AuditEvent.appointment_id).is_not(None)
        ),
        select_columns(col(PackageEntry.appointment_id)).where(
            col(PackageEntry.id) > last_entry, col(PackageEntry.appointment_id).is_not(None)
        ),
    )
    packages = select_columns(col(PackageEntry.package_id)).where(
        col(PackageEntry.id) > last_entry, col(PackageEntry.package_id).is_not(None)
    )
    undone = select_columns(col(PackageEntry.reverses_id)).where(
        col(PackageEntry.id) > last_entry, col(PackageEntry.reverses_id).is_not(None)
    )
    return appointments, packages, last_entry, undone


def line_of(row: BillingLine) -> Line:
    """Line that a row holds."""
    return Line(
        side=row.side,
        kind=row.kind,
        subject_of=Subject(
            appointment_id=row.appointment_id or 0,
            package_id=row.package_id or 0,
            entry_id=row.entry_id or 0,
            adjustment_id=row.adjustment_id or 0,
            is_penalty=row.is_penalty,
        ),
        student_id=row.student_id,
        tutor_id=row.tutor_id,
        child=row.child,
        tutor=row.tutor,
        subject=row.subject,
        at=row.at,
        minutes=row.minutes,
        sessions=row.sessions,
        credits=row.credits,
        amount=row.amount,
        reason=row.reason,
        why=row.why,
    )
