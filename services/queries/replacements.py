"""Replacements: the session in the place of a lost one, and the lost one itself (SPEC 6)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from models import Appointment, AuditEvent, Person, WantedReplacement
from models.enums import Action
from services.db import Session
from services.queries.last_events import last_events
from services.rules.action_checks import LOST, NOT_HELD
from services.rules.attendance import Attended
from services.rules.reschedule import new_end


@dataclass(frozen=True)
class AskedFor:
    """Person who asked the coordinators for a replacement, and when."""

    who: str
    actor_id: int | None
    at: datetime
    wished: datetime | None = None
    """Start that they asked for, if they chose one."""
    event_id: int = 0
    said: str | None = None
    """What they wrote about it."""

    def slot(self, lost: Attended) -> tuple[datetime, datetime] | None:
        """Slot that they asked for, as long as the lost session; None if they chose none."""
        if self.wished is None:
            return None
        return self.wished, new_end(lost.starts_at, lost.ends_at, self.wished)


@dataclass(frozen=True)
class Replacement:
    """Replacement of a lost session, and the lost session that this one replaces."""

    asked: AskedFor | None = None
    """None also where the coordinators have closed the request without a booking."""
    by: Appointment | None = None
    """Session that replaces it."""
    of: Appointment | None = None
    """Lost session that it replaces."""
    tutors: Mapping[int, str] = field(default_factory=dict)
    """Names of those whom these have, by id, where they are not this session's own tutor."""
    closed_at: datetime | None = None
    """When the coordinators closed the last request without a booking, if they did."""


def replacement(session: Session, appointment: Appointment) -> Replacement:
    """What the card of a session shows about replacing."""
    of = (
        session.get(Appointment, appointment.replaces_id)
        if appointment.replaces_id is not None
        else None
    )
    asked = by = closed_at = None
    if appointment.status in LOST:
        asked = _asked(session, appointment.id)
        by = _standing(session, replacement_of(session, appointment.id))
    if asked is not None and by is None:
        closed_at = _closed_at(session, appointment.id, asked)
        asked = asked if closed_at is None else None
    others = {one.tutor_id for one in (by, of) if one is not None} - {appointment.tutor_id}
    tutors = {one: session.get_one(Person, one).name for one in others}
    return Replacement(asked, by, of, tutors, closed_at)


def replacement_of(session: Session, lost_id: int) -> Appointment | None:
    """Session that was booked in the place of a lost one."""
    found = session.exec(select(Appointment).where(Appointment.replaces_id == lost_id))
    return found.one_or_none()


def _standing(session: Session, by: Appointment | None) -> Appointment | None:
    """The last of a chain of replacements, where one after the other did not take place."""
    while by is not None and by.status in NOT_HELD:
        further = replacement_of(session, by.id)
        if further is None:
            return by
        by = further
    return by


def is_wanted(session: Session, lost_id: int) -> bool:
    """Whether a replacement was asked for, and neither booked nor dealt with otherwise."""
    return session.get(WantedReplacement, lost_id, populate_existing=True) is not None


def replacements_wanted(session: Session) -> list[int]:
    """Ids of the lost sessions for which one is wanted, the longest wanted first."""
    wanted = WantedReplacement
    order = (col(wanted.asked_at), col(wanted.appointment_id))
    return list(session.exec(select(wanted.appointment_id).order_by(*order)).all())


def asked_for(session: Session, appointment_ids: Collection[int]) -> dict[int, AskedFor]:
    """Who asked for the replacement of each of these sessions."""
    rows = _LAST_ASKED.rows(session, ids=sorted(appointment_ids))
    return {event.appointment_id: _told(event, who or "") for event, who in rows}


def _asked(session: Session, appointment_id: int) -> AskedFor | None:
    return asked_for(session, (appointment_id,)).get(appointment_id)


def _closed_at(session: Session, appointment_id: int, asked: AskedFor) -> datetime | None:
    """When the coordinators dealt with this request in the queue; None where they did not."""
    found: tuple[AuditEvent, str] | None = _LAST_DEALT.first(session, ids=[appointment_id])
    return None if found is None or found[0].id < asked.event_id else found[0].at


def _told(event: AuditEvent, who: str) -> AskedFor:
    details = event.details or {}
    wished = details.get("wished")
    at = datetime.fromisoformat(wished) if wished else None
    return AskedFor(who, event.actor_id, event.at, at, event.id, details.get("text"))


_LAST_ASKED = last_events(Action.ASK_REPLACEMENT)
_LAST_DEALT = last_events(Action.DEAL_WITH)
