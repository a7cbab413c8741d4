"""Idempotent inserts: INSERT ... ON CONFLICT DO NOTHING."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from services.db import Session


def insert_once(
    session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *key: str
) -> CursorResult[Any]:
    """Insert rows, given by their columns, in one statement; at least one row.

    A row whose `key` columns exist already is skipped.
    """
    statement = _statement(session.get_bind().dialect.name, table, key)
    return session.connection().execute(statement, [dict(row) for row in rows])


@cache
def _statement(dialect: str, table: type[SQLModel], key: tuple[str, ...]) -> Insert:
    """INSERT for a table, built once: building it takes longer than its execution."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    columns = table.__table__  # type: ignore[attr-defined]
    return insert(columns).on_conflict_do_nothing(index_elements=list(key))
