"""Live cards: the messages that still show a session or a dispute and can be edited (UX 2)."""

from sqlmodel import col, select

from models import Card
from services.db import Session


def live_cards_of(session: Session, appointment_id: int, person_id: int | None) -> list[Card]:
    """Session's live cards in a person's chats; with None those in the coordinators' group."""
    return _live(session, appointment_id, Card.person_id == person_id)


def live_cards_of_dispute(session: Session, appointment_id: int, dispute_id: int) -> list[Card]:
    """Dispute's live cards, in every chat."""
    return _live(session, appointment_id, Card.dispute_id == dispute_id)


def _live(session: Session, appointment_id: int, condition: object) -> list[Card]:
    found = session.exec(
        select(Card)
        .where(Card.appointment_id == appointment_id, col(Card.is_live), condition)  # type: ignore[arg-type]  # a comparison of columns is no boolean
        .order_by(col(Card.id))
    )
    return list(found.all())
