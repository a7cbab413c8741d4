"""Sweeps run every minute: what they read is found through an index, however much there is."""

from datetime import timedelta

import pytest

from jobs.scheduler import REMINDERS
from models.enums import Status
from tests.builders import NOW
from tests.databases import SqliteDatabases
from tests.open_database import OpenDatabase
from tests.services.notifications.reminders.cases import Sweep, request, swept
from tests.services.plans import plan, reads_too_much, selected
from tests.services.scenes import another_session, scene

AT = [NOW + timedelta(hours=hours) for hours in (-8, -6, 0, 3)]
"""07:00, 09:00, 15:00 and 18:00."""


@pytest.mark.parametrize("sweep", REMINDERS, ids=lambda sweep: sweep.__name__)
async def test_no_reminder_goes_through_a_table_that_grows(
    sqlite: SqliteDatabases, sweep: Sweep
) -> None:
    with sqlite.fresh() as url:
        database = OpenDatabase(url)
        there = scene(database, starts_at=NOW + timedelta(minutes=20))
        for status in (Status.CHECKED_IN, Status.AWAITING_APPROVAL_PARENT):
            another_session(database, there, status=status)
        request(database, there)
        with selected() as statements:
            swept(database, sweep, *AT)

        plans = {statement: plan(database, statement) for statement in statements}
        await database.close()

    assert statements
    too_much = {
        statement: step for statement in plans for step in plans[statement] if reads_too_much(step)
    }
    assert too_much == {}
