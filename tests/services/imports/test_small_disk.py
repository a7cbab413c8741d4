"""An import onto a file system that is full: one line, and nothing half done (SPEC 7).

Collected only where a file system can be mounted; `test_full_disk` needs none.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgres_server import running_postgres
from tests.services.imports.test_full_disk import (
    FULL,
    MEGABYTE,
    bot,
    import_into,
    imported,
    many,
    migrate,
)


@contextmanager
def disk_of(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of this size, as `conftest` found that it can be made here."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}M", "none", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


async def test_a_full_disk_is_one_line_and_saves_nothing(tmp_path: Path) -> None:
    tables = many(tmp_path / "tables")
    with disk_of(tmp_path / "disk", 3) as disk:
        await migrate(disk)
        rest = disk / "rest"
        rest.write_bytes(bytes(MEGABYTE // 2))

        assert await import_into(disk, tables) == FULL

        rest.unlink()
        assert imported(disk) == [0, 0, 0, 0]


async def test_a_disk_that_is_full_before_there_is_a_database(tmp_path: Path) -> None:
    tables = many(tmp_path / "tables")
    with disk_of(tmp_path / "disk", 1) as disk:
        (disk / "rest").write_bytes(bytes(MEGABYTE - 50_000))

        assert await import_into(disk, tables) == FULL


async def test_a_full_disk_of_a_postgresql_server(tmp_path: Path) -> None:
    tables = many(tmp_path / "tables")
    with running_postgres() as server, disk_of(server.folder / "small", 14) as disk:
        space = disk / "space"
        space.mkdir()
        owner = server.folder.stat()
        for folder in (disk, space):
            os.chown(folder, owner.st_uid, owner.st_gid)
        plain = server.url("postgres").replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{space}'".encode())
            connection.execute("CREATE DATABASE agency TABLESPACE small")
        env = {"PATH": os.environ["PATH"], "DATABASE_URL": server.url("agency")}
        assert (await bot("migrate", env=env))[0] == 0
        free = os.statvfs(disk)
        (disk / "rest").write_bytes(bytes(max(0, free.f_bavail * free.f_bsize - MEGABYTE)))

        assert await bot("import", str(tables), env=env) == FULL

        (disk / "rest").unlink()
        with psycopg.connect(plain.replace("/postgres", "/agency")) as connection:
            assert connection.execute("SELECT count(*) FROM person").fetchone() == (0,)
            assert connection.execute("SELECT count(*) FROM appointment").fetchone() == (0,)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("DROP DATABASE agency WITH (FORCE)")
            connection.execute("DROP TABLESPACE small")
