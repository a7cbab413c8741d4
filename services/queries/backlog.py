"""What waits, and what was given up, for `/metrics` (SPEC 11)."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, text
from sqlmodel import col, func, select

from models import InboxUpdate, NotePart, NoteSummary, OutboxMessage, Person
from services.db import Session

_NOT_SENT = and_(col(OutboxMessage.sent_at).is_(None), col(OutboxMessage.failed_at).is_(None))


class Backlog(NamedTuple):
    """Counts at one instant."""

    updates_waiting: int
    oldest_update: datetime | None
    messages_due: int
    oldest_message: datetime | None
    files_unstored: int
    summaries_pending: int
    people_unreachable: int


def backlog(session: Session, now: datetime) -> Backlog:
    """Count what waits, from the indexes of rows that are open."""
    updates = session.execute(
        select(func.count(), func.min(InboxUpdate.received_at)).where(
            col(InboxUpdate.done_at).is_(None), col(InboxUpdate.set_aside_at).is_(None)
        )
    ).one()
    messages = session.execute(
        select(func.count(), func.min(OutboxMessage.due_at)).where(
            _NOT_SENT, OutboxMessage.due_at <= now
        )
    ).one()
    unstored = session.execute(
        select(func.count()).where(
            col(NotePart.telegram_file_id).is_not(None), col(NotePart.stored_at).is_(None)
        )
    ).scalar_one()
    pending = session.execute(
        select(func.count()).where(text("note_summary.status = 'pending'")).select_from(NoteSummary)
    ).scalar_one()
    unreachable = session.execute(
        select(func.count()).where(col(Person.unreachable_since).is_not(None))
    ).scalar_one()
    (late, oldest), (due, longest) = updates, messages
    return Backlog(late, oldest, due, longest, unstored, pending, unreachable)
