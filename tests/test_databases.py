"""The test databases themselves: what every other test stands on."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.async_api import Page
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel, select

import models
from services.db import Session
from tests import builders
from tests.browser import SHARED
from tests.databases import Databases, PostgresDatabases
from tests.open_database import OpenDatabase
from tests.postgres_server import running_postgres

ROOT = Path(__file__).parent.parent

RUN = """
import time
import models
from tests.postgres_server import running_postgres

with running_postgres() as server:
    print(server.process_id, server.folder, flush=True)
    time.sleep(60)
"""


async def tables(url: str) -> set[str]:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda inner: inspect(inner).get_table_names())
    await engine.dispose()
    return set(names)


async def test_a_fresh_database_has_every_table(database_url: str) -> None:
    wanted = set(SQLModel.metadata.tables)
    assert models.Appointment.__tablename__ in wanted
    assert wanted <= await tables(database_url)


async def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    assert await tables(empty_database_url) == set()


@pytest.mark.parametrize("turn", [1, 2])
async def test_what_one_test_writes_the_next_does_not_find(database_url: str, turn: int) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE only_once (turn INTEGER)"))
    await engine.dispose()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_without_rows_and_with_the_first_number(
    database: OpenDatabase, turn: int
) -> None:
    del turn
    with database.unit_of_work() as session:
        assert session.exec(select(models.Person)).all() == []
        assert builders.tutor(session).id == 1


CHANGES = (
    "CREATE INDEX one_more ON person (name)",
    "ALTER TABLE person DROP COLUMN name",
    "ALTER TABLE person ADD CONSTRAINT has_name CHECK (name <> '')",
    "CREATE FUNCTION three() RETURNS int LANGUAGE sql RETURN 3",
    "UPDATE alembic_version SET version_num = '1'",
    "INSERT INTO lease (name, fence, renewed_at) VALUES ('a', 1, now()); ANALYZE lease",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_database_whose_form_was_changed_is_not_used_again(
    postgresql: PostgresDatabases, change: str
) -> None:
    with postgresql.fresh() as used:
        pass
    with postgresql.fresh() as url:
        assert url == used
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(change))
        engine.dispose()
    with postgresql.fresh() as url:
        assert url != used


def test_a_transaction_that_is_left_open_is_ended(postgresql: PostgresDatabases) -> None:
    with postgresql.fresh() as used:
        engine = create_engine(used)
        left = engine.connect()
        left.execute(text("LOCK TABLE person"))
    with postgresql.fresh() as url:
        assert url == used
        left.invalidate()
        left.rollback()
        with left.begin():
            assert left.execute(text("SELECT count(*) FROM person")).scalar() == 0
        left.close()
    engine.dispose()


async def test_what_is_compiled_for_one_database_is_there_for_the_next(
    databases: Databases,
) -> None:
    found: list[dict[int, int]] = []

    def note(connection: Connection) -> None:
        engine = connection.engine
        found[-1][id(engine.dialect)] = id(engine._compiled_cache)

    event.listen(Engine, "engine_connect", note)
    for _ in range(2):
        found.append({})
        with databases.fresh() as url:
            await _use(OpenDatabase(url))
    event.remove(Engine, "engine_connect", note)

    assert len(found[0]) >= 2, "those of the program and of the tests"
    assert found[0] == found[1]


async def _use(database: OpenDatabase) -> None:
    """Connect in every way that the program and the tests do."""

    def look(session: Session) -> None:
        session.execute(text("SELECT 1"))

    await database.read(look)
    await database.write(look)
    with database.reading() as session:
        look(session)
    with database.unit_of_work() as session:
        look(session)
    await database.close()


def test_a_killed_run_takes_its_server_along_and_the_next_one_clears_its_folder() -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        server, folder = run.stdout.readline().decode().split()
        assert is_alive(int(server))
        run.kill()
    deadline = time.monotonic() + 30
    while is_alive(int(server)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(int(server))
    with running_postgres():
        assert not Path(folder).exists()


def is_alive(process_id: int) -> bool:
    try:
        status = Path(f"/proc/{process_id}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return "Z (zombie)" not in status


@SHARED
@pytest.mark.browser
async def test_a_page_shows_what_it_is_given(page: Page) -> None:
    await page.set_content("<h1>Tutorline</h1>")
    assert await page.inner_text("h1") == "Tutorline"
