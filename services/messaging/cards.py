"""Cards: which messages show a session or a dispute, and are edited as it moves (UX 2)."""

from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update

from models import Card
from services.db import Session


def keep(session: Session, card: Card) -> list[Card]:
    """Records a card just sent; gives the older live ones of its chat that it replaces."""
    older = session.exec(
        select(Card).where(
            Card.chat_id == card.chat_id,
            Card.appointment_id == card.appointment_id,
            col(Card.dispute_id).is_not_distinct_from(card.dispute_id),
            col(Card.is_live),
            Card.message_id != card.message_id,
        )
    )
    replaced = list(older.all())
    known = session.exec(
        select(Card).where(Card.chat_id == card.chat_id, Card.message_id == card.message_id)
    )
    if (row := known.one_or_none()) is None:
        session.add(card)
    else:
        row.is_live, row.content_hash = True, card.content_hash
    session.flush()
    return replaced


def showing(
    session: Session, chat_id: int, appointment_id: int, content_hash: str, *, below: int = 0
) -> bool:
    """Whether the chat has a live card of the session that shows exactly this; `below`: further
    down than this message.
    """
    found = session.exec(
        select(Card.id).where(
            Card.chat_id == chat_id,
            Card.appointment_id == appointment_id,
            col(Card.dispute_id).is_(None),
            col(Card.is_live),
            Card.content_hash == content_hash,
            Card.message_id > below,
        )
    )
    return found.first() is not None


def shown_on(session: Session, card_id: int) -> str | None:
    """The hash of what a live card shows; None for one that is live no more."""
    found = session.exec(select(Card.content_hash).where(Card.id == card_id, Card.is_live))
    return found.one_or_none()


def is_replaced(session: Session, card_id: int) -> bool:
    """Whether its chat has a newer live card of the same thing."""
    newer = aliased(Card)
    found = session.exec(
        select(newer.id)
        .join(
            Card,
            and_(
                col(Card.chat_id) == newer.chat_id,
                col(Card.appointment_id) == newer.appointment_id,
                col(Card.dispute_id).is_not_distinct_from(newer.dispute_id),
                col(Card.id) < newer.id,
            ),
        )
        .where(Card.id == card_id, col(newer.is_live))
        .limit(1)
    )
    return found.first() is not None


def now_shows(session: Session, chat_id: int, message_id: int, content_hash: str) -> None:
    """Records what a card was edited into."""
    session.exec(
        update(Card)
        .where(col(Card.chat_id) == chat_id, col(Card.message_id) == message_id)
        .values(content_hash=content_hash)
    )


def retire(session: Session, chat_id: int, message_id: int) -> None:
    """The message is a card no more: replaced, deleted or out of reach."""
    session.exec(
        update(Card)
        .where(col(Card.chat_id) == chat_id, col(Card.message_id) == message_id)
        .values(is_live=False)
    )
