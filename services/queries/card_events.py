"""What the cards of sessions tell of their history (SPEC 2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import or_, text
from sqlalchemy import select as select_columns
from sqlmodel import col

from models import AuditEvent, Person
from models.enums import Action, Role
from services.lifecycle.beyond_status import as_read


@dataclass(frozen=True)
class LastMove:
    """Newest change of a session's status: by whom, how and when."""

    action: Action
    role: Role
    at: datetime
    actor_id: int | None
    who: str
    reason: str | None

    @classmethod
    def of(cls, event: Any, beyond: str | None) -> Self:
        """The change that a row of `TOLD_EVENTS` records; `beyond` as for `as_read`."""
        action, who = as_read(event.action, beyond), event.name or ""
        return cls(action, event.role, event.at, event.actor_id, who, event.reason)


CHANGES = (Action.ACCEPT, Action.REJECT, Action.WITHDRAW, Action.MOVE, Action.REASSIGN)
"""What settles a request to move a session, or changes it without one."""
_WRITTEN_OUT = ", ".join(f"'{one.value}'" for one in (*CHANGES, Action.TELL_COORDINATORS))
"""Because there is a partial index on actions, as in `services.lifecycle.status`."""
TOLD_EVENTS = (
    select_columns(
        *(col(AuditEvent.appointment_id), col(AuditEvent.to_status), col(AuditEvent.action)),
        *(col(AuditEvent.role), col(AuditEvent.at), col(AuditEvent.actor_id)),
        *(col(Person.name), col(AuditEvent.reason), col(AuditEvent.channel)),
    )
    .outerjoin(Person, col(Person.id) == AuditEvent.actor_id)
    .where(or_(col(AuditEvent.to_status).is_not(None), text(f"action IN ({_WRITTEN_OUT})")))
    .order_by(col(AuditEvent.id).desc())
)
"""Changes of status and time, and what the coordinators were told; newest first."""
