"""Sessions of which the parents have been asked, and nobody has answered yet (SPEC 5)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from models import Appointment, AuditEvent
from models.enums import Origin, Status
from services.db import Session
from services.rules.reminders import OVERDUE

LOOK_BACK = timedelta(days=60)
"""A check-out that lies further back is no news: the dashboard counts it."""


_AWAITS = text("appointment.status = 'awaiting_approval_parent'")
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
"""The newest event by which a session came to await an answer: its parents were asked then."""
_ASKED_AT = func.coalesce(AuditEvent.at, Appointment.checked_out_at)


class Question(NamedTuple):
    """A session that awaits an answer."""

    appointment_id: int
    move: int
    """The audit event by which it came to; 0 where there is none."""
    asked_at: datetime


def open_questions(session: Session, now: datetime) -> list[Question]:
    """Native sessions of the last 60 days that await an answer, by when their parents were asked.

    Of what was imported from before nobody was ever asked.
    """
    found = session.exec(
        select(
            Appointment.id,
            func.coalesce(AuditEvent.id, 0),
            _ASKED_AT,
        )
        .outerjoin(AuditEvent, col(AuditEvent.id) == _CAME_TO_AWAIT)
        .where(
            _AWAITS,
            col(Appointment.origin) == Origin.NATIVE,
            col(Appointment.checked_out_at) > now - LOOK_BACK,
        )
    )
    return sorted(
        (Question(*row) for row in found.all()), key=lambda one: (one.asked_at, one.appointment_id)
    )


def count_overdue(session: Session, now: datetime) -> int:
    """How many sessions have awaited an answer for over 48 hours since their parents were asked.

    All of them, however old; of what was imported the check-out counts.
    """
    found = session.exec(
        select(func.count())
        .select_from(Appointment)
        .outerjoin(AuditEvent, col(AuditEvent.id) == _CAME_TO_AWAIT)
        .where(_AWAITS, now - OVERDUE > _ASKED_AT)
    )
    return found.one()
