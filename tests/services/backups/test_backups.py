"""Backups of both kinds of database, restored into both (SPEC 11)."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine
from sqlmodel import col, func, select

from models import AuditEvent, Person
from services import schema, schema_migration
from services.backups import table_copy
from services.backups.errors import BackupError
from services.backups.making import UNFINISHED, back_up, prove, sqlite_url
from services.backups.manifest import DATABASE, MANIFEST, Manifest, path_of
from services.backups.restoring import restore
from services.backups.table_copy import TableDigest
from services.db import Session
from tests import builders
from tests.builders import NOW
from tests.databases import KINDS, Databases, Kind
from tests.fakes import MemoryMedia
from tests.open_database import OpenDatabase
from tests.services.backups.agencies import FORMER, LOST, PHOTO, agency

CONTENTS = {PHOTO: b"photo", FORMER: b"former photo"}


def held(url: str) -> Mapping[str, TableDigest]:
    with table_copy.reading(url) as connection:
        return table_copy.digests(connection)


@pytest.fixture
def filled(database: OpenDatabase) -> OpenDatabase:
    with database.unit_of_work() as session:
        agency(session)
    return database


async def test_a_backup_has_the_database_the_files_and_a_manifest_of_hashes(
    filled: OpenDatabase, tmp_path: Path
) -> None:
    """SPEC 11: `backup`."""
    folder = tmp_path / "monday"

    made = await back_up(filled.url, MemoryMedia(CONTENTS), folder, NOW)

    assert Manifest.read(folder) == made
    assert {key: path_of(folder, key).read_bytes() for key in made.files} == CONTENTS
    assert made.missing == (LOST,)
    assert made.tables["note_part"] == 3
    assert {path.name for path in folder.iterdir()} == {MANIFEST, DATABASE, "files"}
    assert held(sqlite_url(folder / DATABASE)) == held(filled.url)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_backup_can_be_restored_into_either_kind_of_database(
    kind: Kind, filled: OpenDatabase, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """SPEC 11: `restore`."""
    databases: Databases = request.getfixturevalue(kind)
    folder, media = tmp_path / "monday", MemoryMedia()
    await back_up(filled.url, MemoryMedia(CONTENTS), folder, NOW)
    with databases.fresh(alone=True) as url:
        other = OpenDatabase(url)
        with other.unit_of_work() as session:
            builders.person(session, name="Of another agency", id=4711)
            agency(session)
        await other.close()

        restored = await restore(url, media, folder, NOW)

        assert held(url) == held(filled.url)
        assert media.contents == CONTENTS
        assert restored.files_stored == 2
        assert (restored.kept_as is not None) == (kind == "sqlite")
        again = OpenDatabase(url)
        with again.unit_of_work() as session:
            new = builders.person(session)
            assert new.id == session.exec(select(func.max(Person.id))).one()
        await again.close()


async def test_nothing_and_null_stay_what_they_are(filled: OpenDatabase, tmp_path: Path) -> None:
    """A details column without a value is no JSON null, and the other way round."""
    await back_up(filled.url, MemoryMedia(CONTENTS), tmp_path / "monday", NOW)

    counted = "SELECT count(*) FILTER (WHERE details IS NULL), count(*) FROM audit_event"
    with closing(sqlite3.connect(tmp_path / "monday" / DATABASE)) as copied:
        found = copied.execute(counted).fetchone()
    with filled.reading() as session:
        nothing = session.exec(
            select(func.count()).select_from(AuditEvent).where(col(AuditEvent.details).is_(None))
        ).one()
        assert found == (nothing, session.exec(select(func.count(col(AuditEvent.id)))).one())


async def test_a_backup_under_load_is_of_one_instant_and_has_what_was_there_before(
    filled: OpenDatabase, tmp_path: Path
) -> None:
    """Every unit writes two rows: a backup never has one without the other."""
    written: list[int] = []
    is_over = asyncio.Event()

    def pair(session: Session, number: int) -> None:
        builders.person(session, name=f"left {number}")
        builders.person(session, name=f"right {number}")

    async def write(first: int) -> None:
        for number in range(first, 1_000_000, 4):
            if is_over.is_set():
                return
            await filled.write(pair, number)
            written.append(number)

    writers = [asyncio.create_task(write(first)) for first in range(4)]
    for name in ("one", "two"):
        while len(written) % 50:
            await asyncio.sleep(0)
        before = list(written)
        await back_up(filled.url, MemoryMedia(CONTENTS), tmp_path / name, NOW)
        assert len(written) > len(before)  # nobody waited for the backup
        with closing(sqlite3.connect(tmp_path / name / DATABASE)) as copied:
            names = [row[0] for row in copied.execute("SELECT name FROM person")]
        left = {one.split()[1] for one in names if one.startswith("left ")}
        assert left == {one.split()[1] for one in names if one.startswith("right ")}
        assert left >= set(map(str, before))
    is_over.set()
    await asyncio.gather(*writers)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_old_write_ahead_logs_are_not_applied_to_what_was_restored(
    kind: Kind, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """SPEC 11: what a killed program left in its log belongs to the former database."""
    databases: Databases = request.getfixturevalue(kind)
    with databases.fresh() as source, databases.fresh() as url:
        path = Path(url.removeprefix("sqlite+aiosqlite:///"))
        await back_up(source, MemoryMedia(), tmp_path / "monday", NOW)
        log = _log_of_a_killed_writer(path)
        path.with_name(path.name + "-wal").write_bytes(log)

        restored = await restore(url, MemoryMedia(), tmp_path / "monday", NOW)

        assert held(url) == held(source)
        assert not path.with_name(path.name + "-wal").exists()
        assert restored.kept_as is not None
        with closing(sqlite3.connect(restored.kept_as)) as kept:
            assert kept.execute("SELECT count(*) FROM person").fetchone() == (1,)


def _log_of_a_killed_writer(path: Path) -> bytes:
    """The log of a committed row that was never copied into the database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        main = path.read_bytes()
        connection.execute(
            "INSERT INTO person (name, is_tutor, is_parent, is_coordinator) VALUES ('x', 0, 0, 0)"
        )
        connection.commit()
        log = path.with_name(path.name + "-wal").read_bytes()
    path.write_bytes(main)
    return log


