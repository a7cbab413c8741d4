"""Reminder to one person, and how reminders are written (SPEC 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import Appointment
from services.db import Session
from services.messaging import outbox
from services.messaging.messages.base import Message
from services.messaging.messages.sessions import AtItsTime
from services.rules.reminders import Span


@dataclass(frozen=True)
class Reminder:
    """What a person is reminded of, once for each `key`."""

    person_id: int
    told: Message
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
                one.told,
                key=one.key,
                now=now,
                due_at=one.span.due_at,
                expires_at=one.span.expires_at,
            )


def of_session(
    appointment: Appointment, person_id: int, of: type[AtItsTime], span: Span
) -> Reminder:
    """Reminder of a session at its present time, once for each such time."""
    told = of(appointment.id, appointment.starts_at)
    return Reminder(
        person_id,
        told,
        f"{told.kind}:{appointment.id}:{appointment.starts_at.isoformat()}:{person_id}",
        span,
    )
