"""What still waits in the inbox."""

from sqlmodel import col, select

from models import InboxUpdate
from services.db import Session


async def is_last_waiting(session: Session, chat_id: int, update_id: int) -> bool:
    """Whether nothing newer of this chat waits: only then is a tally worth showing."""
    newer = (
        select(InboxUpdate.update_id)
        .where(
            InboxUpdate.chat_id == chat_id,
            col(InboxUpdate.update_id) > update_id,
            col(InboxUpdate.done_at).is_(None),
            col(InboxUpdate.set_aside_at).is_(None),
        )
        .limit(1)
    )
    return (await session.exec(newer)).first() is None
