"""Forms of pages count once, however often they are sent (SPEC 2, 10)."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import delete
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import col

from models import SubmittedForm
from services.db import Session
from services.inserts import insert_into

REMEMBERED = timedelta(days=7)
"""How long a form that was sent is remembered; a page is not open for longer."""


def counts_now(session: Session, key: str, person_id: int, now: datetime) -> bool:
    """Whether this person's form is sent for the first time; written in the unit of its effect.

    Of two that come at once, the second waits here for the first.
    """
    session.exec(delete(SubmittedForm).where(col(SubmittedForm.at) < now - REMEMBERED))
    connection = session.connection()
    row = {"key": key, "person_id": person_id, "at": now}
    return connection.execute(_insert(connection.dialect.name), row).first() is not None


@cache
def _insert(dialect: str) -> ReturningInsert[tuple[str]]:
    """Statement that adds a form, and returns its key unless it is there already."""
    insert = insert_into(dialect, SubmittedForm)
    return insert.on_conflict_do_nothing().returning(col(SubmittedForm.key))
