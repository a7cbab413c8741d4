"""Messages and files that a coordinator has tried again (SPEC 10)."""

from sqlalchemy import or_, update
from sqlmodel import col, func, select

from models import EvidenceFile, NotePart, OutboxMessage
from models.columns import UtcDateTime
from models.enums import Action, Role
from models.matters import Matter
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.messaging.undelivered import mark_reachable
from services.rules.refusals.queue import FileOver, MessageOver
from services.rules.refusals.sessions import NotFound

_NOT_SENT = (col(OutboxMessage.sent_at).is_(None), col(OutboxMessage.set_aside_at).is_(None))


def send_again(session: Session, message_id: int, actor: Actor) -> None:
    """Try a message again now, that was given up or still waits.

    Refused: NotCoordinator, MessageOver (sent, put aside or expired meanwhile).
    """
    require_coordinator(session, actor)
    expires_at = col(OutboxMessage.expires_at)
    changed = session.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.id) == message_id,
            *_NOT_SENT,
            or_(expires_at.is_(None), expires_at > actor.now),
        )
        .values(failed_at=None, error=None, attempts=0, due_at=actor.now)
    )
    _record(session, actor, Action.SEND_AGAIN, message_id, changed.rowcount)


def set_aside(session: Session, message_id: int, actor: Actor) -> None:
    """Leave a message unsent for good. Refused: NotCoordinator, MessageOver."""
    require_coordinator(session, actor)
    changed = session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id, *_NOT_SENT)
        .values(
            set_aside_at=actor.now,
            failed_at=func.coalesce(OutboxMessage.failed_at, actor.now, type_=UtcDateTime),
        )
    )
    _record(session, actor, Action.SET_ASIDE, message_id, changed.rowcount)


def reach_again(session: Session, person_id: int, actor: Actor) -> None:
    """Try to write to a person again who had blocked the bot; if they still do, it is told anew.

    Refused: NotCoordinator, MessageOver (they can be written to).
    """
    require_coordinator(session, actor)
    if not mark_reachable(session, person_id, actor.now):
        raise MessageOver
    record(session, Action.SEND_AGAIN, Role.COORDINATOR, actor, details={"person_id": person_id})


def store_again(session: Session, matter: Matter, file_id: int, actor: Actor) -> None:
    """Fetch and store a file now, of notes or of evidence.

    Refused: NotCoordinator, FileOver (stored or removed meanwhile).
    """
    require_coordinator(session, actor)
    table: type[NotePart | EvidenceFile] = NotePart if matter is Matter.NOTE_FILE else EvidenceFile
    changed = session.exec(
        update(table)
        .where(
            col(table.id) == file_id,
            col(table.stored_at).is_(None),
            col(table.removed_at).is_(None),
            col(table.telegram_file_id).is_not(None),
        )
        .values(next_try_at=actor.now, store_attempts=0)
    )
    if not changed.rowcount:
        raise FileOver
    about = session.exec(select(table.appointment_id).where(col(table.id) == file_id)).one()
    record(
        session,
        Action.SEND_AGAIN,
        Role.COORDINATOR,
        actor,
        appointment_id=about,
        details={matter.value: file_id},
    )


def _record(session: Session, actor: Actor, action: Action, message_id: int, changed: int) -> None:
    message = session.get(OutboxMessage, message_id, populate_existing=True)
    if message is None:
        raise NotFound
    if not changed:
        raise MessageOver
    record(
        session,
        action,
        Role.COORDINATOR,
        actor,
        appointment_id=message.appointment_id,
        details={"message_id": message_id},
    )
