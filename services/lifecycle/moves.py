"""A session gets other times: by agreement, or by a coordinator (SPEC 2, 6)."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from models import Appointment
from services.db import Session
from services.lifecycle.access import for_update


def move_to(
    session: Session, appointment: Appointment, starts_at: datetime, ends_at: datetime
) -> Appointment:
    """Give a scheduled session, whose row the caller holds, these times; the first ones are kept.

    What is due by its times (reminders, the alert of missed attendance) is due anew.
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
