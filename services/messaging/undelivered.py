"""Messages that cannot be sent: tried again, given up, or waiting for their reader."""

from datetime import datetime

from sqlmodel import and_, col, or_, select, update

from models import OutboxMessage, Person
from services.db import Session
from services.messaging.deliveries import PendingMessage
from services.messaging.messages.agency import (
    GroupRefuses,
    MessageGivenUp,
    PersonReachable,
    PersonUnreachable,
)
from services.messaging.outbox import message as message_row
from services.messaging.outbox import tell_coordinators, write_once


def postpone(session: Session, message_id: int, until: datetime, error: str) -> None:
    """Try a message again at `until`, after an error on our side."""
    session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id)
        .values(due_at=until, attempts=OutboxMessage.attempts + 1, error=error)
    )


def count_failure(session: Session, message_id: int, error: str) -> None:
    """Count a failed try of a message that keeps its place in the order."""
    session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id)
        .values(attempts=OutboxMessage.attempts + 1, error=error)
    )


def give_up(
    session: Session,
    pending: PendingMessage,
    error: str,
    now: datetime,
    tries: int | None = None,
) -> None:
    """Give a message up for good and tell the coordinators, unless it is such a message itself.

    `tries`: how often it failed; None where Telegram refused it at once.
    """
    message = pending.message
    session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message.id)
        .values(failed_at=now, error=error)
    )
    if message.kind is MessageGivenUp.kind:
        return
    told = MessageGivenUp(message.id, tries)
    tell_coordinators(session, told, key=f"message_given_up:{message.id}", now=now)


BY_WEB_ONLY = "by web only"
"""Why a message was not sent to somebody who has no Telegram and reads the pages (SPEC 9)."""
_TO_PAGES_ONLY = and_(
    col(OutboxMessage.sent_at).is_(None),
    col(OutboxMessage.failed_at).is_(None),
    col(OutboxMessage.person_id).in_(
        select(Person.id).where(
            col(Person.web_since).is_not(None),
            or_(col(Person.telegram_user_id).is_(None), col(Person.started_at).is_(None)),
        )
    ),
)


def any_for_pages_only(session: Session, now: datetime) -> bool:
    """Whether a message is due to somebody who reads the pages only."""
    due = select(OutboxMessage.id).where(_TO_PAGES_ONLY, OutboxMessage.due_at <= now)
    return session.exec(due.limit(1)).first() is not None


def leave_to_pages(session: Session, now: datetime) -> None:
    """Give up what is due to people who read the pages only: it stands there.

    Nobody is told, since nothing is wrong, and the queue shows none of it. Who links an account
    later gets the cards that wait.
    """
    session.exec(
        update(OutboxMessage)
        .where(_TO_PAGES_ONLY, col(OutboxMessage.due_at) <= now)
        .values(failed_at=now, set_aside_at=now, error=BY_WEB_ONLY)
    )


def mark_unreachable(session: Session, person_id: int, now: datetime) -> None:
    """Record that a person blocked the bot: their messages wait; tell the coordinators once."""
    marked = session.exec(
        update(Person)
        .where(col(Person.id) == person_id, col(Person.unreachable_since).is_(None))
        .values(unreachable_since=now)
    )
    if marked.rowcount == 0:
        return
    tell_coordinators(
        session,
        PersonUnreachable(person_id),
        key=_unreachable_key(person_id, now),
        now=now,
    )


def mark_reachable(session: Session, person_id: int, now: datetime) -> bool:
    """Let messages go again to a person who had blocked the bot; return whether they had.

    What the coordinators were told of it is edited.
    """
    person = col(Person.id) == person_id
    since = session.exec(select(Person.unreachable_since).where(person)).one_or_none()
    if since is None:
        return False
    session.exec(update(Person).where(person).values(unreachable_since=None))
    key = _unreachable_key(person_id, since)
    told = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key)
    for told_id in session.exec(told).all():
        edit = PersonReachable(person_id, told_id)
        tell_coordinators(session, edit, key=f"person_reachable:{told_id}", now=now)
    return True


def _unreachable_key(person_id: int, since: datetime) -> str:
    """Key of the message that tells the coordinators that a person has blocked the bot."""
    return f"person_unreachable:{person_id}:{since.isoformat()}"


def tell_of_group(session: Session, reason: str, about: str, now: datetime) -> None:
    """Tell every coordinator privately that the group cannot be written to, once for `about`.

    `reason`: Telegram's words.
    """
    coordinators = session.exec(select(Person.id).where(col(Person.is_coordinator))).all()
    rows = [
        message_row(
            person_id,
            GroupRefuses(reason),
            key=f"group_refuses:{about}:{person_id}",
            now=now,
        )
        for person_id in coordinators
    ]
    write_once(session, rows)