async def test_a_restore_is_refused_beside_a_running_program(
    database: OpenDatabase, tmp_path: Path
) -> None:
    """SPEC 11: all verbs but `restore` work beside a running program."""
    await back_up(database.url, MemoryMedia(), tmp_path / "monday", NOW)
    await database.write(agency)
    before = held(database.url)

    with pytest.raises(BackupError, match=r"another program has it open|of other programs"):
        await restore(database.url, MemoryMedia(), tmp_path / "monday", NOW)

    assert held(database.url) == before


@pytest.mark.parametrize("what", [DATABASE, f"files/{PHOTO}", MANIFEST])
async def test_a_backup_that_is_not_whole_is_refused_before_anything_changes(
    what: str, filled: OpenDatabase, tmp_path: Path
) -> None:
    folder, media = tmp_path / "monday", MemoryMedia()
    await back_up(filled.url, MemoryMedia(CONTENTS), folder, NOW)
    await filled.close()
    content = bytearray((folder / what).read_bytes())
    content[len(content) // 2] ^= 1
    if what == MANIFEST:
        content = bytearray(b"{")
    (folder / what).write_bytes(content)
    before = held(filled.url)

    with pytest.raises(BackupError):
        await restore(filled.url, media, folder, NOW)

    assert (held(filled.url), media.contents) == (before, {})


async def test_what_cannot_be_restored_is_not_called_done(
    sqlite: Databases, tmp_path: Path
) -> None:
    """A damaged database is found by restoring it, and the backup keeps its unfinished name."""
    with sqlite.fresh() as url:
        path = Path(url.removeprefix("sqlite+aiosqlite:///"))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("INSERT INTO guardianship VALUES (1, 2)")
            connection.commit()

        with pytest.raises(BackupError, match="points at a row that is not there"):
            await back_up(url, MemoryMedia(), tmp_path / "monday", NOW)

    assert (tmp_path / f"monday{UNFINISHED}").exists()
    assert not (tmp_path / "monday").exists()


async def test_a_store_out_of_reach_is_one_line(filled: OpenDatabase, tmp_path: Path) -> None:
    media = MemoryMedia(CONTENTS)
    media.is_down = True

    with pytest.raises(BackupError, match="the media store: down"):
        await back_up(filled.url, media, tmp_path / "monday", NOW)


async def test_a_folder_that_is_there_is_left_alone(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="is there already"):
        await back_up(database_url, MemoryMedia(), tmp_path, NOW)


async def test_a_backup_of_an_older_version_is_brought_to_this_ones_schema(
    sqlite: Databases, tmp_path: Path
) -> None:
    with sqlite.fresh(empty=True) as url, sqlite.fresh() as target:
        path = Path(url.removeprefix("sqlite+aiosqlite:///"))
        _migrate_to("0009", path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(
                "INSERT INTO person (name, is_tutor, is_parent, is_coordinator)"
                " VALUES ('Tan Wei Ming', 1, 0, 0)"
            )
            connection.commit()

        await back_up(url, MemoryMedia(), tmp_path / "before", NOW)
        await restore(target, MemoryMedia(), tmp_path / "before", NOW)

        assert await schema.is_current(target)
        assert held(target)["person"].rows == 1


async def test_a_backup_of_a_newer_version_is_refused(sqlite: Databases, tmp_path: Path) -> None:
    with sqlite.fresh() as url:
        with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()

        with pytest.raises(BackupError, match="newer version"):
            await back_up(url, MemoryMedia(), tmp_path / "newer", NOW)


def _migrate_to(revision: str, path: Path) -> None:
    """Make a database as an older version of the program did."""
    engine = create_engine(f"sqlite:///{path}")
    config = schema_migration._config(schema.MIGRATIONS)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


async def test_a_proof_reads_the_manifest_too(database_url: str, tmp_path: Path) -> None:
    """A manifest that promises rows which are not there is no backup."""
    folder = tmp_path / "monday"
    await back_up(database_url, MemoryMedia(), folder, NOW)
    document = json.loads((folder / MANIFEST).read_text())
    document["tables"]["person"] += 1
    (folder / MANIFEST).write_text(json.dumps(document))

    with pytest.raises(BackupError, match="not the rows"):
        await prove(folder)
