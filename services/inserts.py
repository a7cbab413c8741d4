"""Inserts that meet rows which exist already: INSERT ... ON CONFLICT."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from services.db import Session
from services.prepared import Prepared

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert_into(dialect: str, table: type[SQLModel]) -> "sqlite.Insert | postgresql.Insert":
    """INSERT into a table that may say what happens on a conflict; in both dialects alike."""
    rows = table.__table__  # type: ignore[attr-defined]
    if dialect == "sqlite":
        return sqlite.insert(rows)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - SQLite needs nothing of it

    return postgresql.insert(rows)


def insert_once(
    session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], *key: str
) -> int:
    """Insert rows, given by the same columns, in one statement; at least one row. Return how many.

    A row whose `key` columns exist already is skipped.
    """
    statement = _statement(session.get_bind().dialect.name, table, key, tuple(rows[0]))
    return statement.run_many(session, rows)


@cache
def _statement(
    dialect: str, table: type[SQLModel], key: tuple[str, ...], given: tuple[str, ...]
) -> Prepared:
    """INSERT of these columns of a table; the others have their defaults."""
    rows = table.__table__  # type: ignore[attr-defined]
    values: dict[str, Any] = {
        column.name: column.default.arg for column in rows.columns if column.default is not None
    }
    values |= {name: bindparam(name, type_=rows.c[name].type) for name in given}
    statement = insert_into(dialect, table).values(values).inline()
    return Prepared(statement.on_conflict_do_nothing(index_elements=list(key)))
