"""Sessions whose parents have been asked and have not answered yet (SPEC 5)."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, text
from sqlalchemy.orm import aliased, outerjoin
from sqlmodel import col, func, select

from models import Appointment, AuditEvent
from models.enums import Origin, Status
from services.db import Session
from services.rules.reminders import OVERDUE

LOOK_BACK = timedelta(days=60)
"""How far back check-outs are looked for; the dashboard counts older ones."""


AWAITS = text("appointment.status = 'awaiting_approval_parent'")
_event = aliased(AuditEvent)
_CAME_TO_AWAIT = (
    select(_event.id)
    .where(
        _event.appointment_id == Appointment.id,
        _event.to_status == Status.AWAITING_APPROVAL_PARENT,
    )
    .order_by(col(_event.id).desc())
    .limit(1)
    .scalar_subquery()
)
"""Newest event after which a session awaited an answer: its parents were asked then."""
ASKED_AT = func.coalesce(AuditEvent.at, Appointment.checked_out_at)
"""When parents were asked, in a statement made by `asked`."""


def asked(statement: Select[Any]) -> Select[Any]:
    """Statement about sessions that await an answer, with the event of the question."""
    event = outerjoin(Appointment, AuditEvent, col(AuditEvent.id) == _CAME_TO_AWAIT)
    return statement.select_from(event)


class Question(NamedTuple):
    """Session that awaits an answer."""

    appointment_id: int
    move: int
    """Id of the audit event after which it awaited one; 0 where there is none."""
    asked_at: datetime


def open_questions(session: Session, now: datetime) -> list[Question]:
    """Native sessions of the last 60 days that await an answer, by when parents were asked.

    Nobody was asked about imported sessions.
    """
    found = session.exec(
        select(
            Appointment.id,
            func.coalesce(AuditEvent.id, 0),
            ASKED_AT,
        )
        .outerjoin(AuditEvent, col(AuditEvent.id) == _CAME_TO_AWAIT)
        .where(
            AWAITS,
            col(Appointment.origin) == Origin.NATIVE,
            col(Appointment.checked_out_at) > now - LOOK_BACK,
        )
    )
    return sorted(
        (Question(*row) for row in found.all()), key=lambda one: (one.asked_at, one.appointment_id)
    )


def count_overdue(session: Session, now: datetime) -> int:
    """Number of sessions that have awaited an answer for over 48 hours since it was asked for.

    However old they are; for imported sessions the time counts from the check-out.
    """
    found = session.exec(
        select(func.count())
        .select_from(Appointment)
        .outerjoin(AuditEvent, col(AuditEvent.id) == _CAME_TO_AWAIT)
        .where(AWAITS, now - OVERDUE > ASKED_AT)
    )
    return found.one()
