"""Sessions of which the parents have been asked, and nobody has answered yet (SPEC 5)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, text
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
    came_to_await = and_(
        col(AuditEvent.appointment_id) == Appointment.id,
        col(AuditEvent.to_status) == Status.AWAITING_APPROVAL_PARENT,
    )
    asked_at = func.coalesce(func.max(AuditEvent.at), Appointment.checked_out_at)
    found = await session.exec(
        select(Appointment.id, func.coalesce(func.max(AuditEvent.id), 0), asked_at)
        .outerjoin(AuditEvent, came_to_await)
        .where(
            text("appointment.status = 'awaiting_approval_parent'"),
            col(Appointment.origin) == Origin.NATIVE,
            col(Appointment.checked_out_at) > now - LOOK_BACK,
        )
        .group_by(col(Appointment.id))
        .order_by(asked_at, col(Appointment.id))
    )
    return [Question(*row) for row in found.all()]
