"""Sweep that closes note batches after ten minutes without a part (SPEC 4)."""

from datetime import datetime

import structlog
from sqlalchemy import exists
from sqlmodel import col, select

from models import Appointment, InboxUpdate, NoteBatch
from services.database_errors import is_away
from services.db import Session
from services.error_place import place_of
from services.lifecycle.actors import Actor
from services.messaging import outbox
from services.messaging.messages.notes import NotesClosed
from services.notes.batches import Tally, close_batch
from services.rules.agency import Agency
from services.rules.notes import QUIET

logger = structlog.get_logger(__name__)


def close_quiet_batches(session: Session, now: datetime) -> list[Tally]:
    """Close every batch without a part for ten minutes, and tell its tutor.

    A batch is left for a later sweep while its chat has updates in the inbox, which may be parts
    sent in time, and while another unit of work has locked it. One that cannot be closed keeps no
    other open.
    """
    waiting = exists().where(
        col(InboxUpdate.chat_id) == NoteBatch.chat_id,
        col(InboxUpdate.done_at).is_(None),
        col(InboxUpdate.set_aside_at).is_(None),
    )
    due = session.exec(
        select(NoteBatch.id)
        .join(Appointment, col(Appointment.id) == NoteBatch.appointment_id)
        .where(
            col(NoteBatch.closed_at).is_(None),
            col(NoteBatch.last_part_at) <= now - QUIET,
            ~waiting,
        )
        .order_by(col(NoteBatch.last_part_at), col(NoteBatch.id))
        .with_for_update(of=(Appointment, NoteBatch), key_share=True, skip_locked=True)
    )
    return [tally for number in due.all() if (tally := _close_alone(session, number, now))]


def next_quiet(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When the next batch will have been without a part for ten minutes."""
    found = session.exec(
        select(NoteBatch.last_part_at)
        .where(col(NoteBatch.closed_at).is_(None), col(NoteBatch.last_part_at) > now - QUIET)
        .order_by(col(NoteBatch.last_part_at))
        .limit(1)
    )
    last_part_at = found.first()
    return None if last_part_at is None else last_part_at + QUIET


def _close_alone(session: Session, batch_id: int, now: datetime) -> Tally | None:
    """Close a batch in a savepoint of its own; None where that fails."""
    try:
        with session.begin_nested():
            return _close(session, batch_id, now)
    except Exception as error:
        if is_away(error):
            raise
        logger.warning("batch_not_closed", batch_id=batch_id, error=place_of(error))
        return None


def _close(session: Session, batch_id: int, now: datetime) -> Tally:
    counted = close_batch(session, batch_id, Actor.system(now))
    outbox.tell_person(
        session,
        counted.batch.tutor_id,
        NotesClosed(counted.batch.appointment_id, batch_id),
        key=f"notes_closed:{batch_id}",
        now=now,
    )
    return counted
