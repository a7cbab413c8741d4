"""What stands in the place of a lost session, and for which one a session stands (SPEC 6)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from models import Appointment, Person
from models.enums import Action, Status
from services.db import Session
from services.lifecycle.status import last_done


@dataclass(frozen=True)
class AskedFor:
    """Who asked the coordinators for another session, and when."""

    who: str
    actor_id: int | None
    at: datetime


@dataclass(frozen=True)
class Replacement:
    """Of a lost session what it leads to, of another one what it came from."""

    asked: AskedFor | None = None
    by: Appointment | None = None
    """The session in its place."""
    of: Appointment | None = None
    """The lost session in whose place it is."""


def replacement(session: Session, appointment: Appointment) -> Replacement:
    """Everything about replacing that the card of a session tells."""
    of = (
        session.get(Appointment, appointment.replaces_id)
        if appointment.replaces_id is not None
        else None
    )
    if appointment.status is not Status.NOT_COMPLETED:
        return Replacement(of=of)
    return Replacement(_asked(session, appointment.id), replacement_of(session, appointment.id), of)


def replacement_of(session: Session, lost_id: int) -> Appointment | None:
    """The session that was booked in the place of a lost one."""
    found = session.exec(select(Appointment).where(Appointment.replaces_id == lost_id))
    return found.one_or_none()


def _asked(session: Session, appointment_id: int) -> AskedFor | None:
    event = last_done(session, appointment_id, Action.ASK_REPLACEMENT)
    if event is None:
        return None
    person = session.get(Person, event.actor_id) if event.actor_id else None
    return AskedFor(person.name if person else "", event.actor_id, event.at)
