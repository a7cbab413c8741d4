"""Moving a session to other times: by agreement, or by a coordinator (SPEC 2, 6)."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from models import Appointment
from services.db import Session
from services.lifecycle.access import for_update


def move_to(
    session: Session, appointment: Appointment, starts_at: datetime, ends_at: datetime
) -> Appointment:
    """Move a scheduled session, locked by the caller, to these times; its first ones are kept.

    Reminders and the alert of missed attendance become due again by the new times.
    """
    session.exec(
        update(Appointment)
        .where(col(Appointment.id) == appointment.id)
        .values(
            starts_at=starts_at,
            ends_at=ends_at,
            first_starts_at=appointment.first_starts_at or appointment.starts_at,
            first_ends_at=appointment.first_ends_at or appointment.ends_at,
            missed_alerted_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    return for_update(session, appointment.id)
