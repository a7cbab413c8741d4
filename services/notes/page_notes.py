"""Notes that come from a page: a text and files in one form (SPEC 4, 10).

They belong to the same batch as those that the tutor sends in their private chat at the same time.
"""

from collections.abc import Sequence

from models import Person
from services.db import Session
from services.lifecycle.actors import Actor
from services.media.storing import StoredFile, take
from services.notes import batches
from services.notes.batches import TEXT_LIMIT, Tally
from services.rules.refusals.typed import TextTooLong

NO_CHAT = 0
"""Chat of a batch whose tutor has no Telegram account."""


def batch_chat(tutor: Person) -> int:
    """Chat whose batch a page adds to: the tutor's private one."""
    return tutor.telegram_user_id or NO_CHAT


def add_from_page(
    session: Session,
    appointment_id: int,
    actor: Actor,
    chat_id: int,
    text: str,
    files: Sequence[StoredFile],
) -> Tally:
    """Add a text and stored files to the session's open batch, or to a new one.

    Refused: NotYourSession, WrongStatus, TextTooLong.
    """
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(limit=TEXT_LIMIT)
    batch = batches.open_batch(session, appointment_id, actor, chat_id)
    if text:
        batches.add_text(session, batch.id, actor, text, None)
    for file in files:
        _add_file(session, batch.id, actor, file)
    return batches.tally(session, batch.id)


def _add_file(session: Session, batch_id: int, actor: Actor, file: StoredFile) -> None:
    take(session, file)
    batches.add_part(
        session,
        batch_id,
        actor,
        None,
        kind=file.kind,
        file_name=file.file_name,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        media_key=file.key,
        stored_at=actor.now,
    )
