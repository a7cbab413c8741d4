"""Lost sessions for which a replacement is wanted (SPEC 6, 10)."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col

from models import Appointment, WantedReplacement
from services.db import Session


def want(session: Session, lost: Appointment, now: datetime) -> None:
    """Note that a replacement of a lost session is wanted, which was not wanted before."""
    session.add(WantedReplacement(appointment_id=lost.id, asked_at=now))


def forget(session: Session, lost: Appointment) -> bool:
    """Note that nobody wants a replacement any more; whether one was wanted."""
    wanted = col(WantedReplacement.appointment_id) == lost.id
    return bool(session.exec(delete(WantedReplacement).where(wanted)).rowcount)
