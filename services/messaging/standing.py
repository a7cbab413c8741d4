"""Messages that stand in a chat and change with the sessions that they are about (UX 17).

Reminders and alerts are not cards: they are composed anew when a session of theirs changes, and are
edited, until nothing of them holds any more. A row for each session that a message speaks of.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import col, delete, select

from models import OutboxMessage, StandingMessage
from services.db import Session


@dataclass(frozen=True)
class Standing:
    """Message as it stands, and the outbox messages that it says."""

    chat_id: int
    message_id: int
    says: tuple[OutboxMessage, ...]


def keep(
    session: Session,
    said: Iterable[tuple[int, Collection[int]]],
    person_id: int | None,
    chat_id: int,
    message_id: int,
) -> None:
    """Record a message that was just sent.

    `said`: the outbox messages that it says, each with the sessions that it speaks of.
    """
    session.add_all(
        StandingMessage(
            outbox_message_id=outbox_id,
            appointment_id=appointment_id,
            person_id=person_id,
            chat_id=chat_id,
            message_id=message_id,
        )
        for outbox_id, about in said
        for appointment_id in about
    )


def keep_match(
    session: Session, message: OutboxMessage, match_id: int, chat_id: int, message_id: int
) -> None:
    """Record the card of a match, shown in a chat because of this outbox message."""
    session.add(
        StandingMessage(
            outbox_message_id=message.id,
            match_id=match_id,
            person_id=message.person_id,
            chat_id=chat_id,
            message_id=message_id,
        )
    )


def keep_shown_match(
    session: Session, match_id: int, person_id: int, chat_id: int, message_id: int
) -> None:
    """Record the card of a match that a person asked to see, unless it is known.

    It stands beside the one that the offer brought them; without an offer it is not kept.
    """
    offer = session.exec(
        select(OutboxMessage).where(
            OutboxMessage.person_id == person_id,
            OutboxMessage.dedupe_key == offer_key(match_id, person_id),
        )
    ).one_or_none()
    known = {(one.chat_id, one.message_id) for one in cards_of_match(session, match_id, person_id)}
    if offer is not None and (chat_id, message_id) not in known:
        keep_match(session, offer, match_id, chat_id, message_id)


def offer_key(match_id: int, person_id: int) -> str:
    """Key of the message that asks a parent about a match."""
    return f"match_offered:{match_id}:{person_id}"


def low_key(package_id: int, person_id: int | None) -> str:
    """Key of the message that a package is low."""
    return f"package_low:{package_id}:{person_id or 'group'}"


def expiry_key(package_id: int) -> str:
    """Key of the message to the group that a package is about to expire."""
    return f"package_expires:{package_id}"


def told_of_package(
    session: Session, package_id: int, person_id: int | None
) -> list[OutboxMessage]:
    """Messages to a person, or to the group, that speak of a package, and were sent."""
    keys = [low_key(package_id, person_id), *([] if person_id else [expiry_key(package_id)])]
    found = session.exec(
        select(OutboxMessage)
        .where(col(OutboxMessage.dedupe_key).in_(keys), col(OutboxMessage.message_id).is_not(None))
        .order_by(col(OutboxMessage.id))
    )
    return list(found.all())


def cards_of_match(session: Session, match_id: int, person_id: int | None) -> list[StandingMessage]:
    """Cards of a match that stand in a person's chats."""
    found = session.exec(
        select(StandingMessage)
        .where(StandingMessage.match_id == match_id, StandingMessage.person_id == person_id)
        .order_by(col(StandingMessage.id))
    )
    return list(found.all())


def standing_about(session: Session, appointment_id: int, person_id: int | None) -> list[Standing]:
    """Messages to a person, or to the group, that speak of this session."""
    places = session.exec(
        select(StandingMessage.chat_id, StandingMessage.message_id)
        .where(
            StandingMessage.appointment_id == appointment_id,
            StandingMessage.person_id == person_id,
        )
        .distinct()
        .order_by(col(StandingMessage.message_id))
    )
    return [Standing(*place, _says(session, *place)) for place in places.all()]


def stands_at(session: Session, chat_id: int, message_id: int) -> bool:
    """Whether this message speaks of sessions and changes with them."""
    found = session.exec(
        select(StandingMessage.id)
        .where(
            StandingMessage.chat_id == chat_id,
            StandingMessage.message_id == message_id,
            col(StandingMessage.appointment_id).is_not(None),
        )
        .limit(1)
    )
    return found.first() is not None


def _says(session: Session, chat_id: int, message_id: int) -> tuple[OutboxMessage, ...]:
    said = select(StandingMessage.outbox_message_id).where(
        StandingMessage.chat_id == chat_id, StandingMessage.message_id == message_id
    )
    found = session.exec(
        select(OutboxMessage).where(col(OutboxMessage.id).in_(said)).order_by(col(OutboxMessage.id))
    )
    return tuple(found.all())


def forget(session: Session, chat_id: int, message_id: int) -> None:
    """Leave a message as it is from now on: it is over, deleted or out of reach."""
    session.exec(
        delete(StandingMessage).where(
            col(StandingMessage.chat_id) == chat_id, col(StandingMessage.message_id) == message_id
        )
    )
