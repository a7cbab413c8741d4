"""An import onto a disk that is full: one line, and nothing half done (SPEC 7)."""

import os
import resource
import sqlite3
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.bot_process import start_bot
from tests.services.imports import files

MEGABYTE = 1_000_000
FULL = (1, "", "The disk is full, or cannot be written: nothing was saved.\n")
"""Status of an import onto a full disk, what it says, and what it complains of."""


async def import_into(
    folder: Path, tables: Path, *, largest_file: int = resource.RLIM_INFINITY
) -> tuple[int, str, str]:
    """Import tables into the database in a folder; the status, and what is printed."""
    limited = partial(limit_files, largest_file)
    return await bot("import", str(tables), env=environment(folder), cwd=tables, first=limited)


def limit_files(largest: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))


def environment(folder: Path) -> Mapping[str, str]:
    database = f"sqlite+aiosqlite:///{folder / 'agency.sqlite'}"
    return {"PATH": os.environ["PATH"], "DATABASE_URL": database}


async def migrate(folder: Path) -> None:
    status, _, complained = await bot("migrate", env=environment(folder), cwd=folder)
    assert status == 0, complained


async def bot(*arguments: str, **where: Any) -> tuple[int, str, str]:
    """Run `python bot.py` to its end; its status, and what it prints."""
    process = await start_bot(*arguments, **where)
    said, complained = await process.communicate()
    return await process.wait(), said.decode(), complained.decode()


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
async def test_a_file_that_may_not_grow_is_one_line_and_the_import_can_be_repeated(
    tmp_path: Path, largest: int
) -> None:
    tables = many(tmp_path / "tables")
    await migrate(tmp_path)

    assert await import_into(tmp_path, tables, largest_file=largest) == FULL

    assert imported(tmp_path) == [0, 0, 0, 0]
    assert (await import_into(tmp_path, tables))[0] == 0
    assert imported(tmp_path) == [2, 1, 3_000, 3_000]
