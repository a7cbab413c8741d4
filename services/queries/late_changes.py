"""What the coordinators were told in the last four hours before a session (SPEC 6)."""

from dataclasses import dataclass

from sqlmodel import col, select

from models import AuditEvent
from models.enums import Action, ChangeReason, Role
from services.db import Session


@dataclass(frozen=True)
class LateChange:
    """What one side told the coordinators."""

    side: Role
    reason: ChangeReason
    text: str | None


def late_change(session: Session, event_id: int) -> LateChange:
    """What was told, by its event in the audit trail. Raises LookupError where it is none."""
    event = session.get(AuditEvent, event_id)
    if event is None or event.reason is None:
        raise LookupError("the audit event of an outbox message is gone")
    return LateChange(event.role, ChangeReason(event.reason), (event.details or {}).get("text"))


def is_handed_over(session: Session, appointment_id: int, event_id: int) -> bool:
    """Whether the session was given to another tutor after this event of its audit trail."""
    found = session.exec(
        select(AuditEvent.id)
        .where(
            AuditEvent.appointment_id == appointment_id,
            AuditEvent.action == Action.REASSIGN,
            col(AuditEvent.id) > event_id,
        )
        .limit(1)
    )
    return found.first() is not None
