"""Durable inbox: updates are on disk before they are acknowledged (DESIGN 2, idea 5)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select, update

from models import InboxUpdate
from models.columns import UtcDateTime
from models.enums import MessageKind
from services.db import Session
from services.inserts import insert_once
from services.messaging.outbox import tell_coordinators
from services.messaging.pages_read import PAGE

TRIES = 3
"""How often an update is tried before it is set aside."""

BEFORE_ALL = 0
"""Lower than every update id: Telegram counts from 1."""


class WaitingUpdate(NamedTuple):
    """Update that is to be handled."""

    update_id: int
    chat_id: int | None
    payload: dict[str, Any]
    received_at: datetime
    attempts: int


RawUpdate = Mapping[str, Any]
"""Update as Telegram sent it, as JSON."""

_IS_PENDING = (
    col(InboxUpdate.done_at).is_(None),
    col(InboxUpdate.set_aside_at).is_(None),
    col(InboxUpdate.update_id) > bindparam("after", type_=BigInteger),
)
_IN_ORDER = col(InboxUpdate.update_id)
_COLUMNS = (
    *(col(InboxUpdate.update_id), col(InboxUpdate.chat_id), col(InboxUpdate.payload)),
    *(col(InboxUpdate.received_at), col(InboxUpdate.attempts)),
)
_PENDING = select_columns(*_COLUMNS).where(*_IS_PENDING).order_by(_IN_ORDER).limit(PAGE)
_THESE = (
    select_columns(*_COLUMNS)
    .where(col(InboxUpdate.update_id).in_(bindparam("numbers", expanding=True)))
    .order_by(_IN_ORDER)
)
_NUMBERS = select(InboxUpdate.update_id).where(*_IS_PENDING).order_by(_IN_ORDER).limit(PAGE)


def store(session: Session, updates: Iterable[RawUpdate], now: datetime) -> list[WaitingUpdate]:
    """Store updates that have just arrived, and return them. One that is stored already is left as
    it is; nothing is returned then, because it may have been handled.
    """
    waiting = [WaitingUpdate(raw["update_id"], chat_of(raw), dict(raw), now, 0) for raw in updates]
    if not waiting:
        return []
    rows = [one._asdict() for one in waiting]
    stored = insert_once(session, InboxUpdate, rows, "update_id").rowcount
    return waiting if stored == len(waiting) else []


def pending(session: Session, after: int = BEFORE_ALL) -> list[int]:
    """Page of ids later than `after` that are neither done nor set aside, in order."""
    return list(session.connection().execute(_NUMBERS, {"after": after}).scalars())


def pages(session: Session, newest: int, turn: int) -> tuple[list[WaitingUpdate], list[int]]:
    """Pending updates later than `newest`, and ids of pending ones later than `turn`."""
    found = session.connection().execute(_PENDING, {"after": newest})
    new = [WaitingUpdate(*row) for row in found]
    if newest == turn and len(new) < PAGE:  # the page is read already
        return new, [one.update_id for one in new]
    return new, pending(session, turn)


def waiting(session: Session, update_ids: Sequence[int]) -> list[WaitingUpdate]:
    """Updates with these ids that are to be handled, in order."""
    found = session.connection().execute(_THESE, {"numbers": update_ids})
    return [WaitingUpdate(*row) for row in found]


def load(session: Session, update_ids: Sequence[int]) -> list[InboxUpdate]:
    """Updates with these ids, in order."""
    found = session.exec(
        select(InboxUpdate)
        .where(col(InboxUpdate.update_id).in_(update_ids))
        .order_by(col(InboxUpdate.update_id))
    )
    return list(found.all())


def mark_done(session: Session, update_id: int, now: datetime) -> None:
    """Mark an update as done."""
    session.connection().execute(_MARK_DONE, {"number": update_id, "now": now})


_MARK_DONE = (
    update(InboxUpdate.__table__)  # type: ignore[attr-defined]
    .where(col(InboxUpdate.update_id) == bindparam("number"))
    .values(done_at=func.coalesce(col(InboxUpdate.done_at), bindparam("now", type_=UtcDateTime)))
)


def count_failure(
    session: Session, update_id: int, error: str, now: datetime, tries: int = TRIES
) -> bool:
    """Count a failed try, and set the update aside after so many; whether it is set aside now.

    The coordinators are told its id.
    """
    counted = session.exec(
        update(InboxUpdate)
        .where(col(InboxUpdate.update_id) == update_id)
        .values(attempts=InboxUpdate.attempts + 1, error=error)
        .returning(col(InboxUpdate.attempts))
    )
    if counted.scalar_one() < tries:
        return False
    session.exec(
        update(InboxUpdate).where(col(InboxUpdate.update_id) == update_id).values(set_aside_at=now)
    )
    tell_coordinators(
        session,
        MessageKind.UPDATE_SET_ASIDE,
        {"update_id": update_id},
        key=f"update_set_aside:{update_id}",
        now=now,
    )
    return True


def chat_of(raw: RawUpdate) -> int | None:
    """Chat of an update: of its message, of the message with the button, or its own."""
    for body in raw.values():
        if isinstance(body, Mapping):
            place = body.get("chat") or (body.get("message") or {}).get("chat")
            if isinstance(place, Mapping) and isinstance(place.get("id"), int):
                return int(place["id"])
    return None
