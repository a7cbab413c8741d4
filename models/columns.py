"""Column types shared by the tables: times in UTC, words of a closed set."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    event,
    text,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.model_config["defer_build"] = True  # tables do not validate: nobody needs their validators

CONDITION = "where"

WordType = TypeVar("WordType", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """Instant, stored in UTC and read back aware. Raises ValueError for a naive time (SPEC 1).

    SQLite has it as text, which is written and read in one step instead of three: a row has many.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        if dialect.name == "sqlite":
            return _from_text
        return super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes a time into SQLite: UTC, with six digits after the second's point."""
    if value is None:
        return None
    return _in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(f"{stored}+00:00")


class Word(TypeDecorator[WordType], Generic[WordType]):
    """Word of a closed set, stored as its value (never as the member's name)."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[WordType]) -> None:
        super().__init__(32)
        self.words = words
        self._words: dict[str | None, WordType | None] = {None: None}
        self._words.update((word.value, word) for word in words)

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[Any], Any]:
        """Look a stored word up; a KeyError says that the database holds another."""
        return self._words.__getitem__

    def bind_processor(self, _dialect: Dialect) -> Callable[[Any], str | None]:
        """Write a word, or its value, as its value; a ValueError says that it is no such word."""
        return self._stored

    def _stored(self, word: WordType | str | None) -> str | None:
        if word is None:
            return None
        return (self._words.get(word) or self.words(word)).value


def instant(**options: Any) -> Any:
    """Field for an instant."""
    return Field(sa_type=UtcDateTime, **options)


def word(words: type[StrEnum], **options: Any) -> Any:
    """Field for a word of a closed set."""
    return Field(sa_type=Word(words), **options)


def document(**options: Any) -> Any:
    """Field for a JSON document."""
    return Field(sa_type=JSON, **options)


def prose(**options: Any) -> Any:
    """Field for text of any length."""
    return Field(sa_type=Text, **options)


def identity() -> Any:
    """Primary key that the database generates."""
    return Field(default=None, primary_key=True, sa_type=Integer)


def one_of(column: str, words: Iterable[StrEnum]) -> CheckConstraint:
    """Constraint that a column holds a word of its set (DESIGN 2, idea 9)."""
    listed = ", ".join(f"'{entry.value}'" for entry in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def index_where(condition: str, name: str, *columns: str, unique: bool = False) -> Index:
    """Index of only the rows that meet a condition, such as open ones, which stay few."""
    return Index(name, *columns, unique=unique, info={CONDITION: condition})


@event.listens_for(SQLModel.metadata, "before_create")
def _put_conditions(metadata: MetaData, connection: Connection, **_: object) -> None:
    """Give the indexes their conditions as an option of the database that they are created on.

    To name an option of a dialect loads all of that, PostgreSQL's too where SQLite is used.
    """
    for table in metadata.tables.values():
        for index in table.indexes:
            if CONDITION in index.info:
                options = index.dialect_options[connection.dialect.name]
                options["where"] = text(index.info[CONDITION])
