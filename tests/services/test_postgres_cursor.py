"""Cursor for prepared statements on PostgreSQL: what psycopg's would give, and what it keeps."""

import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, cast

import psycopg
import pytest
from psycopg.errors import DivisionByZero, UniqueViolation
from sqlalchemy import Connection, literal_column, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.database_errors import is_away
from services.db import Session
from services.postgres_cursor import MOST_PREPARED, PostgresCursor
from services.postgres_database import postgres_engine
from services.postgres_dialect import UnitsDialect
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
    return UnitsDialect.kept_cursor(_driver(connection))


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


def _pupils(connection: Connection, *numbers: int) -> None:
    """A table with a number of pupils, committed."""
    connection.execute(text("CREATE TABLE pupil (id int PRIMARY KEY)"))
    for number in numbers:
        connection.execute(text("INSERT INTO pupil VALUES (:id)"), {"id": number})
    connection.commit()


def _counted(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM pupil")).scalar_one())


ENROL = "INSERT INTO pupil VALUES ($1::int)"


def test_what_may_wait_goes_in_its_order_with_the_next_statement(
    connection: Connection, cursor: PostgresCursor
) -> None:
    _pupils(connection)
    told: list[object] = []
    cursor.execute_later(ENROL, (1,), lambda: told.append(cursor.rowcount))
    cursor.execute_later(ENROL, (2,))
    cursor.execute_later("SELECT id + 10 FROM pupil", (), lambda: told.extend(cursor.fetchall()))
    assert told == []
    cursor.execute("SELECT sum(id) FROM pupil", ())
    assert cursor.fetchall() == [(3,)]
    assert told == [1, (11,), (12,)]


def test_what_waits_is_there_for_other_statements_and_once_committed_for_others(
    connection: Connection, cursor: PostgresCursor
) -> None:
    _pupils(connection)
    with connection.begin():
        cursor.execute_later(ENROL, (1,))
        assert _counted(connection) == 1
        cursor.execute_later(ENROL, (2,))
        cursor.execute_later(ENROL, (3,))
    with connection.engine.connect() as other:
        assert _counted(other) == 3


def test_its_error_is_raised_by_the_next_statement_and_what_follows_is_not_done(
    connection: Connection, cursor: PostgresCursor
) -> None:
    _pupils(connection, 1)
    transaction = connection.begin()
    cursor.execute_later(ENROL, (1,))
    cursor.execute_later(ENROL, (2,))
    with pytest.raises(UniqueViolation):
        cursor.execute("SELECT 1 + $1::int", (1,))
    transaction.rollback()
    assert _counted(connection) == 1
    cursor.execute("SELECT 1 + $1::int", (1,))  # prepared anew
    assert cursor.fetchall() == [(2,)]


def test_its_error_prevents_the_commit(connection: Connection, cursor: PostgresCursor) -> None:
    _pupils(connection, 1)
    transaction = connection.begin()
    cursor.execute_later(ENROL, (2,))
    cursor.execute_later(ENROL, (1,))
    with pytest.raises(IntegrityError):
        transaction.commit()
    transaction.rollback()
    with connection.begin():
        cursor.execute(ENROL, (3,))
    assert _counted(connection) == 2, "nothing of the first transaction"


def test_a_rollback_undoes_what_waits(connection: Connection, cursor: PostgresCursor) -> None:
    _pupils(connection, 1)
    transaction = connection.begin()
    cursor.execute_later(ENROL, (2,))
    cursor.execute_later(ENROL, (1,))
    transaction.rollback()
    assert _counted(connection) == 1


def test_who_is_told_of_an_answer_can_prevent_the_commit_even_where_nobody_listens(
    connection: Connection, cursor: PostgresCursor
) -> None:
    _pupils(connection)

    def object_to_it() -> None:
        raise PermissionError

    for statement in ((), ("SELECT 1",)):
        transaction = connection.begin()
        cursor.execute_later(ENROL, (1,), object_to_it)
        for other in statement:
            with pytest.raises(PermissionError):
                cursor.execute(other, ())
        with pytest.raises(PermissionError):
            transaction.commit()
        transaction.rollback()
        with connection.begin():
            assert _counted(connection) == 0


def test_much_can_wait(connection: Connection, cursor: PostgresCursor) -> None:
    connection.execute(text("CREATE TABLE page (words text)"))
    for _ in range(200):
        cursor.execute_later(
            "INSERT INTO page VALUES ($1::text) RETURNING words", ("word " * 9_999,)
        )
    cursor.execute("SELECT count(*) FROM page", ())
    assert cursor.fetchall() == [(200,)]


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
