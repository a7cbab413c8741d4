"""Words that are sought anywhere in a name, in statements that are built once."""

from typing import Any

from sqlalchemy import ColumnElement, String, bindparam
from sqlmodel import col


def contains(column: Any, name: str) -> ColumnElement[bool]:
    """Condition that a column contains, in whatever case, the words given as the value `name`.

    The value is made by `contained`; without words, every row meets it that has a value.
    """
    return col(column).ilike(bindparam(name, type_=String), escape="/")


def contained(words: str) -> str:
    """Value of a condition made by `contains`."""
    escaped = words.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{escaped}%"
