"""Rows of which the lines of statements are made (SPEC 7)."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, exists, text
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import (
    Appointment,
    BillingAdjustment,
    Cancellation,
    Package,
    PackageEntry,
    Person,
    Student,
)
from models.columns import UtcDateTime
from models.enums import EntryKind
from services.db import Session
from services.lifecycle.beyond_status import IS_UPHELD
from services.prepared import Prepared

Condition = ColumnElement[bool]


@dataclass(frozen=True, eq=False)
class Source:
    """Rows of one sort, and those of their columns that say whose they are, and of when."""

    rows: Select[*tuple[Any, ...]]
    student: Any
    at: Any
    tutor: Any = None
    """None where they never are a tutor's."""

    def between(
        self,
        session: Session,
        begins: datetime,
        ends: datetime,
        student_ids: tuple[int, ...] | None,
        tutor_id: int | None,
    ) -> list[Any]:
        """Rows of a span of time: of all, of some children, or of one tutor."""
        values: dict[str, object] = {"begins": begins, "ends": ends}
        if student_ids is not None:
            values["student_ids"] = student_ids
        if tutor_id is not None:
            values["tutor_id"] = tutor_id
        return _between(self, frozenset(values)).rows(session, **values)


@cache
def _between(source: Source, given: frozenset[str]) -> Prepared:
    """Statement for a span of time, and for whose rows are wanted by what is given."""
    rows = source.rows.where(
        source.at >= bindparam("begins", type_=UtcDateTime),
        source.at < bindparam("ends", type_=UtcDateTime),
    )
    if "student_ids" in given:
        rows = rows.where(
            source.student.in_(bindparam("student_ids", type_=Integer, expanding=True))
        )
    if "tutor_id" in given:
        rows = rows.where(source.tutor == bindparam("tutor_id", type_=Integer))
    return Prepared(rows)


def is_of(entry: Any, kind: EntryKind) -> Condition:
    """Condition that an entry of the ledger is of this kind."""
    return col(entry.kind) == kind


DEDUCTION, _PURCHASE, _UNDOING = (aliased(PackageEntry) for _ in range(3))


def stands(entry: Any) -> Condition:
    """Condition that no entry reverses this one."""
    return ~exists().where(col(_UNDOING.reverses_id) == entry.id)


_OF_SESSION = (col(DEDUCTION.appointment_id) == Appointment.id) & is_of(
    DEDUCTION, EntryKind.DEDUCTION
)
_IS_COVERED = exists().where(_OF_SESSION, stands(DEDUCTION))
"""A package has paid for the session, and was not given its credit back."""
_GIVEN_BACK = (
    select_columns(col(_UNDOING.reason))
    .join(DEDUCTION, col(DEDUCTION.id) == _UNDOING.reverses_id)
    .where(_OF_SESSION)
    .scalar_subquery()
)
REVERSED = select_columns(
    col(DEDUCTION.kind), col(DEDUCTION.package_id), col(DEDUCTION.id), col(_UNDOING.reason)
).join(_UNDOING, col(_UNDOING.reverses_id) == DEDUCTION.id)
WAIVED = select_columns(col(Cancellation.appointment_id), col(Cancellation.waiver_reason)).where(
    col(Cancellation.waived_at).is_not(None)
)
SESSIONS = Source(
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
        ~IS_UPHELD,
    ),
    student=col(Appointment.student_id),
    tutor=col(Appointment.tutor_id),
    at=col(Appointment.starts_at),
)
PACKAGES = Source(
    select_columns(Package, col(Student.name))
    .join(Student, col(Student.id) == Package.student_id)
    .join(
        _PURCHASE, (col(_PURCHASE.package_id) == Package.id) & is_of(_PURCHASE, EntryKind.PURCHASE)
    )
    .where(is_of(_PURCHASE, EntryKind.PURCHASE), stands(_PURCHASE)),
    student=col(Package.student_id),
    at=col(Package.bought_at),
)
CREDITS = Source(
    select_columns(PackageEntry, col(Student.name))
    .join(Student, col(Student.id) == PackageEntry.student_id)
    .where(is_of(PackageEntry, EntryKind.ADJUSTMENT), stands(PackageEntry)),
    student=col(PackageEntry.student_id),
    at=col(PackageEntry.at),
)
AMOUNTS = Source(
    select_columns(BillingAdjustment, col(Student.name), col(Person.name))
    .join(Student, col(Student.id) == BillingAdjustment.student_id, isouter=True)
    .join(Person, col(Person.id) == BillingAdjustment.tutor_id, isouter=True),
    student=col(BillingAdjustment.student_id),
    tutor=col(BillingAdjustment.tutor_id),
    at=col(BillingAdjustment.at),
)
