"""Tutors from whom a session was taken, and given to another (SPEC 2)."""

from sqlmodel import col, select

from models import AuditEvent, Person
from models.enums import Action
from services.db import Session


def was_given_away(session: Session, appointment_id: int, person: Person) -> bool:
    """Whether a session was this person's, and a coordinator gave it to another tutor."""
    found = session.exec(
        select(AuditEvent.details).where(
            col(AuditEvent.appointment_id) == appointment_id,
            col(AuditEvent.action) == Action.REASSIGN,
        )
    )
    return any((details or {}).get("tutor_id") == person.id for details in found)
