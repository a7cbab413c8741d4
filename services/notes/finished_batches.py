"""Note batches that are finished, to which more may come (UX 19)."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from models import NoteBatch
from services.db import Session
from services.lifecycle.actors import Actor


def closed_of(
    session: Session, actor: Actor, chat_id: int, after: datetime, about: Collection[int]
) -> NoteBatch | None:
    """The batch of this tutor in this chat that was closed last, after an instant, if it is for one
    of these sessions.
    """
    found = session.exec(
        select(NoteBatch)
        .where(
            col(NoteBatch.appointment_id).in_(about),
            NoteBatch.tutor_id == actor.person_id,
            NoteBatch.chat_id == chat_id,
            col(NoteBatch.closed_at) > after,
        )
        .order_by(col(NoteBatch.closed_at).desc(), col(NoteBatch.id).desc())
        .limit(1)
    )
    return found.first()
