"""Copying every table from one database into another, of either engine, and comparing the two.

JSON is copied as the text that it is, so that SQL's NULL and JSON's null stay what they are.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Insert,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DataError
from sqlmodel import SQLModel

from models.sealed import SEALED
from services.backups.errors import BackupError
from services.plain_engine import plain_engine

ROWS = 1000
"""Rows that are read and written at once."""
OF_PROCESSES = frozenset({"lease"})
"""Tables of the running processes: their numbers go on, whatever is restored."""
_DIGEST = 2**256

Row = Sequence[Any]


@dataclass(frozen=True)
class TableDigest:
    """Number of rows, and a hash of them all that does not depend on their order."""

    rows: int
    sha256_sum: int


def tables() -> list[Table]:
    """Every table of the agency's, those that others refer to first."""
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in OF_PROCESSES]


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """Connection that sees the database as it was at one instant, whoever writes to it."""
    engine = plain_engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            connection.execution_options(yield_per=ROWS)
            yield connection
    finally:
        engine.dispose()


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """Connection in one transaction, committed when the block ends."""
    engine = plain_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def copy_tables(source: Connection, target: Connection) -> Mapping[str, TableDigest]:
    """Copy every row into the empty tables of `target`; what was written, by table."""
    copied = {table.name: _copy(table, source, target) for table in tables()}
    if target.dialect.name == "postgresql":
        for table in tables():
            _advance_sequence(table, target)
    return copied


def digests(connection: Connection) -> Mapping[str, TableDigest]:
    """What each table holds."""
    found = {}
    for table in tables():
        tally = _Tally()
        for rows in _rows(table, connection):
            tally.add(rows)
        found[table.name] = tally.digest
    return found


def require_same(
    expected: Mapping[str, TableDigest], found: Mapping[str, TableDigest], where: str
) -> None:
    """Raise `BackupError` naming the first table that is not the same in both."""
    for name, one in expected.items():
        if found[name] != one:
            counts = f"{found[name].rows} rows for {one.rows}"
            raise BackupError(f"{where}: the table {name} was not copied as it is ({counts})")


def empty_tables(connection: Connection) -> None:
    """Delete every row of a PostgreSQL database, the append-only ones included."""
    for name in SEALED:
        connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    names = ", ".join(f'"{table.name}"' for table in tables())
    connection.execute(text(f"TRUNCATE {names}"))
    for name in SEALED:
        connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))


def first_used(connection: Connection) -> str | None:
    """Name of a table that has rows; None where all are empty."""
    for table in tables():
        if connection.execute(select(text("1")).select_from(table).limit(1)).first():
            return table.name
    return None


class _Tally:
    """Rows counted and hashed."""

    def __init__(self) -> None:
        self._rows = 0
        self._sum = 0

    def add(self, rows: Sequence[Row]) -> None:
        self._rows += len(rows)
        for row in rows:
            written = json.dumps(list(row), default=_written).encode()
            self._sum += int.from_bytes(hashlib.sha256(written).digest())

    @property
    def digest(self) -> TableDigest:
        return TableDigest(self._rows, self._sum % _DIGEST)


def _written(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _copy(table: Table, source: Connection, target: Connection) -> TableDigest:
    tally, statement = _Tally(), _insert(table, target.dialect.name)
    own = [] if table.name in SEALED else _references_to_itself(table)
    later: list[dict[str, Any]] = []
    for rows in _rows(table, source):
        if target.dialect.name == "postgresql":
            rows = [tuple(map(_storable, row)) for row in rows]  # noqa: PLW2901
        tally.add(rows)
        names = table.columns.keys()
        values: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
        for column in own:
            later += [
                {"row": one["id"], column.name: one[column.name]}
                for one in values
                if one[column.name] is not None
            ]
            values = [one | {column.name: None} for one in values]
        try:
            target.execute(statement, values)
        except DataError as error:
            why = str(error.orig).splitlines()[0]
            raise BackupError(f"a row of {table.name} does not fit: {why}") from None
    for column in own:
        _refer(table, column, [one for one in later if column.name in one], target)
    return tally.digest


def _references_to_itself(table: Table) -> list[Column[Any]]:
    return [key.parent for key in table.foreign_keys if key.column.table is table]


def _refer(table: Table, column: Column[Any], rows: list[dict[str, Any]], to: Connection) -> None:
    """Fill in references to rows of the same table, once these are there."""
    if rows:
        values: dict[str, Any] = {column.name: bindparam(column.name)}
        to.execute(update(table).where(table.c.id == bindparam("row")).values(values), rows)


def _rows(table: Table, connection: Connection) -> Iterator[Sequence[Row]]:
    columns = [cast(one, Text) if _is_json(one) else one for one in table.columns]
    query = select(*columns).execution_options(yield_per=ROWS)
    if table.name in SEALED:  # its rows refer to earlier ones, and cannot be changed afterwards
        query = query.order_by(table.c.id)
    with connection.execute(query) as found:
        yield from found.partitions()


@cache
def _insert(table: Table, dialect: str) -> Insert:
    def value(column: Column[Any]) -> Any:
        if not _is_json(column):
            return bindparam(column.name)
        given = bindparam(column.name, type_=Text())
        return cast(given, JSON) if dialect == "postgresql" else given

    return insert(table).values({column.name: value(column) for column in table.columns})


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _storable(value: object) -> object:
    """`value` without the one character that PostgreSQL cannot store."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _advance_sequence(table: Table, connection: Connection) -> None:
    """Let the numbers that the database gives go on after those copied."""
    (key, *others) = table.primary_key.columns
    if others or key.type.python_type is not int:
        return
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    highest = func.max(key)
    connection.execute(
        select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None)))
    )
