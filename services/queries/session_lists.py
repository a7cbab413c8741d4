"""Lists of sessions: a person's, and the coordinators' (SPEC 8: reading never changes anything)."""

from datetime import datetime, timedelta

from sqlalchemy import or_, text
from sqlmodel import col, select

from models import Appointment, Person, RescheduleThread
from services.db import Session
from services.queries.own_sessions import own_sessions
from services.queries.sessions import SessionView, children_of, of_children, views_where
from services.rules.agency import Agency
from services.rules.session_changes import LOCKOUT
from services.rules.windows import CHECK_IN_LEAD, NOT_OVER, end_of_day, start_of_day

UPCOMING = timedelta(days=7)
CHOICE = 12
"""The most sessions that are offered to choose from."""


def of_day(session: Session, person: Person, agency: Agency, now: datetime) -> list[SessionView]:
    """A person's sessions of today in the agency's zone, as tutor and as parent.

    One that began yesterday and ends today is among them, and so is one soon after midnight from
    when it can be checked into.
    """
    before_midnight = end_of_day(now, agency.zone) - timedelta(microseconds=1)
    return own_sessions(
        session,
        person,
        Appointment.starts_at > start_of_day(now, agency.zone) - NOT_OVER,
        Appointment.ends_at > start_of_day(now, agency.zone),
        Appointment.starts_at <= max(before_midnight, now + CHECK_IN_LEAD),
    )


def upcoming(session: Session, person: Person, agency: Agency, now: datetime) -> list[SessionView]:
    """A person's scheduled sessions after today, for seven days."""
    midnight = end_of_day(now, agency.zone)
    return own_sessions(
        session,
        person,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at >= midnight,
        Appointment.starts_at < midnight + UPCOMING,
    )


def changeable(session: Session, person: Person, now: datetime) -> list[SessionView]:
    """A person's next sessions that can be cancelled or moved, or are asked to be (SPEC 6)."""
    is_asked = (
        select(RescheduleThread.id)
        .where(
            RescheduleThread.appointment_id == Appointment.id,
            text("reschedule_thread.status = 'open'"),
            col(RescheduleThread.expires_at) > now,
        )
        .exists()
    )
    return own_sessions(
        session,
        person,
        text("appointment.status = 'scheduled'"),
        or_(col(Appointment.starts_at) > now + LOCKOUT, is_asked),
        limit=CHOICE,
    )


def next_scheduled(session: Session, person: Person, now: datetime) -> SessionView | None:
    """The first session still to come, however far away."""
    found = own_sessions(
        session,
        person,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at > now,
        limit=1,
    )
    return next(iter(found), None)


def next_start(session: Session, after: datetime) -> datetime | None:
    """When the first scheduled session later than an instant starts."""
    found = session.exec(
        select(Appointment.starts_at)
        .where(text("appointment.status = 'scheduled'"), Appointment.starts_at > after)
        .order_by(col(Appointment.starts_at))
        .limit(1)
    )
    return found.first()


def next_end(session: Session, after: datetime) -> datetime | None:
    """When the first session in progress later than an instant ends."""
    found = session.exec(
        select(Appointment.ends_at)
        .where(text("appointment.status = 'checked_in'"), Appointment.ends_at > after)
        .order_by(col(Appointment.ends_at))
        .limit(1)
    )
    return found.first()


def all_in_progress(session: Session) -> list[SessionView]:
    """Every session that is checked in, oldest first."""
    return views_where(session, text("appointment.status = 'checked_in'"), limit=None)


def all_awaiting(session: Session) -> list[SessionView]:
    """Every session that awaits its parents, oldest first."""
    return views_where(session, text("appointment.status = 'awaiting_approval_parent'"), limit=None)


def awaiting_parent(session: Session, parent: Person) -> list[SessionView]:
    """Sessions that await this parent's answer, oldest first."""
    return views_where(
        session,
        of_children(children_of(session, parent)),
        text("appointment.status = 'awaiting_approval_parent'"),
    )
