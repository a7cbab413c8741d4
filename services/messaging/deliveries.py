"""Delivery of outbox messages: due, sent, waiting, given up (DESIGN 2, idea 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, or_, text, tuple_
from sqlmodel import col, select, update

from models import Appointment, Card, ChatMigration, OutboxMessage, Person
from models.columns import UtcDateTime
from models.enums import MessageKind
from services.db import Session
from services.inserts import insert_once
from services.messaging.messages.sessions import AcknowledgementDue
from services.messaging.pages_read import PAGE
from services.prepared import Prepared
from services.rules.agency import Agency

PARTS_SENT = "parts_sent"
"""Key in the payload: how many parts of a long message are sent, so that none is sent twice."""

Place = tuple[datetime, int]
BEFORE_ALL: Place = (datetime.min.replace(tzinfo=UTC), 0)


class Due(NamedTuple):
    """Message that is due, with its recipient; None for the coordinators' group."""

    message_id: int
    person_id: int | None
    due_at: datetime
    is_in_reach: bool
    """Whether the recipient can be written to."""

    @property
    def place(self) -> Place:
        """Position in the order of due messages."""
        return self.due_at, self.message_id


class MessagePlace(NamedTuple):
    """A message in Telegram."""

    chat_id: int
    message_id: int


@dataclass(frozen=True)
class PendingMessage:
    """Message that is about to be sent, with its recipient."""

    message: OutboxMessage
    person: Person | None
    """None for the coordinators' group."""

    @property
    def first_part(self) -> MessagePlace | None:
        """Its first part, if that is sent already."""
        chat_id, message_id = self.message.chat_id, self.message.message_id
        if chat_id is None or message_id is None:
            return None
        return MessagePlace(chat_id, message_id)

    @property
    def parts_sent(self) -> int:
        return int(self.message.payload.get(PARTS_SENT, 0))


_PENDING = and_(col(OutboxMessage.sent_at).is_(None), col(OutboxMessage.failed_at).is_(None))
READER_IN_REACH = and_(
    col(Person.telegram_user_id).is_not(None),
    col(Person.started_at).is_not(None),
    col(Person.unreachable_since).is_(None),
)
"""Condition that the recipient pressed Start and did not block the bot since (SPEC 9)."""
_IN_REACH = or_(col(OutboxMessage.person_id).is_(None), READER_IN_REACH)


def _timely(now: Any) -> Any:
    return and_(
        col(OutboxMessage.due_at) <= now,
        or_(col(OutboxMessage.expires_at).is_(None), col(OutboxMessage.expires_at) > now),
    )


_due_page = (
    select(OutboxMessage.id, OutboxMessage.person_id, OutboxMessage.due_at)
    .where(
        _PENDING,
        _timely(bindparam("now", type_=UtcDateTime)),
        tuple_(col(OutboxMessage.due_at), col(OutboxMessage.id))
        > tuple_(bindparam("after_at", type_=UtcDateTime), bindparam("after_id", type_=Integer)),
    )
    .order_by(col(OutboxMessage.due_at), col(OutboxMessage.id))
    .limit(PAGE)
    .subquery()
)
_DUE = Prepared(
    select(
        _due_page.c.id,
        _due_page.c.person_id,
        _due_page.c.due_at,
        or_(_due_page.c.person_id.is_(None), READER_IN_REACH),
    )
    .outerjoin(Person, col(Person.id) == _due_page.c.person_id)
    .order_by(_due_page.c.due_at, _due_page.c.id)
)


def due(session: Session, now: datetime, after: Place = BEFORE_ALL) -> list[Due]:
    """Page of messages that are due at `now` and later than `after`, oldest first.

    Messages of recipients out of reach are included, so that any number of them costs one page.
    """
    found = _DUE.rows(session, now=now, after_at=after[0], after_id=after[1])
    return [Due(*row) for row in found]


def pages(
    session: Session, now: datetime, newest: Place, turn: Place
) -> tuple[bool, list[Due], list[Due]]:
    """Whether a message has expired, due messages later than `newest`, and those after `turn`."""
    new = due(session, now, newest)
    return any_expired(session, now), new, new if newest == turn else due(session, now, turn)


