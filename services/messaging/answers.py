"""Answers of several messages: how many of them are sent, so that none is sent twice."""

from sqlmodel import col, select, update

from models import InboxUpdate
from services.db import Session


def parts_sent(session: Session, update_id: int) -> int:
    """How many messages of the answer to this update are sent."""
    found = session.exec(
        select(InboxUpdate.answer_parts_sent).where(InboxUpdate.update_id == update_id)
    )
    return found.one()


def mark_part_sent(session: Session, update_id: int, number: int) -> None:
    """Record that the first `number` messages of the answer are sent."""
    session.exec(
        update(InboxUpdate)
        .where(col(InboxUpdate.update_id) == update_id)
        .values(answer_parts_sent=number)
    )
