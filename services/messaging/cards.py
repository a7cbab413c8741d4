"""Cards: messages that show a session, a dispute or a problem report, and are edited (UX 2)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, case, cast, exists, false, null, true
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update

from models import (
    Card,
    Dialogue,
    ListedAppointment,
    OutboxMessage,
    Person,
    ShownList,
    StandingMessage,
)
from services.db import Session
from services.inserts import insert_into
from services.prepared import Prepared


class OlderCard(NamedTuple):
    """Live card that a newer card in its chat replaces."""

    id: int
    chat_id: int
    message_id: int
    shown: str | None = None
    """Hash of its content when it was replaced, where that is known."""


class NewCard(NamedTuple):
    """Card that was just sent."""

    chat_id: int
    message_id: int
    person_id: int | None
    appointment_id: int
    dispute_id: int | None
    report_id: int | None
    content_hash: str
    true_until: datetime | None


def keep_all(session: Session, new: Sequence[NewCard]) -> dict[NewCard, list[OlderCard]]:
    """Record cards that were just sent, in different chats; return the older live cards of its
    chat that each replaces.
    """
    if not new:
        return {}
    live = defaultdict(list)
    numbers = sorted({card.appointment_id for card in new})
    for row in _LIVE.rows(session, appointment_ids=numbers):
        subject = (row.appointment_id, row.dispute_id, row.report_id)
        older = OlderCard(row.id, row.chat_id, row.message_id, row.content_hash)
        live[subject, row.chat_id].append(older)
    dialect = session.get_bind().dialect.name
    _upsert(dialect).run_many_later(session, [card._asdict() for card in new])
    return {
        card: [
            older
            for older in live[_subject_of(card), card.chat_id]
            if older.message_id != card.message_id
        ]
        for card in new
    }


def _subject_of(card: NewCard) -> tuple[int, int | None, int | None]:
    return card.appointment_id, card.dispute_id, card.report_id


_LIVE = Prepared(
    select_columns(
        col(Card.appointment_id),
        col(Card.dispute_id),
        col(Card.report_id),
        col(Card.id),
        col(Card.chat_id),
        col(Card.message_id),
        col(Card.content_hash),
    ).where(
        col(Card.appointment_id).in_(bindparam("appointment_ids", expanding=True)),
        col(Card.is_live),
    )
)


@cache
def _upsert(dialect: str) -> Prepared:
    """Statement that adds a card; one that exists becomes live again with its new content."""
    table = Card.__table__  # type: ignore[attr-defined]
    given = {name: bindparam(name, type_=table.c[name].type) for name in NewCard._fields}
    insert = insert_into(dialect, Card).values({**given, "is_live": True}).inline()
    return Prepared(
        insert.on_conflict_do_update(
            index_elements=["chat_id", "message_id"],
            set_={
                "is_live": True,
                "content_hash": insert.excluded.content_hash,
                "true_until": insert.excluded.true_until,
            },
        )
    )


WITHOUT_BUTTONS = ""
"""Content hash of a card that is shown without its buttons: its next edit brings them back."""


def bare_cards(session: Session, chat_id: int) -> list[int]:
    """Message ids of a chat's live cards that are shown without their buttons."""
    found = session.exec(
        select(Card.message_id).where(
            Card.chat_id == chat_id, col(Card.is_live), Card.content_hash == WITHOUT_BUTTONS
        )
    )
    return list(found.all())


def card_at(session: Session, chat_id: int, message_id: int) -> Card | None:
    """Live card of a session that this message is; None where it is none."""
    found = session.exec(
        select(Card).where(
            Card.chat_id == chat_id,
            Card.message_id == message_id,
            col(Card.is_live),
            col(Card.dispute_id).is_(None),
            col(Card.report_id).is_(None),
        )
    )
    return found.one_or_none()


def retired_at(session: Session, chat_id: int, message_id: int) -> OlderCard | None:
    """Card that this message was; None where it was none, or is one."""
    found = session.exec(
        select(Card.id).where(
            Card.chat_id == chat_id, Card.message_id == message_id, ~col(Card.is_live)
        )
    )
    card_id = found.first()
    return None if card_id is None else OlderCard(card_id, chat_id, message_id)


def retire_all(session: Session, cards: Sequence[OlderCard]) -> list[OlderCard]:
    """Mark cards as no longer live; return those that were edited since they were replaced, and
    show a session again in place of what was left of them.
    """
    ids = [card.id for card in cards]
    live = select(Card.id, Card.content_hash).where(col(Card.id).in_(ids), col(Card.is_live))
    shown = dict(session.exec(live).all())
    for card in cards:
        retire(session, card.chat_id, card.message_id)
    return [card for card in cards if card.shown not in (None, shown.get(card.id, card.shown))]


class Shown(NamedTuple):
    """Place where a session is shown, or soon will be."""

    person_id: int | None
    """None for the coordinators' group."""
    dispute_id: int | None
    chat_id: int | None
    """None while its message is still in the outbox."""
    stands: bool
    """Whether it is no card, but a reminder, an alert or a list that stands there."""
    asked_id: int | None
    """Person whom it asks, where it is the question of a dialogue about the session."""

    @property
    def asks(self) -> bool:
        """Whether it is the question of a dialogue about the session."""
        return self.asked_id is not None


