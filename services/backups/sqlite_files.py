"""SQLite files: copied while in use, checked, and put in the place of another (SPEC 11)."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from services.backups.errors import BackupError

SUFFIXES = ("-wal", "-shm")
"""Endings of the files that SQLite keeps beside a database in use."""
BUSY_SECONDS = 30.0


def copy(source: Path, target: Path) -> None:
    """Copy a database as it is at one instant, while others write to it.

    Copying the file itself would miss what is in its write-ahead log. Raises `BackupError`.
    """
    if not source.is_file():
        raise BackupError(f"{source}: no such database")
    try:
        with _opened(source) as reading, _opened(target) as writing:
            reading.execute("PRAGMA query_only = ON")
            reading.backup(writing)  # in one step: a copy in several begins anew at each write
            writing.execute("PRAGMA journal_mode = DELETE")  # so that it is one file
            writing.execute("VACUUM")  # without what was once in its free pages
    except sqlite3.Error as error:
        raise BackupError(f"the database cannot be copied: {error}") from None


def check(path: Path) -> None:
    """Look through a whole database. Raises `BackupError` where it is damaged."""
    try:
        with _opened(path) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{path}: {error}") from None
    if answer != "ok":
        raise BackupError(f"{path}: {answer}")
    if broken is not None:
        raise BackupError(f"{path}: a row of {broken[0]} points at a row that is not there")


def row_counts(path: Path) -> Mapping[str, int]:
    """Number of rows of each table."""
    with _opened(path) as connection:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        names = [name for (name,) in found]
        return {
            name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
            for name in sorted(names)
        }


def require_unused(path: Path) -> None:
    """Raise `BackupError` where another program has the database open.

    Leaving the write-ahead log needs to be alone with the file; with it goes the log itself, which
    must not be applied to another database.
    """
    if not path.exists():
        return
    try:
        with _opened(path, seconds=1.0) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BackupError(f"{path}: another program has it open; end that first") from None
    except sqlite3.DatabaseError:
        return  # it is damaged, which may be why a backup is restored


def put_aside(path: Path, aside: Path) -> bool:
    """Rename a database that nobody uses, with its log; return whether there was one."""
    was_there = path.exists()
    for suffix in (*SUFFIXES, ""):
        with contextlib.suppress(FileNotFoundError):
            _beside(path, suffix).rename(_beside(aside, suffix))
    return was_there


def put_in_place(new: Path, path: Path) -> None:
    """Give a checked database its name; it is on disk on return."""
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.chmod(0o600)
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


@contextlib.contextmanager
def _opened(path: Path, seconds: float = BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None, timeout=seconds)
    try:
        yield connection
    finally:
        connection.close()
