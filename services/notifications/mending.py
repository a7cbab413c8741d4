"""Alerts to coordinators about what only a person can mend, with the way to mend it (SPEC 11)."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from models import NoteSummary
from models.enums import Trouble
from services.db import Session
from services.messaging.messages.agency import MendingNeeded
from services.messaging.outbox import tell_coordinators
from services.ports import ModelRefusesError
from services.rules.agency import Agency


def tell_to_mend(session: Session, trouble: Trouble, agency: Agency, now: datetime) -> None:
    """Tell the coordinators' group of a trouble, once on a day of the agency's."""
    day = now.astimezone(agency.zone).date().isoformat()
    key = f"mending_needed:{trouble}:{day}"
    tell_coordinators(session, MendingNeeded(trouble), key=key, now=now)


def is_model_refusing(session: Session) -> bool:
    """Whether a summary waits because the model's server refuses the settings."""
    found = session.exec(
        select(NoteSummary.id)
        .where(
            text("note_summary.status = 'pending'"),
            col(NoteSummary.error) == ModelRefusesError.__name__,
        )
        .limit(1)
    )
    return found.first() is not None
