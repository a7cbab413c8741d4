"""Alerts about attendance that is missing for good, once a session (SPEC 3)."""

from datetime import datetime, timedelta

from sqlalchemy import text, update
from sqlmodel import col, select

from models import Appointment
from services.db import Session
from services.messaging import outbox
from services.messaging.messages.agency import AttendanceMissed
from services.queries.dashboard import missed
from services.queries.session_lists import next_end
from services.rules.agency import Agency
from services.rules.windows import (
    CHECK_OUT_GRACE,
    NOT_OVER,
    check_in_window,
    check_out_window,
)


def alert_missed(session: Session, agency: Agency, now: datetime) -> list[int]:
    """Alert about every session newly missing its attendance, in one message; their ids.

    Safe to run twice at once: the run that stamps a session first alerts about it. A session that
    is corrected at this moment causes no alert.
    """
    new = missed(session, agency, now, col(Appointment.missed_alerted_at).is_(None))
    alerted = [entry.view.id for entry in new if _stamp(session, entry.view.appointment, now)]
    if alerted:
        outbox.tell_coordinators(
            session,
            AttendanceMissed(alerted),
            key=f"missed:{alerted[0]}:{now.isoformat()}",
            now=now,
        )
    return alerted


def next_missed(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """When the next session that has begun misses its attendance."""
    begun = session.exec(
        select(Appointment.starts_at, Appointment.ends_at).where(
            text("appointment.status = 'scheduled'"),
            Appointment.starts_at > now - NOT_OVER,
            Appointment.starts_at <= now,
        )
    )
    closings = [check_in_window(*times, agency.zone).closes_at for times in begun.all()]
    ends_at = next_end(session, now - CHECK_OUT_GRACE - timedelta(seconds=1))
    if ends_at is not None:
        closings.append(check_out_window(ends_at).missed_from)
    return min((at for at in closings if at > now), default=None)


def _stamp(session: Session, appointment: Appointment, now: datetime) -> bool:
    """Whether this run alerts about the session; a locked one is left for the next run."""
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
