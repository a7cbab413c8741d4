"""What a message of the bot is about to which somebody replies (SPEC 9)."""

from sqlmodel import col, select

from models import Card, OutboxMessage
from services.db import Session


def session_of_message(
    session: Session, person_id: int, chat_id: int, message_id: int
) -> int | None:
    """Id of the session that a message to this person is about; None where it is about none."""
    card = select(Card.appointment_id).where(Card.chat_id == chat_id, Card.message_id == message_id)
    shown = session.exec(card).first()
    if shown is not None:
        return shown
    told = select(OutboxMessage.appointment_id).where(
        OutboxMessage.person_id == person_id,
        OutboxMessage.chat_id == chat_id,
        OutboxMessage.message_id == message_id,
    )
    return session.exec(told.order_by(col(OutboxMessage.id).desc()).limit(1)).first()
