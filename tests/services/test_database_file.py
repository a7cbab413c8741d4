"""A database file that is removed or replaced while it is open loses nothing quietly (SPEC 11)."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from services import schema
from services.database_file import DatabaseLostError
from services.db import Database, Session
from services.schema import MissingDatabaseError
from tests import builders
from tests.databases import SqliteDatabases, sqlite_url


@pytest.fixture
def path(sqlite: SqliteDatabases, tmp_path: Path) -> Path:
    """A database with the whole schema."""
    return Path(shutil.copyfile(sqlite.template, tmp_path / "agency.sqlite"))


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = Database(sqlite_url(path))
    await database.write(named, "Before")
    yield database
    await database.close()


def named(session: Session, name: str) -> None:
    builders.tutor(session, name=name)


def names_in(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        found = [name for (name,) in connection.execute("SELECT name FROM person ORDER BY id")]
    connection.close()
    return found


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    """Put an older copy into its place, as somebody who restores a backup by hand."""
    older = path.with_name("backup.sqlite")
    shutil.copyfile(path, older)
    with sqlite3.connect(older) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("INSERT INTO person (name, language, is_tutor, is_parent, "
                           "is_coordinator) VALUES ('Restored', 'en', 1, 0, 0)")  # fmt: skip
    connection.close()
    older.replace(path)


async def test_a_file_that_is_as_it_was_is_written_to(database: Database, path: Path) -> None:
    await asyncio.gather(*(database.write(named, f"Person {number}") for number in range(5)))

    assert len(names_in(path)) == 6
    assert not database.ending.is_near


@pytest.mark.parametrize("lose", [remove, replace])
async def test_a_write_to_a_lost_file_raises_and_is_a_reason_to_end(
    database: Database, path: Path, lose: Callable[[Path], None]
) -> None:
    lose(path)

    answers = await asyncio.gather(
        *(database.write(named, f"Person {number}") for number in range(5)), return_exceptions=True
    )

    assert {type(answer) for answer in answers} == {DatabaseLostError}
    with pytest.raises(DatabaseLostError, match=r"agency\.sqlite was removed") as told:
        await database.ending.wait()
    assert "\n" not in str(told.value)


async def test_a_file_that_is_lost_while_a_unit_runs_keeps_nothing_that_is_acknowledged(
    database: Database, path: Path
) -> None:
    def lose(session: Session) -> None:
        named(session, "Last")
        remove(path)

    with pytest.raises(DatabaseLostError):
        await database.write(lose)


async def test_what_was_written_last_does_not_get_into_the_file_that_replaces_it(
    database: Database, path: Path
) -> None:
    replace(path)
    with pytest.raises(DatabaseLostError) as told:
        await database.write(named, "After")
    await database.close()

    assert names_in(path) == ["Restored"]
    kept = path.with_name("agency.sqlite-wal.lost")
    assert kept.exists()
    assert f"kept in {kept}." in str(told.value)


async def test_a_reader_that_is_opened_later_reads_no_other_file(
    database: Database, path: Path
) -> None:
    replace(path)

    with pytest.raises(DatabaseLostError):
        await database.read(lambda _: None)


async def test_to_open_a_database_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite"
    database = Database(sqlite_url(path))

    with pytest.raises(DatabaseLostError):
        await database.write(named, "Somebody")

    await database.close()
    assert not path.exists()


async def test_a_start_refuses_a_database_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "agency.sqlite"
    await schema.upgrade(sqlite_url(path))
    path.unlink()

    with pytest.raises(MissingDatabaseError, match=r"agency\.sqlite is missing, though"):
        await schema.upgrade(sqlite_url(path))
    assert not path.exists()

    path.touch()  # as some programs do that only look
    with pytest.raises(MissingDatabaseError):
        await schema.upgrade(sqlite_url(path))


async def test_to_migrate_makes_it_anew(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "agency.sqlite")
    await schema.upgrade(url)
    (tmp_path / "agency.sqlite").unlink()

    await schema.upgrade(url, anew=True)

    assert await schema.is_current(url)
    await schema.upgrade(url)


async def test_a_database_from_before_there_were_markers_gets_one(path: Path) -> None:
    await schema.upgrade(sqlite_url(path))
    remove(path)

    with pytest.raises(MissingDatabaseError):
        await schema.upgrade(sqlite_url(path))
