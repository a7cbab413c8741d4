"""Counts of statements and commits that reach a database, by SQLAlchemy's own events."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

NO_STATEMENTS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SET TRANSACTION")


@dataclass
class Counted:
    """Counts since the beginning of the block."""

    statements: int = 0
    unprepared: int = 0
    """Those of the statements that SQLAlchemy itself executes: ten times the work."""
    commits: int = 0


@contextlib.contextmanager
def counting() -> Iterator[Counted]:
    """Count in every engine of this process.

    Statements that only begin or end a transaction do not count.
    """
    counted = Counted()

    def on_statement(
        _connection: Any, _cursor: Any, statement: str, *_more: Any, **_named: Any
    ) -> None:
        if not statement.lstrip().upper().startswith(NO_STATEMENTS):
            counted.statements += 1

    def on_unprepared(*_execution: Any) -> None:
        counted.unprepared += 1

    def on_commit(_connection: Any) -> None:
        counted.commits += 1

    event.listen(Engine, "before_cursor_execute", on_statement)
    event.listen(Engine, "before_execute", on_unprepared)
    event.listen(Engine, "commit", on_commit)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", on_statement)
        event.remove(Engine, "before_execute", on_unprepared)
        event.remove(Engine, "commit", on_commit)
