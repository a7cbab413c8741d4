"""Live cards: messages that still show a session, a dispute or a report (UX 2)."""

from datetime import timedelta

from sqlmodel import col, select

from models import Card, OutboxMessage
from models.enums import MessageKind
from services.db import Session


def live_cards_of(session: Session, appointment_id: int, person_id: int | None) -> list[Card]:
    """Session's live cards in a person's chats; with None those in the coordinators' group."""
    return _live(
        session,
        Card.appointment_id == appointment_id,
        Card.person_id == person_id,
        col(Card.report_id).is_(None),
    )


def live_cards_of_dispute(session: Session, appointment_id: int, dispute_id: int) -> list[Card]:
    """Dispute's live cards, in every chat."""
    return _live(session, Card.appointment_id == appointment_id, Card.dispute_id == dispute_id)


def live_cards_of_report(session: Session, report_id: int, person_id: int | None) -> list[Card]:
    """Problem report's live cards in a person's chats; with None those in the group."""
    return _live(session, Card.report_id == report_id, Card.person_id == person_id)


JOINED = timedelta(hours=1)
"""For how long after a card what follows goes onto it, in place of a message of its own."""


def has_new_card(session: Session, message: OutboxMessage) -> bool:
    """Whether the reader was asked about the message's session within the hour before it, with its
    card or in a message about several.
    """
    asked = session.exec(  # by the session, about which there are few messages
        select(OutboxMessage.person_id).where(
            OutboxMessage.appointment_id == message.appointment_id,
            col(OutboxMessage.kind).in_((MessageKind.APPOINTMENT_CARD, MessageKind.ADHOC_LOGGED)),
            OutboxMessage.created_at > message.created_at - JOINED,
            OutboxMessage.created_at <= message.created_at,
        )
    )
    return message.person_id in asked.all()


def _live(session: Session, *conditions: object) -> list[Card]:
    found = session.exec(
        select(Card)
        .where(col(Card.is_live), *conditions)  # type: ignore[arg-type]  # comparisons of columns are no booleans
        .order_by(col(Card.id))
    )
    return list(found.all())
