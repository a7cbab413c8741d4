"""Answers of several messages: how many of them are sent, so that none is sent twice."""

from sqlmodel import select, update

from models import InboxUpdate
from services.db import Session
from services.messaging.inbox import UpdateKey, is_update


def parts_sent(session: Session, key: UpdateKey) -> int:
    """How many messages of the answer to this update are sent."""
    found = session.exec(select(InboxUpdate.answer_parts_sent).where(*is_update(key)))
    return found.one()


def mark_part_sent(session: Session, key: UpdateKey, number: int) -> None:
    """Record that the first `number` messages of the answer are sent."""
    session.exec(update(InboxUpdate).where(*is_update(key)).values(answer_parts_sent=number))
