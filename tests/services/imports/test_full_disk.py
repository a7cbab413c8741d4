"""An import onto a disk that is full: one line, and nothing half done (SPEC 7)."""

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from services.settings import ROOT
from tests.services.imports import files

MEGABYTE = 1_000_000


def import_into(
    folder: Path, tables: Path, *, largest_file: int = resource.RLIM_INFINITY
) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY))

    return subprocess.run(
        [sys.executable, ROOT / "bot.py", "import", tables],
        cwd=tables,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited,
    )


def environment(folder: Path) -> Mapping[str, str]:
    database = f"sqlite+aiosqlite:///{folder / 'agency.sqlite'}"
    return {"PATH": os.environ["PATH"], "DATABASE_URL": database}


def migrate(folder: Path) -> None:
    command = [sys.executable, str(ROOT / "bot.py"), "migrate"]
    subprocess.run(command, env=environment(folder), capture_output=True, check=True)


def imported(folder: Path) -> list[int]:
    with sqlite3.connect(folder / "agency.sqlite") as database:
        [[sound]] = database.execute("PRAGMA integrity_check")
        assert sound == "ok"
        tables = ("person", "student", "appointment", "audit_event")
        counts = [
            database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables
        ]
    database.close()
    return counts


def many(folder: Path) -> Path:
    return files.write(folder, sessions=[files.session(f"a{number}") for number in range(3_000)])


@pytest.mark.parametrize("largest", [600_000, 1_000_000, 1_500_000])
def test_a_file_that_may_not_grow_is_one_line_and_the_import_can_be_repeated(
    tmp_path: Path, largest: int
) -> None:
    tables = many(tmp_path / "tables")
    migrate(tmp_path)

    done = import_into(tmp_path, tables, largest_file=largest)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The disk is full, or cannot be written: nothing was saved.\n"
    assert imported(tmp_path) == [0, 0, 0, 0]
    assert import_into(tmp_path, tables).returncode == 0
    assert imported(tmp_path) == [2, 1, 3_000, 3_000]
