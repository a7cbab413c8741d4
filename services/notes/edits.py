"""Edits of messages that are parts of notes: the part changes with its message (SPEC 4)."""

from sqlalchemy import update
from sqlmodel import col, select

from models import NoteBatch, NotePart
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import for_update
from services.lifecycle.actors import Actor, Source
from services.lifecycle.status import record
from services.notes.batches import TEXT_LIMIT, IncomingFile
from services.notifications.announcements import refresh_cards
from services.summaries.requests import request_summaries


def edit_part(
    session: Session, source: Source, actor: Actor, text: str | None, file: IncomingFile | None
) -> NotePart | None:
    """Give the part of this message its new text, and its new file if that was replaced.

    The audit trail keeps the former part. One that others can read says when it was edited, and is
    summarised anew. None where the message
    is no part by this person, where it was removed, and where nothing changed.
    """
    part = _part(session, source)
    if part is None or part.author_id != actor.person_id:
        return None
    appointment = for_update(session, part.appointment_id)
    part = _part(session, source)
    if part is None:
        return None
    new_text = text[:TEXT_LIMIT] if text else None
    values: dict[str, object] = {"text": new_text} if new_text != part.text else {}
    if file is not None and file.telegram_file_id != part.telegram_file_id:
        values |= _of_new_file(file, actor)
    if not values:
        return None
    record(
        session,
        Action.EDIT_NOTE,
        Role.TUTOR,
        actor,
        appointment_id=appointment.id,
        details={"note_part_id": part.id, "text": part.text, "media_key": part.media_key},
    )
    is_read = _is_done(session, part)
    if is_read:
        values["edited_at"] = actor.now
    session.exec(update(NotePart).where(col(NotePart.id) == part.id).values(**values))
    if is_read:
        request_summaries(session, appointment, actor.now)
        refresh_cards(session, appointment, actor)
    return part


def _of_new_file(file: IncomingFile, actor: Actor) -> dict[str, object]:
    """Columns of a file that is still to be fetched."""
    return {
        "kind": file.kind,
        "telegram_file_id": file.telegram_file_id,
        "file_name": file.file_name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "duration_seconds": file.duration_seconds,
        "media_key": None,
        "stored_at": None,
        "store_attempts": 0,
        "next_try_at": actor.now,
        "transcript": None,
        "transcript_model": None,
    }


def _part(session: Session, source: Source) -> NotePart | None:
    found = session.exec(
        select(NotePart)
        .where(
            NotePart.chat_id == source.chat_id,
            NotePart.message_id == source.message_id,
            col(NotePart.removed_at).is_(None),
        )
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


def _is_done(session: Session, part: NotePart) -> bool:
    """Whether its batch is closed, so that others have read it."""
    batch = session.get(NoteBatch, part.batch_id)
    return batch is None or batch.closed_at is not None
