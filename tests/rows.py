"""Rows of whole tables, to be compared with themselves later.

Most of half a hundred tables are empty in a test: one statement asks which are not, and only those
are read.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, TextClause, text
from sqlalchemy import select as select_rows
from sqlmodel import SQLModel

from services.db import Session

Rows = dict[str, Sequence[Any]]
"""Rows by the name of their table, in the order of their keys."""


def rows_of_tables(session: Session, *, but: Collection[str] = (), without: str = "") -> Rows:
    """Every row of every table `but` these; `without` a column of that name."""
    connection = session.connection()
    filled = set(connection.scalars(_which_are_filled()))
    return {
        table.name: (
            connection.execute(_every_row(table, without)).all() if table.name in filled else []
        )
        for table in SQLModel.metadata.sorted_tables
        if table.name not in but
    }


@cache
def _which_are_filled() -> TextClause:
    """The names of the tables that have a row: each is looked at, and nothing of it is read."""
    names = [table.name for table in SQLModel.metadata.sorted_tables]
    return text(
        " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names
        )
    )


@cache
def _every_row(table: Table, without: str) -> Select[Any]:
    """Kept, since SQLAlchemy takes longer to tell what is compiled for a new one than to run it."""
    shown = [column for column in table.columns if column.name != without]
    return select_rows(*shown).order_by(*table.primary_key)
