"""Cursor for prepared statements on PostgreSQL: what psycopg's would give, and what it keeps."""

import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, cast

import psycopg
import pytest
from psycopg.errors import DivisionByZero
from sqlalchemy import Connection, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from services.database_errors import is_away
from services.db import Session
from services.postgres_cursor import MOST_PREPARED, PostgresCursor
from services.postgres_database import KEPT_CURSOR, postgres_engine
from services.prepared import Prepared
from tests.databases import PostgresDatabases

NOW = datetime(2026, 11, 30, 15, 4, 5, 678, tzinfo=UTC)
ONE = Prepared(select(literal_column("1")))


@pytest.fixture
def connection(postgresql: PostgresDatabases) -> Iterator[Connection]:
    with postgresql.fresh(empty=True) as url:
        engine = postgres_engine(url, {})
        with engine.connect() as connection:
            yield connection
        engine.dispose()


@pytest.fixture
def cursor(connection: Connection) -> PostgresCursor:
    cursor: PostgresCursor = connection.info[KEPT_CURSOR]
    return cursor


def test_values_come_back_as_they_were_given(cursor: PostgresCursor) -> None:
    given = (7, 40_000, 3_000_000_000, "Zoë 雨", None, True, NOW, date(2026, 11, 30), b"\0\xff")
    types = ("int8", "int8", "int8", "text", "text", "bool", "timestamptz", "date", "bytea")
    columns = ", ".join(f"${place}::{name}" for place, name in enumerate(types, start=1))
    for values in (given, (*given[2::-1], *given[3:])):  # the small number in the great one's place
        cursor.execute(f"SELECT {columns}", values)
        assert cursor.fetchall() == [values]


def test_it_tells_how_many_rows_were_met_and_what_columns_there_are(
    cursor: PostgresCursor,
) -> None:
    cursor.execute("CREATE TEMPORARY TABLE pupil (id int, name text)", ())
    cursor.execute("INSERT INTO pupil SELECT generate_series(1, $1::int)", (3,))
    assert cursor.rowcount == 3
    assert cursor.fetchall() == []
    cursor.execute("SELECT id, name AS called FROM pupil WHERE id > $1", (2,))
    assert cursor.fetchall() == [(3, None)]
    assert [name for name, _type in cursor.description] == ["id", "called"]


def test_what_is_prepared_outlives_a_rollback(
    connection: Connection, cursor: PostgresCursor
) -> None:
    for _ in range(10):  # after some times, psycopg would prepare this itself
        connection.execute(text("SELECT 1"))
    cursor.execute("SELECT 1 / $1::int", (1,))
    with pytest.raises(DivisionByZero):
        cursor.execute("SELECT 1 / $1::int", (0,))
    connection.rollback()
    assert _prepared(connection) == 1
    cursor.execute("SELECT 1 / $1::int", (1,))
    assert cursor.fetchall() == [(1,)]


def test_of_many_statements_the_latest_are_kept(
    connection: Connection, cursor: PostgresCursor
) -> None:
    for number in (*range(MOST_PREPARED), 0, *range(MOST_PREPARED, MOST_PREPARED + 20), 1):
        cursor.execute(f"SELECT {number} + $1::int", (1,))
        assert cursor.fetchall() == [(number + 1,)]
    assert _prepared(connection) == MOST_PREPARED
    assert _prepared(connection, "SELECT 0 +%") == 1
    assert _prepared(connection, "SELECT 2 +%") == 0


def test_a_change_is_undone_with_its_transaction(
    connection: Connection, cursor: PostgresCursor
) -> None:
    cursor.execute("CREATE TABLE pupil (id int)", ())
    _driver(connection).commit()
    cursor.execute("INSERT INTO pupil VALUES ($1)", (1,))
    _driver(connection).rollback()
    cursor.execute("SELECT count(*) FROM pupil", ())
    assert cursor.fetchall() == [(0,)]


def _end(connection: Connection) -> None:
    """Let the server end it, which tells why."""
    with connection.engine.connect() as other:
        process = _driver(connection).info.backend_pid
        other.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})


def _cut(connection: Connection) -> None:
    """Cut it without a word."""
    with socket.socket(fileno=os.dup(_driver(connection).fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("lose", [_end, _cut])
@pytest.mark.parametrize("is_begun", [False, True])
def test_a_connection_that_is_lost_is_given_up_and_the_database_is_away(
    connection: Connection, lose: Callable[[Connection], None], *, is_begun: bool
) -> None:
    with Session(connection) as session:
        if is_begun:
            assert ONE.one(session) == 1
        lose(connection)
        with pytest.raises(DBAPIError) as raised:
            ONE.one(session)
    assert raised.value.connection_invalidated
    assert is_away(raised.value)
    assert connection.invalidated


def _prepared(connection: Connection, like: str = "%") -> int:
    """How many statements the server keeps for the connection."""
    counted = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :like")
    return int(connection.execute(counted, {"like": like}).scalar_one())


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
