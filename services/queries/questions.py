"""Sessions of which the parents have been asked, and nobody has answered yet (SPEC 5)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from models import Appointment, AuditEvent
from models.enums import Origin, Status
from services.db import Session

LOOK_BACK = timedelta(days=60)
"""A check-out that lies further back is no news: the dashboard counts it."""


class Question(NamedTuple):
    """A session that awaits an answer."""

    appointment_id: int
    move: int
    """The audit event by which it came to; 0 where there is none."""
    asked_at: datetime


async def open_questions(session: Session, now: datetime) -> list[Question]:
    """Native sessions of the last 60 days that await an answer, by when their parents were asked.

    Of what was imported from before nobody was ever asked.
    """
    event = aliased(AuditEvent)
    came_to_await = (
        select(event.id)
        .where(
            event.appointment_id == Appointment.id,
            event.to_status == Status.AWAITING_APPROVAL_PARENT,
        )
        .order_by(col(event.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    found = await session.exec(
        select(
            Appointment.id,
            func.coalesce(AuditEvent.id, 0),
            func.coalesce(AuditEvent.at, Appointment.checked_out_at),
        )
        .outerjoin(AuditEvent, col(AuditEvent.id) == came_to_await)
        .where(
            text("appointment.status = 'awaiting_approval_parent'"),
            col(Appointment.origin) == Origin.NATIVE,
            col(Appointment.checked_out_at) > now - LOOK_BACK,
        )
    )
    return sorted(
        (Question(*row) for row in found.all()), key=lambda one: (one.asked_at, one.appointment_id)
    )
