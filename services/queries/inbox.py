"""What still waits in the inbox."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from models import InboxUpdate
from services.db import Session

AHEAD = 20
"""So many of the next updates of a chat are looked at."""


def more_was_sent(session: Session, chat_id: int, update_id: int) -> bool:
    """Whether newer messages of this chat wait to be handled: one answer after the last will do.

    Commands, taps and edits do not count; they have answers of their own, or none. Looked at are
    the next few: who sends that many commands in one go is answered once more.
    """
    newer = session.exec(
        select(InboxUpdate.payload)
        .where(
            InboxUpdate.chat_id == chat_id,
            col(InboxUpdate.update_id) > update_id,
            col(InboxUpdate.done_at).is_(None),
            col(InboxUpdate.set_aside_at).is_(None),
        )
        .order_by(col(InboxUpdate.update_id))
        .limit(AHEAD)
    )
    return any(_is_plain_message(payload) for payload in newer.all())


def _is_plain_message(payload: Mapping[str, Any]) -> bool:
    message = payload.get("message")
    return message is not None and not str(message.get("text", "")).startswith("/")
