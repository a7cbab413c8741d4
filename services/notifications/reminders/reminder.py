"""Reminder to one person, and how reminders are written (SPEC 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import Appointment
from models.enums import MessageKind
from services.db import Session
from services.messaging import outbox
from services.rules.reminders import Span


@dataclass(frozen=True)
class Reminder:
    """What a person is reminded of, once for each `key`."""

    person_id: int
    kind: MessageKind
    payload: outbox.Payload
    key: str
    span: Span


def write(session: Session, reminders: Sequence[Reminder], now: datetime) -> None:
    """Write the reminders that do not exist yet.

    The system sends them, so there is no audit event.
    """
    new = outbox.unwritten(session, [one.key for one in reminders]) if reminders else set()
    for one in reminders:
        if one.key in new:
            outbox.tell_person(
                session,
                one.person_id,
                one.kind,
                one.payload,
                key=one.key,
                now=now,
                due_at=one.span.due_at,
                expires_at=one.span.expires_at,
            )


def of_session(appointment: Appointment, person_id: int, kind: MessageKind, span: Span) -> Reminder:
    """Reminder of a session at its present time, once for each such time."""
    starts_at = appointment.starts_at.isoformat()
    return Reminder(
        person_id,
        kind,
        {"appointment_id": appointment.id, "starts_at": starts_at},
        f"{kind}:{appointment.id}:{starts_at}:{person_id}",
        span,
    )
