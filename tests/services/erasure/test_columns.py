"""Every column is known to the erasure (SPEC 11)."""

from collections import Counter

from sqlalchemy import JSON, BigInteger, Column, String, TypeDecorator

from models import Person
from models.columns import Word
from services.erasure.columns import IDENTITY, NEITHER, WORDS


def may_tell_of_somebody(column: Column[object]) -> bool:
    """Texts, documents, and the large numbers with which Telegram names people and chats."""
    if isinstance(column.type, Word):
        return False
    stored = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(stored, String | JSON | BigInteger)


def test_every_column_is_in_one_of_the_lists() -> None:
    """A new column that can hold a name or words fails here until somebody has thought about it."""
    listed = Counter(
        (table, column)
        for columns in (WORDS, IDENTITY, NEITHER)
        for table, names in columns.items()
        for column in names
    )
    existing = {
        (table.name, column.name)
        for table in Person.metadata.sorted_tables
        for column in table.columns
        if may_tell_of_somebody(column)
    }
    assert set(listed) == existing
    assert set(listed.values()) == {1}
