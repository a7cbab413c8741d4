"""History of a session: who did what, and when, as a person may read it (SPEC 2, 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import AuditEvent, Person
from models.enums import Action, Channel, Role
from services.db import Session

HIDDEN_FROM: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.TUTOR: frozenset({Action.REPORT_PROBLEM}),
        Role.PARENT: frozenset({Action.REMOVE_NOTE, Action.EDIT_NOTE, Action.JUDGE_SUMMARY}),
    }
)
"""What is between others: a parent's report to the agency, a tutor's drafts."""


@dataclass(frozen=True)
class Happening:
    """One thing that was done to a session."""

    action: Action
    role: Role
    channel: Channel
    at: datetime
    actor_id: int | None
    who: str
    reason: str | None


def history_of(session: Session, appointment_id: int, role: Role) -> list[Happening]:
    """What was done to a session, oldest first, without what is not for this role to read."""
    found = session.execute(_EVENTS, {"appointment_id": appointment_id})
    hidden = HIDDEN_FROM.get(role, frozenset())
    return [
        Happening(
            event.action, event.role, event.channel, event.at, event.actor_id, who or "",
            event.reason,
        )
        for event, who in found
        if event.action not in hidden
    ]  # fmt: skip


_EVENTS = (
    select(AuditEvent, Person.name)
    .outerjoin(Person, col(Person.id) == AuditEvent.actor_id)
    .where(AuditEvent.appointment_id == bindparam("appointment_id"))
    .order_by(col(AuditEvent.id))
)
