"""Rows that are written once, however often it is tried: INSERT ... ON CONFLICT DO NOTHING."""

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
    """Write rows, given by their columns, in one statement; one whose `key` columns are there
    already stays as it is. There must be at least one row.
    """
    statement = _statement(session.get_bind().dialect.name, table, key)
    return session.connection().execute(statement, [dict(row) for row in rows])


@cache
def _statement(dialect: str, table: type[SQLModel], key: tuple[str, ...]) -> Insert:
    """Built once for each table: building it costs more than its execution."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    columns = table.__table__  # type: ignore[attr-defined]
    return insert(columns).on_conflict_do_nothing(index_elements=list(key))
