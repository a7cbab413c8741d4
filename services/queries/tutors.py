"""Tutors who can take over a session (SPEC 2)."""

from zoneinfo import ZoneInfo

from sqlalchemy import and_, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models import Appointment, Guardianship, Person, TutorLeave
from models.enums import LeaveStatus, Status
from services.db import Session
from services.queries.closed_days import holidays_between
from services.rules.windows import NOT_OVER


def free_tutors(session: Session, appointment: Appointment, zone: ZoneInfo) -> list[Person]:
    """Other tutors without a live session at its time, by name; who is on leave is not (SPEC 6).

    Nobody is for a replacement on a holiday, which would be a new session (SPEC 7).
    A tutor who teaches a sibling at exactly that time is free for both. This can change before one
    is chosen: `services.lifecycle.slots` decides then.
    """
    day = appointment.starts_at.astimezone(zone).date()
    if appointment.status is not Status.SCHEDULED and holidays_between(session, day, day):
        return []
    siblings = _siblings(session, appointment.student_id)
    taught_together = and_(
        col(Appointment.starts_at) == appointment.starts_at,
        col(Appointment.ends_at) == appointment.ends_at,
        col(Appointment.student_id).in_(siblings),
    )
    busy = select(Appointment.tutor_id).where(
        text("appointment.status IN ('scheduled', 'checked_in')"),
        col(Appointment.starts_at) > appointment.starts_at - NOT_OVER,
        col(Appointment.starts_at) < appointment.ends_at,
        col(Appointment.ends_at) > appointment.starts_at,
        col(Appointment.id) != appointment.id,
        ~taught_together,
    )
    away = select(TutorLeave.tutor_id).where(
        TutorLeave.status == LeaveStatus.TAKEN,
        TutorLeave.starts_on <= day,
        TutorLeave.ends_on >= day,
    )
    tutors = session.exec(
        select(Person)
        .where(
            col(Person.is_tutor),
            col(Person.id) != appointment.tutor_id,
            col(Person.id).not_in(busy),
            col(Person.id).not_in(away),
        )
        .order_by(col(Person.name), col(Person.id))
    )
    return list(tutors.all())


def _siblings(session: Session, student_id: int) -> list[int]:
    """Ids of children who share a guardian with this one."""
    one, other = aliased(Guardianship), aliased(Guardianship)
    found = session.exec(
        select(other.student_id)
        .join(one, col(one.person_id) == other.person_id)
        .where(one.student_id == student_id, other.student_id != student_id)
        .distinct()
    )
    return list(found.all())
