"""A database that fails at a chosen statement or commit, as SQLite's own errors."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from tests.commits import Commit, around_commits


def error_of(code: int, text: str) -> Callable[[], Exception]:
    """Makes an error as the driver raises it."""

    def make() -> Exception:
        error = sqlite3.OperationalError(text)
        error.sqlite_errorcode = code
        return error

    return make


ERRORS: dict[str, Callable[[], Exception]] = {
    "locked": error_of(sqlite3.SQLITE_BUSY, "database is locked"),
    "disk full": error_of(sqlite3.SQLITE_FULL, "database or disk is full"),
    "disk broken": error_of(sqlite3.SQLITE_IOERR, "disk I/O error"),
    "refused": lambda: sqlite3.IntegrityError("CHECK constraint failed: for a test"),
    "our own fault": lambda: RuntimeError("for a test"),
}
OUTAGES = frozenset({"locked", "disk full", "disk broken"})
"""Errors that pass by themselves, and are no fault of an update."""


@dataclass
class BadDatabase:
    """Counts statements and commits, and raises an error at the chosen ones."""

    seen: list[str] = field(default_factory=list)
    at: int = -1
    times: int = 0
    error: Callable[[], Exception] = ERRORS["locked"]
    only: str = ""
    """Words of the statements that are counted."""

    def fail(self, at: int, error: Callable[[], Exception], times: int, only: str = "") -> None:
        """From now on, fail so many times, beginning with statement or commit number `at`."""
        self.seen.clear()
        self.only = only
        self.at, self.times, self.error = at, times, error

    def count(self) -> None:
        """From now on, only count."""
        self.fail(-1, ERRORS["locked"], 0)

    def meet(self, what: str) -> None:
        """Let a statement or a commit pass, or raise."""
        if self.only not in what:
            return
        number = len(self.seen)
        self.seen.append(what)
        if 0 <= self.at <= number < self.at + self.times:
            raise self.error()


@contextlib.contextmanager
def bad_database() -> Iterator[BadDatabase]:
    """Watch every engine of this process until the block ends."""
    bad = BadDatabase()

    def before(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if not _is_background(statement):
            bad.meet(" ".join(statement.split())[:60])

    def failing(commit: Commit) -> Commit:
        def do_commit(dialect: object, connection: object) -> None:
            bad.meet("COMMIT")
            commit(dialect, connection)

        return do_commit

    event.listen(Engine, "before_cursor_execute", before)
    undo = around_commits(failing)
    try:
        yield bad
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        undo()


def _is_background(statement: str) -> bool:
    """Whether it belongs to the lease, which is renewed all the time."""
    return "lease" in statement
