"""Which errors pass by themselves, and which come again with the same statement (DESIGN 2.5)."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from services.database_errors import is_away
from tests.open_database import OpenDatabase

REFUSED = (
    "SELECT nothing FROM nowhere",
    "INSERT INTO guardianship (person_id, student_id) VALUES (1, 1)",
    "INSERT INTO person (name) VALUES (NULL)",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_what_a_statement_does_wrong_it_does_wrong_again(
    database: OpenDatabase, statement: str
) -> None:
    with pytest.raises(Exception) as raised, database.unit_of_work() as session:  # noqa: PT011
        session.execute(text(statement))

    assert not is_away(raised.value)


@pytest.mark.parametrize("url", ["sqlite:///{}", "postgresql+psycopg://a@127.0.0.1:1/b"])
def test_a_database_that_cannot_be_opened_is_away(url: str, tmp_path: Path) -> None:
    with pytest.raises(OperationalError) as raised:
        create_engine(url.format(tmp_path)).connect()

    assert is_away(raised.value)


def test_a_locked_file_is_away(tmp_path: Path) -> None:
    path = tmp_path / "locked.sqlite"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    other = sqlite3.connect(path, isolation_level=None, timeout=0)

    with pytest.raises(sqlite3.OperationalError) as raised:
        other.execute("BEGIN IMMEDIATE")

    assert is_away(raised.value)
    for each in (holder, other):
        each.close()


@pytest.mark.parametrize("error", [ValueError("?"), OverflowError("?"), KeyError("?")])
def test_an_error_of_ours_is_none_of_the_databases(error: Exception) -> None:
    assert not is_away(error)
