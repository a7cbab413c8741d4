"""Lists of sessions: a person's, and the coordinators' (SPEC 8: reading changes nothing)."""

from datetime import datetime, timedelta

from sqlalchemy import or_, text
from sqlmodel import col, select

from models import Appointment, Person, RescheduleThread
from services.db import Session
from services.queries.own_sessions import own_sessions
from services.queries.sessions import LIMIT, SessionView, children_of, of_children, views_where
from services.rules.agency import Agency
from services.rules.session_changes import LOCKOUT
from services.rules.windows import CHECK_IN_LEAD, NOT_OVER, end_of_day, start_of_day

UPCOMING = timedelta(days=7)
JUST_OVER = timedelta(hours=1)
"""How long after its end something may still be told of a session."""
CHOICE = 12
"""Most sessions that are offered to choose from at once."""


def of_day(session: Session, person: Person, agency: Agency, now: datetime) -> list[SessionView]:
    """Person's sessions of today in the agency's zone, as tutor and as parent.

    A session that began yesterday and ends today is included, and one soon after midnight as soon
    as its check-in window opens.
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
    """Person's sessions that are not over of today and of the seven days after today.

    Those in progress, and scheduled ones that are still to start.
    """
    midnight = end_of_day(now, agency.zone)
    in_progress = own_sessions(
        session,
        person,
        text("appointment.status = 'checked_in'"),
        Appointment.starts_at > now - NOT_OVER,
        Appointment.ends_at > now,
    )
    scheduled = own_sessions(
        session,
        person,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at > now,
        Appointment.starts_at < midnight + UPCOMING,
    )
    found = [*in_progress, *scheduled]
    return sorted(found, key=lambda view: view.appointment.starts_at)[:LIMIT]


def changeable(
    session: Session, person: Person, now: datetime, most: int = CHOICE
) -> list[SessionView]:
    """Person's next sessions that can be cancelled or moved, or have an open request (SPEC 6).

    The first `most` of them.
    """
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
        limit=most,
    )


def too_late_to_change(session: Session, person: Person, now: datetime) -> list[SessionView]:
    """Person's sessions that start within four hours: only coordinators change them (SPEC 6)."""
    return own_sessions(
        session,
        person,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at > now,
        Appointment.starts_at <= now + LOCKOUT,
        limit=CHOICE,
    )


def to_tell_of(session: Session, person: Person, now: datetime) -> list[SessionView]:
    """Person's sessions of which the coordinators can be told: those that start within four hours;
    of those that they teach, also the ones going on, until an hour after their end.
    """
    found = own_sessions(
        session,
        person,
        text("appointment.status IN ('scheduled', 'checked_in')"),
        Appointment.starts_at > now - NOT_OVER,
        Appointment.starts_at <= now + LOCKOUT,
        limit=CHOICE,
    )
    return [
        view
        for view in found
        if view.appointment.starts_at > now
        or (view.tutor.id == person.id and view.appointment.ends_at > now - JUST_OVER)
    ]


def next_scheduled(session: Session, person: Person, now: datetime) -> SessionView | None:
    """Person's next session, however far away."""
    found = own_sessions(
        session,
        person,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at > now,
        limit=1,
    )
    return next(iter(found), None)


def next_start(session: Session, after: datetime) -> datetime | None:
    """Start of the first scheduled session after an instant."""
    found = session.exec(
        select(Appointment.starts_at)
        .where(text("appointment.status = 'scheduled'"), Appointment.starts_at > after)
        .order_by(col(Appointment.starts_at))
        .limit(1)
    )
    return found.first()


def next_end(session: Session, after: datetime) -> datetime | None:
    """End of the first session in progress that ends after an instant."""
    found = session.exec(
        select(Appointment.ends_at)
        .where(text("appointment.status = 'checked_in'"), Appointment.ends_at > after)
        .order_by(col(Appointment.ends_at))
        .limit(1)
    )
    return found.first()


def all_in_progress(session: Session) -> list[SessionView]:
    """Sessions that are checked in, oldest first."""
    return views_where(session, text("appointment.status = 'checked_in'"), limit=None)


def all_awaiting(session: Session) -> list[SessionView]:
    """Sessions that await their parents' answer, oldest first."""
    return views_where(session, text("appointment.status = 'awaiting_approval_parent'"), limit=None)


def awaiting_parent(session: Session, parent: Person) -> list[SessionView]:
    """Sessions that await this parent's answer, oldest first."""
    return views_where(
        session,
        of_children(children_of(session, parent)),
        text("appointment.status = 'awaiting_approval_parent'"),
    )
