"""Models and migrations agree, and the schema guards what it has to (SPEC 2, 11)."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from models.enums import Action, Channel, Role
from services import schema
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from tests.builders import NOW
from tests.databases import Databases
from tests.open_database import OpenDatabase

POSTGRESQL_SCHEMA = """
SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT concat_ws(' ', 'column', table_name, column_name, data_type,
    character_maximum_length, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
"""
SQLITE_SCHEMA = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"


async def made_by_models(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await engine.dispose()


async def described(url: str) -> set[str]:
    """Every column, key, check and index there is, a line each, but for Alembic's own table."""
    engine = create_async_engine(url)
    is_sqlite = engine.dialect.name == "sqlite"
    async with engine.connect() as connection:
        rows = await connection.scalars(text(SQLITE_SCHEMA if is_sqlite else POSTGRESQL_SCHEMA))
        found = list(rows.all())
    await engine.dispose()
    kept = [entry for entry in found if "alembic_version" not in entry]
    return {line for entry in kept for line in _lines(entry)} if is_sqlite else set(kept)


def _lines(statement: str) -> set[str]:
    statement = statement.replace('"', "")  # SQLite quotes the name of a table that was renamed
    table = statement.split("(", maxsplit=1)[0].strip().lower()
    lines = {line.strip().rstrip(",") for line in statement.splitlines()}
    return {f"{table}: {line}" for line in lines if line not in {"", ")"}}


async def test_models_and_migrations_make_the_same_schema(databases: Databases) -> None:
    with databases.fresh(empty=True) as by_models, databases.fresh(empty=True) as by_migrations:
        await made_by_models(by_models)
        await schema.upgrade(by_migrations)

        assert await described(by_migrations) == await described(by_models)


async def test_alembic_finds_nothing_to_add_to_the_migrations(empty_database_url: str) -> None:
    await schema.upgrade(empty_database_url)
    engine = create_async_engine(empty_database_url)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_a_database_is_current_once_it_is_migrated(empty_database_url: str) -> None:
    assert not await schema.is_current(empty_database_url)

    await schema.upgrade(empty_database_url)

    assert await schema.is_current(empty_database_url)


def test_the_newest_revision_is_what_alembic_takes_for_it() -> None:
    heads = ScriptDirectory(str(schema.MIGRATIONS)).get_heads()

    assert schema.newest_revisions() == set(heads)


async def test_a_database_that_lacks_a_revision_is_not_current(database_url: str) -> None:
    assert await schema.is_current(database_url)

    await _execute(database_url, "UPDATE alembic_version SET version_num = '0001'")

    assert not await schema.is_current(database_url)


async def test_asking_whether_a_database_is_current_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite"

    assert not await schema.is_current(f"sqlite+aiosqlite:///{path}")
    assert not path.exists()


async def test_migrating_makes_the_folder_of_the_database(tmp_path: Path) -> None:
    path = tmp_path / "var" / "tutorline.sqlite"

    await schema.upgrade(f"sqlite+aiosqlite:///{path}")

    assert path.exists()


async def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    await asyncio.gather(*(schema.upgrade(empty_database_url) for _ in range(2)))

    assert await schema.is_current(empty_database_url)


async def test_migrating_keeps_what_is_there(database_url: str) -> None:
    await _write_audit_event(database_url)

    await schema.upgrade(database_url)

    assert await _execute(database_url, "SELECT action FROM audit_event") == ["link"]


async def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    await _execute(database_url, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(schema.SchemaError, match="newer version"):
        await schema.upgrade(database_url)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET reason = 'other'", "DELETE FROM audit_event"]
)
async def test_the_database_refuses_to_change_the_audit_trail(
    database_url: str, statement: str
) -> None:
    await _write_audit_event(database_url)

    with pytest.raises(DBAPIError, match="append-only"):
        await _execute(database_url, statement)
    assert await _execute(database_url, "SELECT action FROM audit_event") == ["link"]


async def test_a_row_that_points_nowhere_stops_a_migration(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'broken.sqlite'}"
    await schema.upgrade(url)
    await _execute(url, "INSERT INTO guardianship (person_id, student_id) VALUES (1, 1)")

    with pytest.raises(schema.SchemaError, match="a row of guardianship points at a row of"):
        await schema.upgrade(url)


async def _write_audit_event(url: str) -> None:
    database = OpenDatabase(url)
    with database.unit_of_work() as session:
        record(session, Action.LINK, Role.PARENT, Actor(None, Channel.SYSTEM, NOW))
    await database.close()


async def _execute(url: str, statement: str) -> list[object]:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            result = await connection.execute(text(statement))
            return list(result.scalars()) if result.returns_rows else []
    finally:
        await engine.dispose()
