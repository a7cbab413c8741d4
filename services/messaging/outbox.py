"""Outbox: messages to others, written with the change that causes them (DESIGN 2, idea 6)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from models import OutboxMessage
from models.cause import current_update
from services.db import Session
from services.inserts import insert_once
from services.messaging.messages.base import AboutSession, Message, payload_of


def tell_person(
    session: Session,
    person_id: int,
    told: Message,
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Write a message to a person, once for each `key`."""
    row = message(person_id, told, key=key, now=now, due_at=due_at, expires_at=expires_at)
    write_once(session, [row])


def tell_coordinators(session: Session, told: Message, *, key: str, now: datetime) -> None:
    """Write a message to the coordinators' group, once for each `key`."""
    write_once(session, [message(None, told, key=key, now=now)])


def unwritten(session: Session, keys: Collection[str]) -> set[str]:
    """Keys under which no message has been written yet.

    A sweep asks for them, so that it does not try to write the same messages every minute.
    """
    written = select(OutboxMessage.dedupe_key).where(col(OutboxMessage.dedupe_key).in_(keys))
    return set(keys) - set(session.exec(written).all())


def write_once(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write messages made by `message`, in one statement; each key once."""
    if rows:
        insert_once(session, OutboxMessage, rows, "dedupe_key")


def message(
    person_id: int | None,
    told: Message,
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> dict[str, Any]:
    """Columns of a message; `person_id` None for the coordinators' group."""
    return {
        "person_id": person_id,
        "kind": told.kind,
        "payload": payload_of(told),
        "appointment_id": told.appointment_id if isinstance(told, AboutSession) else None,
        "dedupe_key": key,
        "created_at": now,
        "due_at": due_at or now,
        "expires_at": expires_at,
        "attempts": 0,
        "update_id": current_update.get(),
    }
