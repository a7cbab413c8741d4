"""Updates that wait in the inbox."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import InboxUpdate
from services.db import Session
from services.prepared import Prepared

AHEAD = 20
"""How many of a chat's next updates are looked at."""


def more_was_sent(session: Session, chat_id: int, update_id: int) -> bool:
    """Whether newer messages of this chat wait, so that only the last one is answered.

    Commands, taps and edits do not count: they have answers of their own, or none. Only the next
    few updates are looked at; a longer row of commands gets one answer more.
    """
    newer = _NEWER.firsts(session, chat_id=chat_id, update_id=update_id)
    return any(_is_plain_message(payload) for payload in newer)


_NEWER = Prepared(
    select(InboxUpdate.payload)
    .where(
        InboxUpdate.chat_id == bindparam("chat_id"),
        col(InboxUpdate.update_id) > bindparam("update_id"),
        col(InboxUpdate.done_at).is_(None),
        col(InboxUpdate.set_aside_at).is_(None),
    )
    .order_by(col(InboxUpdate.update_id))
    .limit(AHEAD)
)


def _is_plain_message(payload: Mapping[str, Any]) -> bool:
    message = payload.get("message")
    return message is not None and not str(message.get("text", "")).startswith("/")
