"""Replacements: the session in the place of a lost one, and the lost one itself (SPEC 6)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from models import Appointment, Person
from models.enums import Action
from services.db import Session
from services.lifecycle.status import last_done
from services.rules.action_checks import LOST


@dataclass(frozen=True)
class AskedFor:
    """Person who asked the coordinators for a replacement, and when."""

    who: str
    actor_id: int | None
    at: datetime
    wished: datetime | None = None
    """Start that they asked for, if they chose one."""


@dataclass(frozen=True)
class Replacement:
    """Replacement of a lost session, and the lost session that this one replaces."""

    asked: AskedFor | None = None
    by: Appointment | None = None
    """Session that replaces it."""
    of: Appointment | None = None
    """Lost session that it replaces."""


def replacement(session: Session, appointment: Appointment) -> Replacement:
    """What the card of a session shows about replacing."""
    of = (
        session.get(Appointment, appointment.replaces_id)
        if appointment.replaces_id is not None
        else None
    )
    if appointment.status not in LOST:
        return Replacement(of=of)
    return Replacement(_asked(session, appointment.id), replacement_of(session, appointment.id), of)


def replacement_of(session: Session, lost_id: int) -> Appointment | None:
    """Session that was booked in the place of a lost one."""
    found = session.exec(select(Appointment).where(Appointment.replaces_id == lost_id))
    return found.one_or_none()


def _asked(session: Session, appointment_id: int) -> AskedFor | None:
    event = last_done(session, appointment_id, Action.ASK_REPLACEMENT)
    if event is None:
        return None
    person = session.get(Person, event.actor_id) if event.actor_id else None
    wished = (event.details or {}).get("wished")
    return AskedFor(
        person.name if person else "",
        event.actor_id,
        event.at,
        datetime.fromisoformat(wished) if wished else None,
    )
