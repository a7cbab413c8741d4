"""Forms of pages count once, however often they are sent (SPEC 2, 10)."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col

from models import SubmittedForm
from services.db import Session
from services.inserts import insert_once

REMEMBERED = timedelta(days=7)
"""How long a form that was sent is remembered; a page is not open for longer."""


def counts_now(session: Session, key: str, person_id: int, now: datetime) -> bool:
    """Whether this person's form is sent for the first time; written in the unit of its effect."""
    session.exec(delete(SubmittedForm).where(col(SubmittedForm.at) < now - REMEMBERED))
    row = {"key": key, "person_id": person_id, "at": now}
    return insert_once(session, SubmittedForm, [row], "key", "person_id").rowcount == 1
