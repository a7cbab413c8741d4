"""Alerts about files that could not be stored for six hours, once each (SPEC 4)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, text, update
from sqlmodel import col, select

from models import NotePart
from services.db import Session
from services.messaging import outbox
from services.messaging.messages.notes import MediaLate
from services.rules.agency import Agency

LATE = timedelta(hours=6)
_NOT_ALERTED: ColumnElement[bool] = and_(
    text("telegram_file_id IS NOT NULL AND stored_at IS NULL"),
    col(NotePart.removed_at).is_(None),
    col(NotePart.late_alerted_at).is_(None),
)


def alert_late_media(session: Session, now: datetime) -> list[int]:
    """Alert about every file that is not stored after six hours, in one message; ids of the parts.

    Safe to run twice at once: the run that stamps a part first alerts about it.
    """
    stamped = session.exec(
        update(NotePart)
        .where(_NOT_ALERTED, col(NotePart.created_at) <= now - LATE)
        .values(late_alerted_at=now)
        .returning(col(NotePart.id))
    )
    late = sorted(stamped.scalars().all())
    if late:
        outbox.tell_coordinators(
            session,
            MediaLate(late),
            key=f"media_late:{late[0]}:{now.isoformat()}",
            now=now,
        )
    return late


def next_late_media(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When the next file that cannot be stored causes an alert."""
    found = session.exec(
        select(NotePart.created_at)
        .where(_NOT_ALERTED, col(NotePart.created_at) > now - LATE)
        .order_by(col(NotePart.created_at))
        .limit(1)
    )
    created_at = found.first()
    return None if created_at is None else created_at + LATE
