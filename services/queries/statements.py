"""Statements of families and tutors, of closed and of open months (SPEC 7)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, func, select

from models import BillingLine, BillingMonth, BillingStatement
from models.enums import Side
from services.db import Session
from services.queries.billing_lines import EVERYBODY, Scope, lines_between
from services.queries.billing_months import (
    Books,
    books_of,
    by_party,
    first_open,
    frozen_lines,
    line_of,
    lines_of,
    name_of,
)
from services.queries.families import families, members
from services.rules.agency import Agency
from services.rules.billing import Line, bounds_of_month, month_of


@dataclass(frozen=True)
class Statement:
    """Statement of a family or a tutor for one month."""

    books: Books
    side: Side
    party_id: int
    name: str
    lines: list[Line]
    id: int | None = None
    """Of a closed month only."""


def statement_of(
    session: Session, agency: Agency, month: date, side: Side, party_id: int, now: datetime
) -> Statement | None:
    """Statement of a tutor, or of the family of a child; None where the month has none."""
    books = books_of(session, agency, month)
    if books.closed is None:
        first = first_open(session, agency, now)
        return _open_statement(session, agency, books, side, party_id, first)
    theirs = (
        col(BillingStatement.party_id) == party_id
        if side is Side.TUTOR
        else col(BillingStatement.id).in_(
            select(BillingLine.statement_id).where(BillingLine.student_id == party_id)
        )
    )
    row = session.exec(
        select(BillingStatement).where(
            BillingStatement.month_id == books.closed.id, BillingStatement.side == side, theirs
        )
    ).first()
    return None if row is None else _closed_statement(session, books, row)


def statements_naming(
    session: Session, agency: Agency, month: date, student_ids: Sequence[int], now: datetime
) -> list[Statement]:
    """Family statements of a month that name any of a parent's children, and no child of others.

    Several where the children are of different families, or were when the month was closed.
    """
    books = books_of(session, agency, month)
    if books.closed is None:
        family_of = families(session, student_ids)
        each = dict.fromkeys(family_of[one] for one in student_ids)
        first = first_open(session, agency, now)
        read = (_open_statement(session, agency, books, Side.FAMILY, one, first) for one in each)
        found = [one for one in read if one is not None]
    else:
        naming = select(BillingLine.statement_id).where(
            col(BillingLine.student_id).in_(student_ids)
        )
        rows = session.exec(
            select(BillingStatement)
            .where(
                BillingStatement.month_id == books.closed.id,
                BillingStatement.side == Side.FAMILY,
                col(BillingStatement.id).in_(naming),
            )
            .order_by(BillingStatement.name, col(BillingStatement.id))
        ).all()
        found = [_closed_statement(session, books, row) for row in rows]
    return [one for one in found if children_on(one) <= set(student_ids)]


def newest_month(session: Session, agency: Agency, scope: Scope, now: datetime) -> date | None:
    """Newest month, the running one at most, in which children or a tutor have any line."""
    first, running = first_open(session, agency, now), month_of(now, agency.zone)
    begins, ends = bounds_of_month(first, agency.zone)[0], bounds_of_month(running, agency.zone)[1]
    lines = lines_between(session, scope, begins, ends)
    if lines:
        return max(month_of(line.at, agency.zone) for line in lines)
    if lines_of(session, agency, first, scope, first):
        return first
    side = Side.FAMILY if scope.tutor_id is None else Side.TUTOR
    return session.exec(
        select(func.max(BillingMonth.month))
        .join(BillingStatement, col(BillingStatement.month_id) == BillingMonth.id)
        .join(BillingLine, col(BillingLine.statement_id) == BillingStatement.id)
        .where(
            BillingStatement.side == side,
            *scope.conditions(col(BillingLine.student_id), col(BillingStatement.party_id)),
        )
    ).one()


def first_month(session: Session, agency: Agency, now: datetime) -> date:
    """First month that can have statements: the first that was closed, or the first open one."""
    closed: date | None = session.exec(select(func.min(BillingMonth.month))).one()
    return first_open(session, agency, now) if closed is None else closed


def statements_of(session: Session, agency: Agency, month: date, now: datetime) -> list[Statement]:
    """Every statement of a month: families first, by name."""
    books = books_of(session, agency, month)
    if books.closed is None:
        lines = lines_of(session, agency, month, EVERYBODY, first_open(session, agency, now))
        found = [
            Statement(books, side, party_id, name_of(side, theirs), theirs)
            for (side, party_id), theirs in by_party(session, lines).items()
        ]
    else:
        rows = session.exec(
            select(BillingStatement).where(BillingStatement.month_id == books.closed.id)
        ).all()
        by_id = _lines_by_statement(session, books.closed)
        found = [
            Statement(books, row.side, row.party_id, row.name, by_id.get(row.id, []), row.id)
            for row in rows
        ]
    return sorted(found, key=lambda one: (one.side is Side.TUTOR, one.name, one.party_id))


def children_on(statement: Statement) -> set[int]:
    """Ids of the children whom the statement names."""
    return {line.student_id for line in statement.lines if line.student_id is not None}


def _open_statement(
    session: Session, agency: Agency, books: Books, side: Side, party_id: int, first: date
) -> Statement | None:
    scope = (
        Scope(tutor_id=party_id)
        if side is Side.TUTOR
        else Scope(student_ids=tuple(members(session, party_id)))
    )
    lines = lines_of(session, agency, books.month, scope, first)
    if not lines:
        return None
    family = min(scope.student_ids) if scope.student_ids else party_id
    return Statement(books, side, family, name_of(side, lines), lines)


def _closed_statement(session: Session, books: Books, row: BillingStatement) -> Statement:
    lines = frozen_lines(session, col(BillingLine.statement_id) == row.id)
    return Statement(books, row.side, row.party_id, row.name, lines, row.id)


def _lines_by_statement(session: Session, month: BillingMonth) -> dict[int, list[Line]]:
    of_month = select(BillingStatement.id).where(BillingStatement.month_id == month.id)
    rows = session.exec(
        select(BillingLine)
        .where(col(BillingLine.statement_id).in_(of_month))
        .order_by(col(BillingLine.statement_id), col(BillingLine.position))
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for row in rows.all():
        found[row.statement_id].append(line_of(row))
    return found
