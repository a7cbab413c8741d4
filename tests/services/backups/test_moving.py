"""Moving from SQLite to PostgreSQL (SPEC 11)."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from services.backups import table_copy
from services.backups.errors import BackupError
from services.backups.restoring import move
from services.db import Session
from tests import builders
from tests.databases import Databases
from tests.open_database import OpenDatabase
from tests.services.backups.agencies import agency


async def write(url: str, use_case: Callable[[Session], object]) -> None:
    """Run one unit of work, with connections that are closed again."""
    database = OpenDatabase(url)
    await database.write(use_case)
    await database.close()


async def test_every_row_arrives_as_it_was(sqlite: Databases, postgresql: Databases) -> None:
    """SPEC 11: PostgreSQL is for agencies that outgrow one machine."""
    with sqlite.fresh() as source, postgresql.fresh(empty=True) as target:
        await write(source, agency)

        rows = await move(source, target)

        with table_copy.reading(source) as before, table_copy.reading(target) as after:
            assert table_copy.digests(after) == table_copy.digests(before)
        assert rows > 10
        await write(target, agency)  # the numbers go on after those that were moved


async def test_a_character_that_postgresql_cannot_store_is_left_out(
    sqlite: Databases, postgresql: Databases
) -> None:
    with sqlite.fresh() as source, postgresql.fresh() as target:
        await write(source, lambda session: builders.person(session, name="Tan\0 Wei Ming"))

        assert await move(source, target) == 1


async def test_a_database_that_is_in_use_is_left_alone(
    sqlite: Databases, postgresql: Databases
) -> None:
    with sqlite.fresh() as source, postgresql.fresh() as target:
        await write(target, builders.person)

        with pytest.raises(BackupError, match="in use: its table person"):
            await move(source, target)


async def test_a_row_that_does_not_fit_moves_nothing(
    sqlite: Databases, postgresql: Databases
) -> None:
    """SQLite stores a number that PostgreSQL's column is too small for."""
    with sqlite.fresh() as source, postgresql.fresh() as target:
        await write(source, agency)
        with closing(sqlite3.connect(source.removeprefix("sqlite+aiosqlite:///"))) as connection:
            connection.execute("UPDATE outbox_message SET message_id = 5000000000")
            connection.commit()

        with pytest.raises(BackupError, match="outbox_message"):
            await move(source, target)

        with table_copy.reading(target) as after:
            assert table_copy.first_used(after) is None


@pytest.mark.parametrize("target", ["sqlite+aiosqlite:///other.sqlite"])
async def test_a_move_goes_to_postgresql_only(target: str, sqlite: Databases) -> None:
    with sqlite.fresh() as source, pytest.raises(BackupError, match="a move goes from"):
        await move(source, target)
