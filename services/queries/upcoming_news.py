"""Children about whom time alone will have somebody told at an instant: for the sandbox (SPEC 11).

Each query answers with first names, and with none where the recipient cannot be written to.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from models import Appointment, AuditEvent, OutboxMessage, Person, RescheduleThread, Student
from models.enums import Action, MessageKind
from services.db import Session
from services.messaging.deliveries import READER_IN_REACH
from services.queries.requests import OPEN_THREAD

_OPEN_REQUEST = (
    select(RescheduleThread.id)
    .where(RescheduleThread.appointment_id == Appointment.id, OPEN_THREAD)
    .exists()
)


def starting(session: Session, starts_at: datetime) -> list[str]:
    """Children of the scheduled sessions that start then and have no open request."""
    return _taught(
        session,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at == starts_at,
        ~_OPEN_REQUEST,
    )


def ending(session: Session, ends_at: datetime) -> list[str]:
    """Children of the sessions in progress that end then."""
    return _taught(
        session, text("appointment.status = 'checked_in'"), Appointment.ends_at == ends_at
    )


def with_request_until(session: Session, expires_at: datetime) -> list[str]:
    """Children of the sessions whose open request expires then."""
    expiring = (
        select(RescheduleThread.id)
        .where(
            RescheduleThread.appointment_id == Appointment.id,
            OPEN_THREAD,
            RescheduleThread.expires_at == expires_at,
        )
        .exists()
    )
    return _taught(session, text("appointment.status = 'scheduled'"), expiring)


def asked_again(session: Session, due_at: datetime) -> list[str]:
    """Children of the sessions whose parents are then reminded to acknowledge."""
    found = session.exec(
        select(Student.name)
        .join(Appointment, col(Appointment.student_id) == Student.id)
        .join(OutboxMessage, col(OutboxMessage.appointment_id) == Appointment.id)
        .join(Person, col(Person.id) == OutboxMessage.person_id)
        .where(
            OutboxMessage.due_at == due_at,
            col(OutboxMessage.sent_at).is_(None),
            col(OutboxMessage.failed_at).is_(None),
            OutboxMessage.kind == MessageKind.ACKNOWLEDGEMENT_DUE,
            text("appointment.status = 'awaiting_approval_parent'"),
            READER_IN_REACH,
        )
    )
    return _first_names(found.all())


def acts_done(session: Session, actions: frozenset[Action], since: datetime) -> set[Action]:
    """Those of the actions that somebody has carried out since then."""
    newest = select(AuditEvent.action).where(AuditEvent.at >= since).order_by(col(AuditEvent.at))
    return {Action(action) for action in session.exec(newest).all()} & actions


def _taught(session: Session, *conditions: object) -> list[str]:
    """Children of the sessions that meet all conditions and whose tutor can be written to."""
    found = session.exec(
        select(Student.name)
        .join(Appointment, col(Appointment.student_id) == Student.id)
        .join(Person, col(Person.id) == Appointment.tutor_id)
        .where(READER_IN_REACH, *conditions)  # type: ignore[arg-type]  # comparisons are no booleans
    )
    return _first_names(found.all())


def _first_names(names: Iterable[str]) -> list[str]:
    return sorted({name.split()[0] for name in names})
