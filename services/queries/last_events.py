"""The newest event of one action for each of several sessions, with its actor's name."""

from sqlalchemy import Integer, bindparam, select, text
from sqlmodel import col, func

from models import AuditEvent, Person
from models.enums import Action
from services.prepared import Prepared


def last_events(action: Action) -> Prepared:
    """Statement for the sessions that `ids` names: each newest event, and the actor's name."""
    newest = (
        select(func.max(col(AuditEvent.id)))
        .where(
            col(AuditEvent.appointment_id).in_(bindparam("ids", type_=Integer, expanding=True)),
            text(f"audit_event.action = '{action.value}'"),
        )
        .group_by(col(AuditEvent.appointment_id))
    )
    return Prepared(
        select(AuditEvent, col(Person.name))
        .outerjoin(Person, col(Person.id) == col(AuditEvent.actor_id))
        .where(col(AuditEvent.id).in_(newest))
    )
