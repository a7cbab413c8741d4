"""What a message of the bot is about to which somebody replies, or which came last (SPEC 9)."""

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models import Card, OutboxMessage, ShownList, StandingMessage
from services.db import Session
from services.prepared import Prepared


def session_of_message(
    session: Session, person_id: int, chat_id: int, message_id: int
) -> int | None:
    """Id of the session that a message to this person is about; None where it is about none."""
    place = {"chat_id": chat_id, "message_id": message_id}
    shown: int | None = _SHOWN.one(session, **place)
    if shown is None:
        shown = _TOLD.one(session, person_id=person_id, **place)
    return shown


_SHOWN = Prepared(
    select(Card.appointment_id).where(
        Card.chat_id == bindparam("chat_id"), Card.message_id == bindparam("message_id")
    )
)
_TOLD = Prepared(
    select(OutboxMessage.appointment_id)
    .where(
        OutboxMessage.person_id == bindparam("person_id"),
        OutboxMessage.chat_id == bindparam("chat_id"),
        OutboxMessage.message_id == bindparam("message_id"),
    )
    .order_by(col(OutboxMessage.id).desc())
    .limit(1)
)


def shown_last(session: Session, chat_id: int) -> int | None:
    """Id of the session whose card came last into a chat, if nothing was told or listed below."""
    newest = session.exec(
        select(Card).where(Card.chat_id == chat_id).order_by(col(Card.message_id).desc()).limit(1)
    ).first()
    if newest is None or newest.dispute_id is not None or newest.report_id is not None:
        return None
    listed = select(ShownList.id).where(
        ShownList.chat_id == chat_id, ShownList.message_id > newest.message_id
    )
    told = _told_below(chat_id, newest.message_id)
    below = any(session.exec(one.limit(1)).first() for one in (listed, told))
    return None if below else newest.appointment_id


def is_told_last(session: Session, person_id: int, chat_id: int, match_id: int) -> bool:
    """Whether nothing else was told to a person, or shown to them, below the offer of a match."""
    shown = session.exec(
        select(StandingMessage)
        .where(
            StandingMessage.match_id == match_id,
            StandingMessage.person_id == person_id,
            StandingMessage.chat_id == chat_id,
        )
        .order_by(col(StandingMessage.message_id).desc())
    ).first()
    if shown is None:
        return False
    told = _told_below(chat_id, shown.message_id).where(
        OutboxMessage.person_id == person_id, OutboxMessage.id > shown.outbox_message_id
    )
    card = select(Card.id).where(Card.chat_id == chat_id, Card.message_id > shown.message_id)
    return not any(session.exec(one.limit(1)).first() for one in (told, card))


def _told_below(chat_id: int, message_id: int) -> SelectOfScalar[int]:
    """Messages of the outbox that stand below this one in its chat."""
    return select(OutboxMessage.id).where(
        OutboxMessage.chat_id == chat_id, col(OutboxMessage.message_id) > message_id
    )
