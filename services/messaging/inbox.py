"""Durable inbox: updates are on disk before they are acknowledged (DESIGN 2, idea 5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, func, tuple_
from sqlalchemy import select as select_columns
from sqlmodel import col, update

from models import InboxUpdate
from models.columns import UtcDateTime
from services.database_errors import is_away
from services.db import Session
from services.inserts import insert_once
from services.messaging.messages.agency import UpdateSetAside
from services.messaging.outbox import tell_coordinators
from services.messaging.pages_read import PAGE
from services.messaging.raw_updates import RawUpdate, chat_of, cleaned
from services.prepared import Prepared

TRIES = 3
"""How often an update is tried before it is set aside."""


class UpdateKey(NamedTuple):
    """Key of an update. Every bot counts its own updates, so that a new bot's are not taken for
    those of the bot before it.
    """

    bot_id: int
    update_id: int


BEFORE_ALL = UpdateKey(0, 0)
"""Lower than every key: Telegram counts from 1."""


class WaitingUpdate(NamedTuple):
    """Update that is to be handled."""

    bot_id: int
    update_id: int
    chat_id: int | None
    payload: dict[str, Any]
    received_at: datetime
    attempts: int

    @property
    def key(self) -> UpdateKey:
        return UpdateKey(self.bot_id, self.update_id)


_PRIMARY_KEY = ("bot_id", "update_id")
_KEY = (col(InboxUpdate.bot_id), col(InboxUpdate.update_id))
_IS_PENDING = (
    col(InboxUpdate.done_at).is_(None),
    col(InboxUpdate.set_aside_at).is_(None),
    tuple_(*_KEY)
    > tuple_(bindparam("after_bot", type_=BigInteger), bindparam("after_update", type_=BigInteger)),
)
_COLUMNS = (
    *(*_KEY, col(InboxUpdate.chat_id), col(InboxUpdate.payload)),
    *(col(InboxUpdate.received_at), col(InboxUpdate.attempts)),
)
_PENDING = Prepared(select_columns(*_COLUMNS).where(*_IS_PENDING).order_by(*_KEY).limit(PAGE))
_THESE = (
    select_columns(*_COLUMNS)
    .where(tuple_(*_KEY).in_(bindparam("keys", expanding=True)))
    .order_by(*_KEY)
)
_PENDING_KEYS = Prepared(select_columns(*_KEY).where(*_IS_PENDING).order_by(*_KEY).limit(PAGE))
_IS_THIS = and_(
    col(InboxUpdate.bot_id) == bindparam("bot"), col(InboxUpdate.update_id) == bindparam("number")
)


def store(
    session: Session, bot_id: int, updates: Iterable[RawUpdate], now: datetime
) -> list[WaitingUpdate]:
    """Store updates of a bot that have just arrived, and return them. One that is stored already is
    left as it is; nothing is returned then, because it may have been handled.
    """
    waiting = [_arrived(bot_id, raw, now) for raw in updates]
    if not waiting:
        return []
    rows = [one._asdict() for one in waiting]
    stored = insert_once(session, InboxUpdate, rows, *_PRIMARY_KEY)
    return waiting if stored == len(waiting) else []


def store_each(session: Session, bot_id: int, updates: Iterable[RawUpdate], now: datetime) -> None:
    """Store updates one by one; set aside, without its content, one that the database refuses."""
    for raw in updates:
        try:
            with session.begin_nested():
                store(session, bot_id, [raw], now)
        except Exception as error:
            if is_away(error):
                raise
            key = UpdateKey(bot_id, raw["update_id"])
            _set_aside_unstored(session, key, f"not stored: {type(error).__name__}", now)


def pending(session: Session, after: UpdateKey = BEFORE_ALL) -> list[UpdateKey]:
    """Page of keys later than `after` that are neither done nor set aside, in order."""
    return [UpdateKey(*key) for key in _PENDING_KEYS.rows(session, **_after(after))]


def pages(
    session: Session, newest: UpdateKey, turn: UpdateKey
) -> tuple[list[WaitingUpdate], list[UpdateKey]]:
    """Pending updates later than `newest`, and keys of pending ones later than `turn`."""
    new = [WaitingUpdate(*row) for row in _PENDING.rows(session, **_after(newest))]
    if newest == turn and len(new) < PAGE:  # the page is read already
        return new, [one.key for one in new]
    return new, pending(session, turn)


def waiting(session: Session, keys: Sequence[UpdateKey]) -> list[WaitingUpdate]:
    """Updates with these keys that are to be handled, in order."""
    found = session.connection().execute(_THESE, {"keys": keys})
    return [WaitingUpdate(*row) for row in found]


def mark_done(session: Session, key: UpdateKey, now: datetime) -> None:
    """Mark an update as done."""
    _MARK_DONE.run_later(session, bot=key.bot_id, number=key.update_id, now=now)


_MARK_DONE = Prepared(
    update(InboxUpdate.__table__)  # type: ignore[attr-defined]
    .where(_IS_THIS)
    .values(done_at=func.coalesce(col(InboxUpdate.done_at), bindparam("now", type_=UtcDateTime)))
)


def count_failure(
    session: Session, key: UpdateKey, error: str, now: datetime, tries: int = TRIES
) -> bool:
    """Count a failed try, and set the update aside after so many; whether it is set aside now.

    `error` is the error's kind and place: its text may hold people's words.
    """
    counted = session.exec(
        update(InboxUpdate)
        .where(*is_update(key))
        .values(attempts=InboxUpdate.attempts + 1, error=error)
        .returning(col(InboxUpdate.attempts))
    )
    if counted.scalar_one() < tries:
        return False
    session.exec(update(InboxUpdate).where(*is_update(key)).values(set_aside_at=now))
    _tell_set_aside(session, key, now)
    return True


def _set_aside_unstored(session: Session, key: UpdateKey, error: str, now: datetime) -> None:
    """Set aside an update whose content the database does not take."""
    row = _arrived(key.bot_id, {"update_id": key.update_id}, now)._asdict()
    row |= {"set_aside_at": now, "error": error}
    insert_once(session, InboxUpdate, [row], *_PRIMARY_KEY)
    _tell_set_aside(session, key, now)


def _tell_set_aside(session: Session, key: UpdateKey, now: datetime) -> None:
    tell_coordinators(
        session,
        UpdateSetAside(key.update_id),
        key=f"update_set_aside:{key.bot_id}:{key.update_id}",
        now=now,
    )


def is_update(key: UpdateKey) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions that a row is this update."""
    return col(InboxUpdate.bot_id) == key.bot_id, col(InboxUpdate.update_id) == key.update_id


def _after(key: UpdateKey) -> dict[str, int]:
    return {"after_bot": key.bot_id, "after_update": key.update_id}


def _arrived(bot_id: int, raw: RawUpdate, now: datetime) -> WaitingUpdate:
    """An update that has just arrived."""
    return WaitingUpdate(bot_id, raw["update_id"], chat_of(raw), cleaned(raw), now, 0)
