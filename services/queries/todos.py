"""Tutor's open tasks (SPEC 9, `/todos`)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, literal, text
from sqlmodel import col, select

from models import Appointment, AuditEvent, NotePart, Person
from models.columns import UtcDateTime
from models.enums import Action
from services.db import Session
from services.prepared import Prepared
from services.queries.eligible import in_progress, to_check_in
from services.queries.sessions import SessionView, views_by, views_with
from services.rules.agency import Agency
from services.rules.windows import CHECK_IN_LEAD

NOTES_OWED = timedelta(days=14)
"""How far back missing notes are asked for."""


def todos_of(session: Session, tutor: Person, agency: Agency, now: datetime) -> list[SessionView]:
    """Sessions to check in to or out of, those of which that was missed, and sessions without any
    notes, by start.
    """
    wanting = without_notes(session, tutor, now)
    missed = missed_taps(session, tutor, agency, now)
    running = in_progress(session, tutor)
    due = [view for view in running if view.missed(agency, now) is None]
    found = [*missed, *to_check_in(session, tutor, agency, now), *due, *wanting]
    return sorted(found, key=lambda view: view.appointment.starts_at)


def missed_taps(
    session: Session, tutor: Person, agency: Agency, now: datetime
) -> list[SessionView]:
    """Tutor's sessions of the last two weeks whose check-in or check-out was missed, and who has
    not told the coordinators about it.
    """
    over = views_with(_UNTOLD, session, tutor_id=tutor.id, since=now - NOTES_OWED, until=now)
    return [view for view in over if view.missed(agency, now) is not None]


def without_notes(session: Session, tutor: Person, now: datetime) -> list[SessionView]:
    """Tutor's finished sessions of the last two weeks without notes: all of them."""
    return views_with(
        _WITHOUT_NOTES,
        session,
        tutor_id=tutor.id,
        notes_since=now - NOTES_OWED,
        notes_until=now + CHECK_IN_LEAD,
    )


def lacking_notes(now: datetime) -> tuple[object, ...]:
    """Conditions (SQL expressions) of sessions whose notes are missing and still asked for."""
    since, until = (literal(at, UtcDateTime) for at in (now - NOTES_OWED, now + CHECK_IN_LEAD))
    return _lacking_notes(since, until)


def _lacking_notes(
    since: ColumnElement[datetime], until: ColumnElement[datetime]
) -> tuple[object, ...]:
    """`until`: when the last of them can begin. Without it PostgreSQL, which does not know `since`
    when it plans, would expect a third of all sessions that the tutor ever held.
    """
    has_notes = (
        select(NotePart.id)
        .where(NotePart.appointment_id == Appointment.id, col(NotePart.removed_at).is_(None))
        .exists()
    )
    declined = (
        select(AuditEvent.id)
        .where(
            AuditEvent.appointment_id == Appointment.id,
            AuditEvent.action == Action.DECLINE_NOTES,
        )
        .exists()
    )
    return (
        text("appointment.status IN ('awaiting_approval_parent', 'approved', 'disputed')"),
        col(Appointment.starts_at) > since,
        col(Appointment.starts_at) <= until,
        ~has_notes,
        ~declined,
    )


_TOLD = (
    select(AuditEvent.id)
    .where(
        AuditEvent.appointment_id == Appointment.id,
        AuditEvent.action == Action.TELL_COORDINATORS,
        AuditEvent.actor_id == Appointment.tutor_id,
        col(AuditEvent.at) > col(Appointment.ends_at),
    )
    .exists()
)
_UNTOLD = Prepared(
    views_by(
        Appointment.tutor_id == bindparam("tutor_id"),
        text("appointment.status IN ('scheduled', 'checked_in')"),
        col(Appointment.starts_at) > bindparam("since", type_=UtcDateTime),
        col(Appointment.starts_at) <= bindparam("until", type_=UtcDateTime),
        ~_TOLD,
        limit=None,
    )
)
_WITHOUT_NOTES = Prepared(
    views_by(
        Appointment.tutor_id == bindparam("tutor_id"),
        *_lacking_notes(
            bindparam("notes_since", type_=UtcDateTime), bindparam("notes_until", type_=UtcDateTime)
        ),
        limit=None,
    )
)
