"""Conditions that are looked up row by row."""

from typing import Any

from sqlalchemy import ColumnElement, Select


def is_found(query: Select[*tuple[Any, ...]]) -> ColumnElement[bool]:
    """Whether a query that depends on the row finds anything, looked up through an index.

    PostgreSQL makes a join of a plain EXISTS, for which it may read the whole of a table that
    grows. Of a query with a limit it makes none.
    """
    return query.limit(1).scalar_subquery().is_not(None)
