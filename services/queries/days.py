"""Sessions of a day: a tutor's for the morning, a family's for the evening before (SPEC 8)."""

from datetime import date, datetime

from sqlalchemy import or_, text
from sqlmodel import col, select

from models import (
    Appointment,
    AuditEvent,
    Guardianship,
    Person,
    RescheduleProposal,
    RescheduleThread,
)
from models.enums import Action, Role
from services.db import Session
from services.queries.requests import OPEN_PROPOSAL, OPEN_THREAD
from services.queries.sessions import (
    IS_PARENT_ONLY,
    SessionView,
    children_of,
    of_children,
    views_where,
)
from services.queries.todos import lacking_notes
from services.rules.agency import Agency
from services.rules.reminders import local_day, notes_asked_since
from services.rules.windows import (
    CHECK_OUT_GRACE,
    NOT_OVER,
    bounds_of_day,
    end_of_day,
    start_of_day,
)


def tutors_with_a_day(session: Session, agency: Agency, morning: datetime) -> list[int]:
    """Ids of linked tutors with something to do or to answer, as known at `morning`.

    That is a session on that day, one that can still be checked out of, one without notes since two
    mornings at most, or a parent's request. What is added later in the day has messages of its own,
    and causes no late digest.
    """
    day = local_day(morning, agency.zone)
    teaching = select(Appointment.tutor_id).where(
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at >= start_of_day(morning, agency.zone),
        Appointment.starts_at < end_of_day(morning, agency.zone),
        Appointment.created_at <= morning,
    )
    unended = select(Appointment.tutor_id).where(
        text("appointment.status = 'checked_in'"),
        Appointment.ends_at <= morning,
        Appointment.ends_at > morning - CHECK_OUT_GRACE,
        Appointment.starts_at > morning - CHECK_OUT_GRACE - NOT_OVER,
    )
    asked = (
        select(Appointment.tutor_id)
        .join(RescheduleThread, col(RescheduleThread.appointment_id) == Appointment.id)
        .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
        .where(
            OPEN_THREAD,
            OPEN_PROPOSAL,
            RescheduleProposal.side == Role.PARENT,
            RescheduleProposal.proposed_at <= morning,
            RescheduleThread.expires_at > morning,
        )
    )
    told_since = (
        select(AuditEvent.id)
        .where(
            AuditEvent.appointment_id == Appointment.id,
            AuditEvent.action == Action.CORRECT_ATTENDANCE,
            AuditEvent.at > morning,
        )
        .exists()
    )
    first_without_notes = (
        select(Appointment.id)
        .where(
            Appointment.tutor_id == Person.id,
            col(Appointment.created_at) <= morning,
            ~told_since,
            col(Appointment.checked_out_at) <= morning,
            col(Appointment.checked_out_at) > notes_asked_since(day, agency.zone),
            *lacking_notes(morning),  # type: ignore[arg-type]  # comparisons are no booleans
        )
        .limit(1)
        .scalar_subquery()
    )
    found = session.exec(
        select(Person.id)
        .where(
            col(Person.is_tutor),
            col(Person.telegram_user_id).is_not(None),
            or_(
                col(Person.id).in_(teaching),
                col(Person.id).in_(unended),
                col(Person.id).in_(asked),
                first_without_notes.is_not(None),
            ),
        )
        .order_by(col(Person.id))
    )
    return list(found.all())


def parents_with_sessions(session: Session, agency: Agency, day: date) -> list[int]:
    """Ids of linked parents whose children have scheduled sessions that start on this day.

    Children whom they teach do not count (SPEC 9).
    """
    begins_at, ends_at = bounds_of_day(day, agency.zone)
    learning = select(Appointment.student_id).where(
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at >= begins_at,
        Appointment.starts_at < ends_at,
    )
    found = session.exec(
        select(Guardianship.person_id)
        .join(Person, col(Person.id) == Guardianship.person_id)
        .where(
            col(Guardianship.student_id).in_(learning),
            col(Person.telegram_user_id).is_not(None),
            IS_PARENT_ONLY,
        )
        .distinct()
        .order_by(col(Guardianship.person_id))
    )
    return list(found.all())


def taught_on(session: Session, tutor: Person, agency: Agency, now: datetime) -> list[SessionView]:
    """Tutor's sessions of today in the agency's zone, without cancelled and lost ones.

    A session that began yesterday and ends today is included.
    """
    return views_where(
        session,
        Appointment.tutor_id == tutor.id,
        _TAKES_PLACE,
        Appointment.starts_at > start_of_day(now, agency.zone) - NOT_OVER,
        Appointment.ends_at > start_of_day(now, agency.zone),
        Appointment.starts_at < end_of_day(now, agency.zone),
    )


def of_children_on(
    session: Session, parent: Person, agency: Agency, day: date
) -> list[SessionView]:
    """Sessions of a parent's children that start on a day in the agency's zone, without cancelled
    and lost ones.
    """
    begins_at, ends_at = bounds_of_day(day, agency.zone)
    return views_where(
        session,
        of_children(children_of(session, parent)),
        _TAKES_PLACE,
        Appointment.starts_at >= begins_at,
        Appointment.starts_at < ends_at,
    )


_TAKES_PLACE = text(
    "appointment.status NOT IN ('cancelled_by_tutor', 'cancelled_by_parent', 'not_completed')"
)