def shown_in(session: Session, appointment_id: int, now: datetime) -> list[Shown]:
    """Places of the session's live cards, recipients of its pending messages, and places of
    messages that stand and of questions that are asked about it.
    """
    return [Shown(*row) for row in _SHOWN.rows(session, appointment_id=appointment_id, now=now)]


_NOBODY = cast(null(), Integer)
"""Nobody is asked; PostgreSQL takes an untyped NULL of the first selects for a text."""
_SHOWN = Prepared(
    select_columns(col(Card.person_id), col(Card.dispute_id), col(Card.chat_id), false(), _NOBODY)
    .where(
        col(Card.appointment_id) == bindparam("appointment_id"),
        col(Card.is_live),
        col(Card.report_id).is_(None),
    )
    .union(
        select_columns(col(OutboxMessage.person_id), null(), null(), false(), _NOBODY).where(
            col(OutboxMessage.appointment_id) == bindparam("appointment_id"),
            col(OutboxMessage.sent_at).is_(None),
            col(OutboxMessage.failed_at).is_(None),
            col(OutboxMessage.due_at) <= bindparam("now"),
        ),
        select_columns(
            col(StandingMessage.person_id), null(), col(StandingMessage.chat_id), true(), _NOBODY
        ).where(col(StandingMessage.appointment_id) == bindparam("appointment_id")),
        select_columns(col(ShownList.person_id), null(), col(ShownList.chat_id), true(), _NOBODY)
        .join(ListedAppointment, col(ListedAppointment.list_id) == ShownList.id)
        .where(col(ListedAppointment.appointment_id) == bindparam("appointment_id")),
        select_columns(
            case((col(Dialogue.chat_id) == Dialogue.user_id, col(Person.id)), else_=null()),
            *(null(), col(Dialogue.chat_id), false(), col(Person.id)),
        )
        .select_from(Dialogue)
        .join(Person, col(Person.telegram_user_id) == Dialogue.user_id)
        .where(col(Dialogue.appointment_id) == bindparam("appointment_id")),
    )
)


def readers_of_report(session: Session, report_id: int) -> list[int | None]:
    """People with a live card of a problem report; None for the coordinators' group.

    The group's card may still be in the outbox: it is edited after it was sent.
    """
    found = session.exec(
        select(Card.person_id).where(Card.report_id == report_id, col(Card.is_live)).distinct()
    )
    people = sorted(one for one in found.all() if one is not None)
    return [None, *people]


def showing(
    session: Session, chat_id: int, appointment_id: int, content_hash: str, *, below: int = 0
) -> bool:
    """Whether the chat has a live card of the session with exactly this content.

    `below`: further down than this message.
    """
    found = session.exec(
        select(Card.id).where(
            Card.chat_id == chat_id,
            Card.appointment_id == appointment_id,
            col(Card.dispute_id).is_(None),
            col(Card.report_id).is_(None),
            col(Card.is_live),
            Card.content_hash == content_hash,
            Card.message_id > below,
        )
    )
    return found.first() is not None


def shown_on(session: Session, card_id: int) -> str | None:
    """Hash of a live card's content; None for one that is no longer live."""
    found = session.exec(select(Card.content_hash).where(Card.id == card_id, Card.is_live))
    return found.one_or_none()


class Successor(NamedTuple):
    """Live card that took the place of another."""

    appointment_id: int
    person_id: int | None
    is_below: bool


def successor(session: Session, card_id: int) -> Successor | None:
    """Newest other live card of the same subject in the card's chat; None without one."""
    older = aliased(Card)
    found = session.exec(
        select(Card, older.message_id)
        .join(older, col(older.id) == card_id)
        .where(
            Card.chat_id == older.chat_id,
            Card.appointment_id == older.appointment_id,
            col(Card.dispute_id).is_not_distinct_from(older.dispute_id),
            col(Card.report_id).is_not_distinct_from(older.report_id),
            Card.id != older.id,
            col(Card.is_live),
        )
        .order_by(col(Card.id).desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    newer, message_id = found
    return Successor(newer.appointment_id, newer.person_id, newer.message_id > message_id)


def is_replaced(session: Session, card_id: int) -> bool:
    """Whether it is no longer live, or its chat has a newer live card of the same subject."""
    newer = aliased(Card)
    has_newer = exists().where(
        col(newer.chat_id) == Card.chat_id,
        col(newer.appointment_id) == Card.appointment_id,
        col(newer.dispute_id).is_not_distinct_from(Card.dispute_id),
        col(newer.report_id).is_not_distinct_from(Card.report_id),
        col(newer.id) > Card.id,
        col(newer.is_live),
    )
    stands = select(Card.id).where(Card.id == card_id, col(Card.is_live), ~has_newer)
    return session.exec(stands).first() is None


def now_shows(
    session: Session,
    chat_id: int,
    message_id: int,
    content_hash: str,
    true_until: datetime | None = None,
) -> None:
    """Record the content into which a card was edited, and until when it is true."""
    session.exec(
        update(Card)
        .where(col(Card.chat_id) == chat_id, col(Card.message_id) == message_id)
        .values(content_hash=content_hash, true_until=true_until)
    )


def retire(session: Session, chat_id: int, message_id: int) -> None:
    """Mark one card as no longer live: replaced, deleted or out of reach."""
    session.exec(
        update(Card)
        .where(col(Card.chat_id) == chat_id, col(Card.message_id) == message_id)
        .values(is_live=False)
    )
