"""Lines of statements as they would be billed now (SPEC 7)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import col

from models import Cancellation
from models.enums import (
    EntryKind,
    Kind,
    LineKind,
    Role,
    Side,
    Status,
    Why,
)
from services.db import Session
from services.queries.billing_rows import (
    AMOUNTS,
    CREDITS,
    DEDUCTION,
    PACKAGES,
    REVERSED,
    SESSIONS,
    WAIVED,
    Condition,
    Source,
    is_of,
)
from services.rules.billing import Line, Subject
from services.rules.money import session_amount

MINUTE = 60
_BELOW = {
    Status.AWAITING_APPROVAL_PARENT: LineKind.AWAITING,
    Status.DISPUTED: LineKind.DISPUTED,
}
_CANCELLED = frozenset({Status.CANCELLED_BY_PARENT, Status.CANCELLED_BY_TUTOR})
_SIDES = {Role.PARENT: Side.FAMILY, Role.TUTOR: Side.TUTOR}


@dataclass(frozen=True)
class Scope:
    """Whose lines are wanted: all, these children's, or one tutor's."""

    student_ids: tuple[int, ...] | None = None
    tutor_id: int | None = None

    def holds(self, line: Line) -> bool:
        if self.tutor_id is not None:
            return line.side is Side.TUTOR and line.tutor_id == self.tutor_id
        return self.student_ids is None or line.side is Side.FAMILY

    def conditions(self, student: Any, tutor: Any) -> list[Condition]:
        """Conditions on the columns of a row's child and tutor."""
        found = []
        if self.student_ids is not None:
            found.append(student.in_(self.student_ids))
        if self.tutor_id is not None:
            found.append(tutor == self.tutor_id)
        return found


EVERYBODY = Scope()


def lines_between(session: Session, scope: Scope, begins: datetime, ends: datetime) -> list[Line]:
    """Lines of all that lies in a span of time, by statements that are prepared."""

    def rows(source: Source) -> list[Any]:
        return source.between(session, begins, ends, scope.student_ids, scope.tutor_id)

    found = _session_lines(rows(SESSIONS), scope)
    if scope.tutor_id is None:
        found += _package_lines(rows(PACKAGES)) + _credit_lines(rows(CREDITS))
    return found + _money_lines(rows(AMOUNTS))


def _rows(
    session: Session, source: Source, scope: Scope, conditions: Iterable[Condition]
) -> Iterable[Any]:
    theirs = scope.conditions(source.student, source.tutor)
    return session.execute(source.rows.where(*theirs, *conditions)).all()


def _session_lines(rows: Iterable[Any], scope: Scope) -> list[Line]:
    return [line for row in rows for line in _of_session(row) if scope.holds(line)]


def session_lines(session: Session, scope: Scope, *conditions: Condition) -> list[Line]:
    """Lines of the sessions that meet all conditions: held, awaited, disputed, and penalties."""
    return _session_lines(_rows(session, SESSIONS, scope, conditions), scope)


def package_lines(session: Session, scope: Scope, *conditions: Condition) -> list[Line]:
    """Lines of packages that were bought, unless the purchase was reversed."""
    if scope.tutor_id is not None:
        return []
    return _package_lines(_rows(session, PACKAGES, scope, conditions))


def _package_lines(rows: Iterable[Any]) -> list[Line]:
    return [
        Line(
            side=Side.FAMILY,
            kind=LineKind.PACKAGE,
            subject_of=Subject(package_id=package.id),
            student_id=package.student_id,
            tutor_id=None,
            child=child,
            tutor="",
            subject=str(package.sessions_total),
            at=package.bought_at,
            amount=package.price,
        )
        for package, child in rows
    ]


def credit_lines(session: Session, scope: Scope, *conditions: Condition) -> list[Line]:
    """Lines of credits that a coordinator has added to packages, or taken; they cost nothing."""
    if scope.tutor_id is not None:
        return []
    return _credit_lines(_rows(session, CREDITS, scope, conditions))


def _credit_lines(rows: Iterable[Any]) -> list[Line]:
    return [
        Line(
            side=Side.FAMILY,
            kind=LineKind.ADJUSTMENT,
            subject_of=Subject(entry_id=entry.id),
            student_id=entry.student_id,
            tutor_id=None,
            child=child,
            tutor="",
            subject=f"{entry.sessions:+}",
            at=entry.at,
            reason=entry.reason,
            why=Why.AGREED,
        )
        for entry, child in rows
    ]


