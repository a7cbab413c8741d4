"""Telling the coordinators of attendance that is missing for good, once a session (SPEC 3)."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from models import Appointment
from models.enums import MessageKind
from services.db import Session
from services.messaging import outbox
from services.queries.dashboard import missed
from services.rules.agency import Agency


def alert_missed(session: Session, agency: Agency, now: datetime) -> list[int]:
    """Alert every session newly missing its attendance, all in one message; returns their ids.

    Safe to run twice at once: a session belongs to whoever stamps it first. One that is put right
    at this moment is not alerted.
    """
    new = missed(session, agency, now, col(Appointment.missed_alerted_at).is_(None))
    alerted = [entry.view.id for entry in new if _stamp(session, entry.view.appointment, now)]
    if alerted:
        outbox.tell_coordinators(
            session,
            MessageKind.ATTENDANCE_MISSED,
            {"appointment_ids": alerted},
            key=f"missed:{alerted[0]}:{now.isoformat()}",
            now=now,
        )
    return alerted


def _stamp(session: Session, appointment: Appointment, now: datetime) -> bool:
    """Whether it is ours to alert; one that somebody is at work on has its turn next time."""
    free = session.exec(
        select(Appointment.id)
        .where(
            Appointment.id == appointment.id,
            Appointment.status == appointment.status,
            col(Appointment.missed_alerted_at).is_(None),
        )
        .with_for_update(key_share=True, skip_locked=True)
    )
    if free.first() is None:
        return False
    session.exec(
        update(Appointment)
        .where(col(Appointment.id) == appointment.id)
        .values(missed_alerted_at=now)
        .execution_options(synchronize_session=False)
    )
    return True
