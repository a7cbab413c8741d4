"""Tutors from whom a session was taken, and given to another (SPEC 2)."""

from sqlmodel import col, select

from models import AuditEvent, Person
from models.enums import Action
from services.db import Session
from services.rules.refusals.sessions import ActedFirst


def given_away(session: Session, appointment_id: int, person_id: int | None) -> ActedFirst | None:
    """Who gave a session that was this person's to another tutor; None if it was never theirs."""
    found = session.exec(
        select(AuditEvent, Person)
        .join(Person, col(Person.id) == AuditEvent.actor_id)
        .where(
            col(AuditEvent.appointment_id) == appointment_id,
            col(AuditEvent.action) == Action.REASSIGN,
        )
        .order_by(col(AuditEvent.id).desc())
    )
    for event, actor in found.all():
        if (event.details or {}).get("tutor_id") == person_id:
            return ActedFirst(
                who=actor.name, actor_id=actor.id, action=event.action, role=event.role, at=event.at
            )
    return None
