"""Lines of statements as they would be billed now (SPEC 7)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, text
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import (
    Appointment,
    BillingAdjustment,
    Cancellation,
    Dispute,
    Package,
    PackageEntry,
    Person,
    Student,
)
from models.enums import (
    DisputeStatus,
    EntryKind,
    Kind,
    LineKind,
    PriceUnit,
    Role,
    Side,
    Status,
    Why,
)
from services.db import Session
from services.rules.billing import Line, Subject
from services.rules.money import line_amount

Condition = ColumnElement[bool]
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


def session_lines(session: Session, scope: Scope, *conditions: Condition) -> list[Line]:
    """Lines of the sessions that meet all conditions: held, awaited, disputed, and penalties."""
    theirs = scope.conditions(col(Appointment.student_id), col(Appointment.tutor_id))
    rows = session.execute(_SESSIONS.where(*theirs, *conditions)).all()
    return [line for row in rows for line in _of_session(row) if scope.holds(line)]


def package_lines(session: Session, scope: Scope, *conditions: Condition) -> list[Line]:
    """Lines of packages that were bought, unless the purchase was reversed."""
    if scope.tutor_id is not None:
        return []
    theirs = scope.conditions(col(Package.student_id), None)
    rows = session.execute(_PACKAGES.where(*theirs, *conditions)).all()
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
    theirs = scope.conditions(col(PackageEntry.student_id), None)
    rows = session.execute(_CREDITS.where(*theirs, *conditions)).all()
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
    about = (col(BillingAdjustment.student_id), col(BillingAdjustment.tutor_id))
    rows = session.execute(_AMOUNTS.where(*scope.conditions(*about), *conditions)).all()
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
            _REVERSED.where(
                (
                    _is(_DEDUCTION, EntryKind.PURCHASE)
                    & col(_DEDUCTION.package_id).in_([one.package_id for one in undone])
                )
                | col(_DEDUCTION.id).in_([one.entry_id for one in undone])
            )
        )
    } | {
        Subject(appointment_id=appointment_id, is_penalty=True): reason
        for appointment_id, reason in session.execute(
            _WAIVED.where(
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


def _of_session(row: Row[Any]) -> Iterator[Line]:
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


def _kind(row: Row[Any], side: Side) -> LineKind:
    if row.kind is Kind.TRIAL:
        return LineKind.TRIAL
    if row.billed_as_addon:
        return LineKind.ADDON
    return LineKind.COVERED if row.is_covered and side is Side.FAMILY else LineKind.REGULAR


def _amount(row: Row[Any], side: Side, minutes: int) -> int | None:
    price = row.price if side is Side.FAMILY else row.pay
    if price is None or row.price_unit is None:
        return None
    return line_amount(price, minutes, by_hour=row.price_unit is PriceUnit.HOUR)


def _penalty(row: Row[Any]) -> Line:
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


def _is(entry: Any, kind: EntryKind) -> Condition:
    return col(entry.kind) == kind


_DEDUCTION, _PURCHASE, _UNDOING = (aliased(PackageEntry) for _ in range(3))


def _stands(entry: Any) -> Condition:
    """Condition that no entry reverses this one."""
    return ~exists().where(col(_UNDOING.reverses_id) == entry.id)


_OF_SESSION = (col(_DEDUCTION.appointment_id) == Appointment.id) & _is(
    _DEDUCTION, EntryKind.DEDUCTION
)
_IS_COVERED = exists().where(_OF_SESSION, _stands(_DEDUCTION))
"""A package has paid for the session, and was not given its credit back."""
_GIVEN_BACK = (
    select_columns(col(_UNDOING.reason))
    .join(_DEDUCTION, col(_DEDUCTION.id) == _UNDOING.reverses_id)
    .where(_OF_SESSION)
    .scalar_subquery()
)
_REVERSED = select_columns(
    col(_DEDUCTION.kind), col(_DEDUCTION.package_id), col(_DEDUCTION.id), col(_UNDOING.reason)
).join(_UNDOING, col(_UNDOING.reverses_id) == _DEDUCTION.id)
_WAIVED = select_columns(col(Cancellation.appointment_id), col(Cancellation.waiver_reason)).where(
    col(Cancellation.waived_at).is_not(None)
)
_IS_UPHELD = exists().where(
    col(Dispute.appointment_id) == Appointment.id, col(Dispute.status) == DisputeStatus.UPHELD
)
_SESSIONS = (
    select_columns(
        col(Appointment.id),
        col(Appointment.student_id),
        col(Appointment.tutor_id),
        col(Appointment.subject),
        col(Appointment.starts_at),
        col(Appointment.ends_at),
        col(Appointment.status),
        col(Appointment.kind),
        col(Appointment.billed_as_addon),
        col(Appointment.price),
        col(Appointment.pay),
        col(Appointment.price_unit),
        col(Student.name).label("child"),
        col(Person.name).label("tutor"),
        col(Cancellation.side),
        col(Cancellation.penalty),
        col(Cancellation.amount).label("penalty_amount"),
        _IS_COVERED.label("is_covered"),
        _GIVEN_BACK.label("given_back"),
    )
    .join(Student, col(Student.id) == Appointment.student_id)
    .join(Person, col(Person.id) == Appointment.tutor_id)
    .join(
        Cancellation,
        (col(Cancellation.appointment_id) == Appointment.id)
        & col(Cancellation.waived_at).is_(None)
        & col(Cancellation.penalty).is_not(None),
        isouter=True,
    )
    .where(
        text(
            "appointment.status IN ('approved', 'awaiting_approval_parent', 'disputed',"
            " 'cancelled_by_tutor', 'cancelled_by_parent')"
        ),
        ~((col(Appointment.status) == Status.DISPUTED) & _IS_UPHELD),
    )
)
_PACKAGES = (
    select_columns(Package, col(Student.name))
    .join(Student, col(Student.id) == Package.student_id)
    .join(_PURCHASE, (col(_PURCHASE.package_id) == Package.id) & _is(_PURCHASE, EntryKind.PURCHASE))
    .where(_stands(_PURCHASE))
)
_CREDITS = (
    select_columns(PackageEntry, col(Student.name))
    .join(Student, col(Student.id) == PackageEntry.student_id)
    .where(_is(PackageEntry, EntryKind.ADJUSTMENT), _stands(PackageEntry))
)
_AMOUNTS = (
    select_columns(BillingAdjustment, col(Student.name), col(Person.name))
    .join(Student, col(Student.id) == BillingAdjustment.student_id, isouter=True)
    .join(Person, col(Person.id) == BillingAdjustment.tutor_id, isouter=True)
)
