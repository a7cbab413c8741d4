"""Telling the coordinators of attendance that is missing for good, once a session (SPEC 3)."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from models import Appointment
from models.enums import MessageKind
from services import outbox
from services.agency import Agency
from services.db import Session
from services.queries.dashboard import missed


async def alert_missed(session: Session, agency: Agency, now: datetime) -> list[int]:
    """Alert every session newly missing its attendance, all in one message; returns their ids.

    Safe to run twice at once: a session belongs to whoever stamps it first. One that is put right
    at this moment is not alerted.
    """
    new = await missed(session, agency, now, col(Appointment.missed_alerted_at).is_(None))
    alerted = [entry.view.id for entry in new if await _stamp(session, entry.view.appointment, now)]
    if alerted:
        await outbox.tell_coordinators(
            session,
            MessageKind.ATTENDANCE_MISSED,
            {"appointment_ids": alerted},
            key=f"missed:{alerted[0]}:{now.isoformat()}",
            now=now,
        )
    return alerted


async def _stamp(session: Session, appointment: Appointment, now: datetime) -> bool:
    stamped = await session.exec(
        update(Appointment)
        .where(
            col(Appointment.id) == appointment.id,
            col(Appointment.status) == appointment.status,
            col(Appointment.missed_alerted_at).is_(None),
        )
        .values(missed_alerted_at=now)
        .execution_options(synchronize_session=False)
    )
    return stamped.rowcount == 1
