"""Sessions that a person's calendar shows, each with the number of its changes (SPEC 10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, func, select

from models import Appointment, AuditEvent, Person, Student
from models.enums import Action, Role, Status
from services.db import Session
from services.queries.sessions import children_of, of_children

PAST = timedelta(days=90)
AHEAD = timedelta(days=400)
CANCELLED_KEPT = timedelta(days=30)
"""How long a session that was cancelled stays, so that every calendar has taken it out."""
MOST = 2000
"""Most sessions in one feed; the oldest are left out."""

CANCELLED = (Status.CANCELLED_BY_TUTOR, Status.CANCELLED_BY_PARENT, Status.NOT_COMPLETED)
CHANGES = (Action.ACCEPT, Action.MOVE, Action.REASSIGN, Action.IMPORT)
"""Changes of a session that leave its status as it was."""


@dataclass(frozen=True)
class FeedSession:
    """Session as a calendar shows it to one person."""

    id: int
    role: Role
    subject: str
    tutor: str
    child: str
    """First name; a calendar is seen by more people than the bot."""
    address: str | None
    """For tutors only."""
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    sequence: int
    """Number of its changes since it was made."""
    changed_at: datetime


def feed_sessions(session: Session, person: Person, now: datetime) -> list[FeedSession]:
    """Person's sessions of the last 90 days and all that are booked, by start.

    Cancelled ones are among them for 30 days after they were cancelled.
    """
    number, changed_at = _of_changes(func.count()), _of_changes(func.max(col(AuditEvent.at)))
    tutor = Person.__table__.alias("tutor")  # type: ignore[attr-defined]
    mine = or_(col(Appointment.tutor_id) == person.id, of_children(children_of(session, person)))
    found = session.execute(
        select(Appointment, tutor.c.name, Student, number, changed_at)  # type: ignore[call-overload]
        .join(tutor, tutor.c.id == Appointment.tutor_id)
        .join(Student, col(Student.id) == Appointment.student_id)
        .where(
            mine,
            col(Appointment.starts_at) > now - PAST,
            col(Appointment.starts_at) < now + AHEAD,
            or_(
                col(Appointment.status).not_in(CANCELLED),
                func.coalesce(changed_at, col(Appointment.created_at)) > now - CANCELLED_KEPT,
            ),
        )
        .order_by(col(Appointment.starts_at).desc(), col(Appointment.id).desc())
        .limit(MOST)
    )
    return [_shown(person, *row) for row in reversed(found.all())]


def _shown(
    person: Person,
    row: Appointment,
    tutor: str,
    student: Student,
    changes: int,
    changed_at: datetime | None,
) -> FeedSession:
    role = Role.TUTOR if row.tutor_id == person.id else Role.PARENT
    return FeedSession(
        id=row.id,
        role=role,
        subject=row.subject,
        tutor=tutor,
        child=student.name.split()[0],
        address=student.address if role is Role.TUTOR else None,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_cancelled=row.status in CANCELLED,
        sequence=max(0, changes - 1),
        changed_at=changed_at or row.created_at,
    )


def _of_changes(value: Any) -> Any:
    """An aggregate of the events that changed a session: none is ever taken back."""
    return (
        select(value)
        .where(
            AuditEvent.appointment_id == Appointment.id,
            or_(col(AuditEvent.to_status).is_not(None), col(AuditEvent.action).in_(CHANGES)),
        )
        .correlate(Appointment)
        .scalar_subquery()
    )
