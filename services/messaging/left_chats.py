"""The chat of an account that a person has left: nothing in it is kept up to date any more."""

from datetime import datetime

from sqlmodel import col, delete, select, update

from models import Card, Dialogue, ListedAppointment, ShownList, StandingMessage
from services.db import Session
from services.messaging import outbox
from services.messaging.conversation_state import messages_of
from services.messaging.messages.agency import ChatLeft


def leave_chat(session: Session, person_id: int, chat_id: int, now: datetime) -> None:
    """Stop showing changes in a person's old private chat, and have its buttons taken away.

    These are of cards, of lists, of messages about sessions and of questions of dialogues.
    """
    theirs = (
        select(Card.message_id).where(
            Card.person_id == person_id, Card.chat_id == chat_id, col(Card.is_live)
        ),
        select(StandingMessage.message_id).where(
            StandingMessage.person_id == person_id, StandingMessage.chat_id == chat_id
        ),
        select(ShownList.message_id).where(
            ShownList.person_id == person_id, ShownList.chat_id == chat_id
        ),
    )
    known = {one for statement in theirs for one in session.exec(statement).all()}
    drafts = session.exec(select(Dialogue.draft).where(Dialogue.chat_id == chat_id)).all()
    known |= {one for draft in drafts for one in messages_of(draft)}
    _forget(session, person_id, chat_id)
    if known:
        outbox.tell_person(
            session,
            person_id,
            ChatLeft(chat_id, sorted(known, reverse=True)),
            key=f"chat_left:{person_id}:{chat_id}:{now.isoformat()}",
            now=now,
        )


def _forget(session: Session, person_id: int, chat_id: int) -> None:
    session.exec(
        update(Card)
        .where(col(Card.person_id) == person_id, col(Card.chat_id) == chat_id)
        .values(is_live=False)
    )
    session.exec(
        delete(StandingMessage).where(
            col(StandingMessage.person_id) == person_id, col(StandingMessage.chat_id) == chat_id
        )
    )
    theirs = (col(ShownList.person_id) == person_id, col(ShownList.chat_id) == chat_id)
    ids = select(ShownList.id).where(*theirs)
    session.exec(delete(ListedAppointment).where(col(ListedAppointment.list_id).in_(ids)))
    session.exec(delete(ShownList).where(*theirs))