def money_lines(session: Session, scope: Scope, *conditions: Condition) -> list[Line]:
    """Lines of amounts that a coordinator has entered."""
    return _money_lines(_rows(session, AMOUNTS, scope, conditions))


def _money_lines(rows: Iterable[Any]) -> list[Line]:
    return [
        Line(
            side=row.side,
            kind=LineKind.ADJUSTMENT,
            subject_of=Subject(adjustment_id=row.id),
            student_id=row.student_id,
            tutor_id=row.tutor_id,
            child=child or "",
            tutor=tutor or "",
            subject="",
            at=row.at,
            amount=row.amount,
            reason=row.reason,
            why=Why.AGREED,
        )
        for row, child, tutor in rows
    ]


def with_reasons(session: Session, lines: list[Line]) -> list[Line]:
    """Lines, where something of a closed month is undone with the reason why."""
    undone = [line.subject_of for line in lines if line.why in {Why.REVERSED, Why.WAIVED}]
    if not undone:
        return lines
    reasons = {
        Subject(package_id=package_id)
        if kind is EntryKind.PURCHASE
        else Subject(entry_id=entry_id): reason
        for kind, package_id, entry_id, reason in session.execute(
            REVERSED.where(
                (
                    is_of(DEDUCTION, EntryKind.PURCHASE)
                    & col(DEDUCTION.package_id).in_([one.package_id for one in undone])
                )
                | col(DEDUCTION.id).in_([one.entry_id for one in undone])
            )
        )
    } | {
        Subject(appointment_id=appointment_id, is_penalty=True): reason
        for appointment_id, reason in session.execute(
            WAIVED.where(
                col(Cancellation.appointment_id).in_([one.appointment_id for one in undone])
            )
        )
    }
    return [
        replace(line, reason=reasons.get(line.subject_of, line.reason))
        if line.subject_of in undone
        else line
        for line in lines
    ]


def _of_session(row: Any) -> Iterator[Line]:
    if row.status in _CANCELLED:
        if row.penalty is not None and row.penalty_amount != 0:
            yield _penalty(row)
        return
    minutes = int((row.ends_at - row.starts_at).total_seconds()) // MINUTE
    for side in Side:
        kind = _BELOW.get(row.status) or _kind(row, side)
        is_counted = kind not in _BELOW.values()
        is_free = kind is LineKind.COVERED or not is_counted
        yield Line(
            side=side,
            kind=kind,
            subject_of=Subject(appointment_id=row.id),
            student_id=row.student_id,
            tutor_id=row.tutor_id,
            child=row.child,
            tutor=row.tutor,
            subject=row.subject,
            at=row.starts_at,
            minutes=minutes,
            sessions=int(is_counted),
            credits=int(kind is LineKind.COVERED),
            amount=None if is_free else _amount(row, side, minutes),
            reason=row.given_back if side is Side.FAMILY and is_counted else None,
        )


def _kind(row: Any, side: Side) -> LineKind:
    if row.kind is Kind.TRIAL:
        return LineKind.TRIAL
    if row.billed_as_addon:
        return LineKind.ADDON
    return LineKind.COVERED if row.is_covered and side is Side.FAMILY else LineKind.REGULAR


def _amount(row: Any, side: Side, minutes: int) -> int | None:
    price = row.price if side is Side.FAMILY else row.pay
    return session_amount(price, row.price_unit, minutes)


def _penalty(row: Any) -> Line:
    """A family pays its penalty; a tutor's is taken from the pay."""
    side, amount = _SIDES[row.side], row.penalty_amount
    sign = -1 if side is Side.TUTOR else 1
    return Line(
        side=side,
        kind=LineKind.PENALTY,
        subject_of=Subject(appointment_id=row.id, is_penalty=True),
        student_id=row.student_id,
        tutor_id=row.tutor_id,
        child=row.child,
        tutor=row.tutor,
        subject=row.subject,
        at=row.starts_at,
        amount=None if amount is None else sign * amount,
        reason=row.penalty,
    )