def next_message(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When the next message that was written for later is due.

    Reminders of a question that has been answered do not count.
    """
    found = session.exec(
        select(OutboxMessage.due_at)
        .outerjoin(Appointment, col(Appointment.id) == OutboxMessage.appointment_id)
        .where(
            _PENDING,
            OutboxMessage.due_at > now,
            or_(
                col(OutboxMessage.kind) != AcknowledgementDue.kind,
                text("appointment.status = 'awaiting_approval_parent'"),
            ),
        )
        .order_by(col(OutboxMessage.due_at))
        .limit(1)
    )
    return found.first()


def pending_messages(
    session: Session, message_ids: Sequence[int], now: datetime
) -> list[PendingMessage]:
    """Those of the messages that may still be sent at `now`, with their recipients."""
    found = _THESE.rows(session, message_ids=message_ids, now=now)
    return [PendingMessage(*row) for row in found]


_THESE = Prepared(
    select(OutboxMessage, Person)
    .join(Person, isouter=True)
    .where(
        col(OutboxMessage.id).in_(bindparam("message_ids", expanding=True)),
        _PENDING,
        _timely(bindparam("now", type_=UtcDateTime)),
        _IN_REACH,
    )
)


def any_expired(session: Session, now: datetime) -> bool:
    """Whether a pending message has expired."""
    return _EXPIRED.first(session, now=now) is not None


_EXPIRED = Prepared(
    select(OutboxMessage.id)
    .where(_PENDING, col(OutboxMessage.expires_at) <= bindparam("now"))
    .limit(1)
)


def expire(session: Session, now: datetime) -> None:
    """Give up messages that have expired."""
    session.exec(
        update(OutboxMessage)
        .where(_PENDING, col(OutboxMessage.expires_at) <= now)
        .values(failed_at=now, error="expired")
    )


def mark_part_sent(
    session: Session, pending: PendingMessage, number: int, place: MessagePlace | None
) -> None:
    """Record that the first `number` parts are sent, and more follow."""
    message = pending.message
    message.payload = message.payload | {PARTS_SENT: number}
    message.chat_id, message.message_id = place or (None, None)
    session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message.id)
        .values(payload=message.payload, chat_id=message.chat_id, message_id=message.message_id)
    )


def sent_row(
    pending: PendingMessage, place: MessagePlace | None, why: str | None, now: datetime
) -> dict[str, Any]:
    """Values of a message that is sent, or for which there was nothing to say, because of `why`."""
    chat_id, message_id = place or (None, None)
    return {
        "number": pending.message.id,
        "sent_at": now,
        "error": why,
        "chat_id": chat_id,
        "message_id": message_id,
    }


def mark_sent(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Record that messages are sent, by rows of `sent_row`."""
    if rows:
        _MARK_SENT.run_many_later(session, rows)


_TABLE = OutboxMessage.__table__  # type: ignore[attr-defined]
_MARK_SENT = Prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("number"))
    .values(
        {
            name: bindparam(name, type_=_TABLE.c[name].type)
            for name in ("sent_at", "error", "chat_id", "message_id")
        }
    )
)


def place_of(session: Session, message_id: int) -> MessagePlace | None:
    """Where a message of the outbox stands; None where it was not sent."""
    sent = session.get(OutboxMessage, message_id)
    if sent is None or sent.chat_id is None or sent.message_id is None:
        return None
    return MessagePlace(sent.chat_id, sent.message_id)


def waiting_with(session: Session, message: OutboxMessage, now: datetime) -> list[OutboxMessage]:
    """Pending messages of the same kind to the same recipient, this one included, in order.

    They can be sent as one.
    """
    same_reader = (
        col(OutboxMessage.person_id).is_(None)
        if message.person_id is None
        else col(OutboxMessage.person_id) == message.person_id
    )
    found = session.exec(
        select(OutboxMessage)
        .where(_PENDING, _timely(now), same_reader, OutboxMessage.kind == message.kind)
        .order_by(col(OutboxMessage.id))
    )
    return list(found.all())


def was_sent(session: Session, beside: OutboxMessage, kind: MessageKind, since: datetime) -> bool:
    """Whether a message of this kind about the same session went to the same person since then."""
    told = session.exec(  # by the session, about which there are few messages
        select(OutboxMessage.person_id).where(
            OutboxMessage.appointment_id == beside.appointment_id,
            OutboxMessage.kind == kind,
            col(OutboxMessage.sent_at) > since,
        )
    )
    return beside.person_id in told.all()


def mark_said(
    session: Session,
    pending: PendingMessage,
    message_ids: Sequence[int],
    place: MessagePlace | None,
    now: datetime,
) -> None:
    """Record that these messages were sent as part of `pending`."""
    chat_id, message_id = place or (None, None)
    session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id).in_(message_ids), _PENDING)
        .values(
            sent_at=now,
            error=f"said by message {pending.message.id}",
            chat_id=chat_id,
            message_id=message_id,
        )
    )


def follow_group(session: Session, old_chat_id: int, new_chat_id: int) -> None:
    """Record a group's new id. Its earlier messages cannot be edited under it."""
    values = {"old_chat_id": old_chat_id, "new_chat_id": new_chat_id}
    insert_once(session, ChatMigration, [values], "old_chat_id")
    session.exec(update(Card).where(col(Card.chat_id) == old_chat_id).values(is_live=False))


def current_chat(session: Session, chat_id: int) -> int:
    """Present id of a group, however often it has changed."""
    seen = {chat_id}
    while (moved := session.get(ChatMigration, chat_id)) is not None:
        if moved.new_chat_id in seen:
            break
        chat_id = moved.new_chat_id
        seen.add(chat_id)
    return chat_id
