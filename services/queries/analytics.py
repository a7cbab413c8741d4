"""Facts for analytics: the sessions of some months, in one bounded query (SPEC 7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, bindparam
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from models import (
    Appointment,
    AuditEvent,
    Cancellation,
    Dispute,
    NotePart,
    Package,
    PackageEntry,
    Person,
    Student,
)
from models.enums import Action, EntryKind, Status
from services.db import Session
from services.prepared import Prepared
from services.rules.analytics import RUNWAY_WEEKS, Counted, Fact, Runway

MOST = 20_000
"""Most sessions that are read for one page: the newest."""
CHILDREN = 500


@dataclass(frozen=True)
class Facts:
    """Sessions of a period, newest first."""

    facts: list[Fact]
    is_cut: bool
    """Whether there were more than are read."""


def facts_between(session: Session, begins: datetime, ends: datetime) -> Facts:
    """Facts of the sessions that start in a period."""
    rows = _FACTS.rows(session, begins=begins, ends=ends)
    return Facts([_fact(row) for row in rows[:MOST]], len(rows) > MOST)


def counted_between(
    session: Session, begins: datetime, ends: datetime, zone: ZoneInfo
) -> tuple[Counted, bool]:
    """What is counted of the sessions that start in a period, and whether there were more than are
    read.
    """
    found = facts_between(session, begins, ends)
    return Counted(found.facts, zone), found.is_cut


def runways(session: Session, now: datetime) -> list[Runway]:
    """Children with unexpired packages: credits left, and how many were taken in four weeks."""
    left = _LEFT.rows(session, now=now)
    since = now - timedelta(weeks=RUNWAY_WEEKS)
    recent = dict(_TAKEN.rows(session, since=since, student_ids=[row[0] for row in left]))
    return [
        Runway(student_id, child, int(credits_left), recent.get(student_id, 0))
        for student_id, child, credits_left in left
    ]


def _fact(row: Any) -> Fact:
    return Fact(
        appointment_id=row.id,
        tutor_id=row.tutor_id,
        tutor=row.tutor,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=row.status,
        kind=row.kind,
        is_addon=bool(row.billed_as_addon),
        checked_in_at=row.checked_in_at,
        checked_out_at=row.checked_out_at,
        acknowledged_at=row.acknowledged_at if row.status is Status.APPROVED else None,
        first_note_at=row.first_note_at,
        side=row.side,
        reason=row.reason,
        cancelled_at=row.cancelled_at,
        dispute=row.dispute,
    )


_LATER = aliased(Dispute)
_ACKNOWLEDGED_AT = (
    select_columns(col(AuditEvent.at))
    .where(
        col(AuditEvent.appointment_id) == Appointment.id,
        col(AuditEvent.action) == Action.ACKNOWLEDGE,
    )
    .order_by(col(AuditEvent.id).desc())
    .limit(1)
    .scalar_subquery()
)
_FIRST_NOTE_AT = (
    select_columns(col(NotePart.created_at))
    .where(col(NotePart.appointment_id) == Appointment.id, col(NotePart.removed_at).is_(None))
    .order_by(col(NotePart.created_at))
    .limit(1)
    .scalar_subquery()
)
_DISPUTE = (
    select_columns(col(_LATER.status))
    .where(col(_LATER.appointment_id) == Appointment.id)
    .order_by(col(_LATER.id).desc())
    .limit(1)
    .scalar_subquery()
)
_FACTS = Prepared(
    select_columns(
        col(Appointment.id),
        col(Appointment.tutor_id),
        col(Person.name).label("tutor"),
        col(Appointment.starts_at),
        col(Appointment.ends_at),
        col(Appointment.status),
        col(Appointment.kind),
        col(Appointment.billed_as_addon),
        col(Appointment.checked_in_at),
        col(Appointment.checked_out_at),
        _ACKNOWLEDGED_AT.label("acknowledged_at"),
        _FIRST_NOTE_AT.label("first_note_at"),
        col(Cancellation.side),
        col(Cancellation.reason),
        col(Cancellation.at).label("cancelled_at"),
        _DISPUTE.label("dispute"),
    )
    .join(Person, col(Person.id) == Appointment.tutor_id)
    .join(Cancellation, col(Cancellation.appointment_id) == Appointment.id, isouter=True)
    .where(
        col(Appointment.starts_at) >= bindparam("begins"),
        col(Appointment.starts_at) < bindparam("ends"),
    )
    .order_by(col(Appointment.starts_at).desc(), col(Appointment.id).desc())
    .limit(MOST + 1)
)
_LEFT = Prepared(
    select(Student.id, Student.name, func.sum(PackageEntry.sessions))
    .join(Package, col(Package.student_id) == Student.id)
    .join(PackageEntry, col(PackageEntry.package_id) == Package.id)
    .where(col(Package.expires_at).is_(None) | (col(Package.expires_at) > bindparam("now")))
    .group_by(col(Student.id))
    .order_by(col(Student.id))
    .limit(CHILDREN)
)
_TAKEN = Prepared(
    select(PackageEntry.student_id, func.count())
    .join(Appointment, col(Appointment.id) == PackageEntry.appointment_id)
    .where(
        PackageEntry.kind == EntryKind.DEDUCTION,
        col(Appointment.starts_at) >= bindparam("since"),
        col(PackageEntry.student_id).in_(bindparam("student_ids", type_=Integer, expanding=True)),
    )
    .group_by(col(PackageEntry.student_id))
)
