"""What the coordinators were told in the last four hours before a session (SPEC 6)."""

from dataclasses import dataclass

from models import AuditEvent
from models.enums import ChangeReason, Role
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
