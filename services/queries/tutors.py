"""Tutors who could take over a session (SPEC 2)."""

from sqlalchemy import text
from sqlmodel import col, select

from models import Appointment, Person
from services.db import Session
from services.lifecycle.slots import are_siblings


def free_tutors(session: Session, appointment: Appointment) -> list[Person]:
    """All other tutors without another live session at its time, by name (SPEC 6).

    Whoever teaches a sibling at exactly that time is free for both. That may change until one is
    chosen: `services.lifecycle.slots` has the last word.
    """
    overlapping = session.exec(
        select(Appointment).where(
            text("appointment.status IN ('scheduled', 'checked_in')"),
            col(Appointment.starts_at) < appointment.ends_at,
            col(Appointment.ends_at) > appointment.starts_at,
            col(Appointment.id) != appointment.id,
        )
    )
    busy = {
        other.tutor_id
        for other in overlapping.all()
        if not _taught_together(session, appointment, other)
    }
    tutors = session.exec(
        select(Person).where(col(Person.is_tutor)).order_by(col(Person.name), col(Person.id))
    )
    return [one for one in tutors.all() if one.id not in busy | {appointment.tutor_id}]


def _taught_together(session: Session, one: Appointment, other: Appointment) -> bool:
    if (one.starts_at, one.ends_at) != (other.starts_at, other.ends_at):
        return False
    return are_siblings(session, one.student_id, other.student_id)
