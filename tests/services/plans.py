"""How SQLite goes about what was asked of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

from models import Appointment
from models.columns import CONDITION
from tests.open_database import OpenDatabase

GROWING = (
    *("appointment", "audit_event", "cancellation", "card", "dispute", "inbox_update"),
    *("note_batch", "note_part", "note_summary", "outbox_message"),
    *("reschedule_proposal", "reschedule_thread"),
)
"""Tables with ever more rows; of people there are only so many."""
OF_WHAT_IS_OPEN = tuple(
    str(index.name)
    for table in Appointment.metadata.tables.values()
    for index in table.indexes
    if CONDITION in index.info
)
"""Partial indexes: a scan of one reads no more than what is open now."""


@contextmanager
def selected() -> Iterator[set[str]]:
    """Every SELECT that is executed meanwhile."""
    found: set[str] = set()

    def remember(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            found.add(statement)

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


def plan(database: OpenDatabase, statement: str) -> list[str]:
    """How SQLite goes about it, a step an entry."""
    values = (None,) * statement.count("?")
    with database.reading() as session:
        connection = session.connection()
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [str(row["detail"]) for row in rows.mappings()]


def reads_too_much(step: str) -> bool:
    """Whether a step of a plan goes through a whole table that grows."""
    words = step.split()
    if words[0] != "SCAN" or not words[1].startswith(GROWING):
        return False
    return not any(index in words for index in OF_WHAT_IS_OPEN)
