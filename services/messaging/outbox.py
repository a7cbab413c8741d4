"""The outbox: messages to others, written with the change that causes them (DESIGN 2, idea 6)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from models import OutboxMessage
from models.enums import MessageKind
from services.db import Session

Payload = dict[str, Any]


def tell_person(
    session: Session,
    person_id: int,
    kind: MessageKind,
    payload: Payload,
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Write a message to a person, once for each `key`."""
    _write(session, person_id, kind, payload, key, now, due_at or now, expires_at)


def tell_coordinators(
    session: Session,
    kind: MessageKind,
    payload: Payload,
    *,
    key: str,
    now: datetime,
) -> None:
    """Write a message to the coordinators' group, once for each `key`."""
    _write(session, None, kind, payload, key, now, now, None)


def unwritten(session: Session, keys: Collection[str]) -> set[str]:
    """Those of the keys under which nothing was ever written.

    A sweep asks, so that it does not try to write again every minute what it has written.
    """
    written = select(OutboxMessage.dedupe_key).where(col(OutboxMessage.dedupe_key).in_(keys))
    return set(keys) - set(session.exec(written).all())


def _write(
    session: Session,
    person_id: int | None,
    kind: MessageKind,
    payload: Payload,
    key: str,
    now: datetime,
    due_at: datetime,
    expires_at: datetime | None,
) -> None:
    values = {
        "person_id": person_id,
        "kind": kind,
        "payload": payload,
        "appointment_id": payload.get("appointment_id"),
        "dedupe_key": key,
        "created_at": now,
        "due_at": due_at,
        "expires_at": expires_at,
        "attempts": 0,
    }
    session.exec(insert_once(session, OutboxMessage, values, col(OutboxMessage.dedupe_key)))


def insert_once(session: Session, table: type, values: dict[str, Any], *key: Any) -> Insert:
    """An INSERT that does nothing where a row with the same `key` is there already."""
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).values(**values).on_conflict_do_nothing(index_elements=list(key))
