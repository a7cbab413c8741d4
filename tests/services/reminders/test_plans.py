"""Sweeps run every minute: what they read is found through an index, however much there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from jobs.timetable import REMINDERS
from models.enums import Status
from services.db import Database
from tests.builders import NOW
from tests.databases import SqliteDatabases
from tests.services.reminders.cases import Sweep, request, swept
from tests.services.scenes import another_session, scene

GROWING = (
    *("appointment", "audit_event", "note_part", "outbox_message"),
    *("reschedule_proposal", "reschedule_thread"),
)
"""Tables with ever more rows; of people there are only so many."""
OF_WHAT_IS_OPEN = (
    *("ix_appointment_scheduled", "ix_appointment_checked_in", "ix_appointment_awaiting"),
    *("ix_reschedule_thread_open", "uq_reschedule_thread_open", "uq_reschedule_proposal_open"),
)
"""Partial indexes: a scan of one reads no more than what is open now."""
AT = [NOW + timedelta(hours=hours) for hours in (-8, -6, 0, 3)]
"""07:00, 09:00, 15:00 and 18:00."""


@contextmanager
def selected() -> Iterator[set[str]]:
    """Every SELECT that is executed meanwhile."""
    found: set[str] = set()

    def remember(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            found.add(statement)

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


async def plan(database: Database, statement: str) -> list[str]:
    """How SQLite goes about it."""
    values = (None,) * statement.count("?")
    async with database.reading() as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [str(row["detail"]) for row in rows.mappings()]


def reads_too_much(step: str) -> bool:
    """Whether a step of a plan goes through a whole table that grows."""
    words = step.split()
    if words[0] != "SCAN" or not words[1].startswith(GROWING):
        return False
    return not any(index in words for index in OF_WHAT_IS_OPEN)


@pytest.mark.parametrize("sweep", REMINDERS, ids=lambda sweep: sweep.__name__)
async def test_no_reminder_goes_through_a_table_that_grows(
    sqlite: SqliteDatabases, sweep: Sweep
) -> None:
    with sqlite.fresh() as url:
        database = Database(url)
        there = await scene(database, starts_at=NOW + timedelta(minutes=20))
        for status in (Status.CHECKED_IN, Status.AWAITING_APPROVAL_PARENT):
            await another_session(database, there, status=status)
        await request(database, there)
        with selected() as statements:
            await swept(database, sweep, *AT)

        plans = {statement: await plan(database, statement) for statement in statements}
        await database.close()

    assert statements
    too_much = {
        statement: step for statement in plans for step in plans[statement] if reads_too_much(step)
    }
    assert too_much == {}
