"""The sweep of reminders: one that fails keeps none of the others back (SPEC 8)."""

from datetime import timedelta

import pytest

from jobs import scheduler
from jobs.scheduler import REMINDERS, Scheduler
from models import Person
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
