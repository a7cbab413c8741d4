"""The sweep of reminders: one that fails keeps none of the others back (SPEC 8)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from jobs import scheduler
from jobs.scheduler import REMINDERS, Scheduler
from models import InboxUpdate, Person
from models.enums import MessageKind
from services.db import Session
from services.rules.agency import Agency
from tests.builders import NOW
from tests.running import bench
from tests.services.proofs import every_row, recipients
from tests.services.scenes import scene


def fails(session: Session, _agency: Agency, _now: object) -> None:
    session.add(Person(name="Half a change"))
    session.flush()
    raise RuntimeError("for a test")


async def test_a_reminder_that_fails_leaves_nothing_behind_and_keeps_no_other_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "REMINDERS", (fails, *REMINDERS, fails))
    async with bench(database_url) as on:
        there = scene(on.database, starts_at=NOW + timedelta(minutes=30))
        before = every_row(on.database)["person"]

        await Scheduler(on.application.bot, on.app).run_all()

        told = recipients(on.database, MessageKind.CHECK_IN_OPEN)
        assert told == [there.tutor.id]
        assert every_row(on.database)["person"] == before


async def test_a_run_deletes_a_few_batches_of_what_is_over_and_the_next_goes_on(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.retention.BATCH", 2)
    monkeypatch.setattr("jobs.scheduler.BATCHES", 2)
    old = NOW - timedelta(days=32)
    async with bench(database_url) as on:
        with on.database.unit_of_work() as session:
            session.add_all(
                InboxUpdate(bot_id=1, update_id=n, payload={}, received_at=old, done_at=old)
                for n in range(5)
            )
        sweeps = Scheduler(on.application.bot, on.app)
        left = []
        for _ in range(2):
            await sweeps.run_all()
            with on.database.reading() as session:
                left.append(len(session.exec(select(InboxUpdate.update_id)).all()))

    assert left == [1, 0]
