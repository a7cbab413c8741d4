"""An import onto a file system that is full: one line, and nothing half done (SPEC 7).

Collected only where a file system can be mounted; `test_full_disk` needs none.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from services.settings import ROOT
from tests.postgres_server import running_postgres
from tests.services.imports.test_full_disk import (
    MEGABYTE,
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


def test_a_full_disk_is_one_line_and_saves_nothing(tmp_path: Path) -> None:
    tables = many(tmp_path / "tables")
    with disk_of(tmp_path / "disk", 3) as disk:
        migrate(disk)
        rest = disk / "rest"
        rest.write_bytes(bytes(MEGABYTE // 2))

        done = import_into(disk, tables)

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "The disk is full, or cannot be written: nothing was saved.\n"
        rest.unlink()
        assert imported(disk) == [0, 0, 0, 0]


def test_a_disk_that_is_full_before_there_is_a_database(tmp_path: Path) -> None:
    tables = many(tmp_path / "tables")
    with disk_of(tmp_path / "disk", 1) as disk:
        (disk / "rest").write_bytes(bytes(MEGABYTE - 50_000))

        done = import_into(disk, tables)

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "The disk is full, or cannot be written: nothing was saved.\n"


def test_a_full_disk_of_a_postgresql_server(tmp_path: Path) -> None:
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
        address = {"DATABASE_URL": server.url("agency")}
        verb = [sys.executable, str(ROOT / "bot.py")]
        where = {"PATH": os.environ["PATH"], **address}
        subprocess.run([*verb, "migrate"], env=where, capture_output=True, check=True)
        free = os.statvfs(disk)
        (disk / "rest").write_bytes(bytes(max(0, free.f_bavail * free.f_bsize - MEGABYTE)))

        done = subprocess.run(
            [*verb, "import", tables], env=where, capture_output=True, text=True, check=False
        )

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "The disk is full, or cannot be written: nothing was saved.\n"
        (disk / "rest").unlink()
        with psycopg.connect(plain.replace("/postgres", "/agency")) as connection:
            assert connection.execute("SELECT count(*) FROM person").fetchone() == (0,)
            assert connection.execute("SELECT count(*) FROM appointment").fetchone() == (0,)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("DROP DATABASE agency WITH (FORCE)")
            connection.execute("DROP TABLESPACE small")
