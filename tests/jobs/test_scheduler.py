"""Sweeps: one that fails or hangs keeps none of the others back, nor the start (SPEC 8)."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from jobs import scheduler
from jobs.scheduler import REMINDERS, Scheduler, Sweep
from models import Appointment, InboxUpdate, Person
from models.enums import MessageKind, Status
from services.db import Session
from services.reschedules.expiry import expire
from services.rules.agency import Agency
from tests.builders import NOW
from tests.end_to_end.stage import set_up, texts
from tests.running import bench, until
from tests.services.proofs import every_row, recipients
from tests.services.scenes import open_thread, scene


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


async def raises() -> None:
    raise RuntimeError("for a test")


async def hangs() -> None:
    await asyncio.Event().wait()


async def test_a_sweep_that_raises_keeps_no_other_back(database_url: str) -> None:
    ran: list[str] = []

    async def works() -> None:
        ran.append("works")

    async with bench(database_url) as on:
        bad, good = Sweep("raises", 60, raises), Sweep("works", 60, works)
        await Scheduler(on.application.bot, on.app, bad, good).run_all()

    assert ran == ["works"]


async def test_sweeps_that_raise_or_hang_hold_up_neither_the_start_nor_another(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Scheduler, "_close_quiet_notes", lambda _: hangs())
    monkeypatch.setattr(Scheduler, "_expire_requests", lambda _: raises())
    async with bench(database_url) as on:
        there = scene(on.database, starts_at=NOW + timedelta(minutes=30))
        sweeps = Scheduler(on.application.bot, on.app, Sweep("hangs, too", 60, hangs))

        sweeps.start()

        await until(lambda: recipients(on.database, MessageKind.CHECK_IN_OPEN) == [there.tutor.id])
        sweeps.stop()


async def test_the_program_starts_though_a_sweep_raises_and_another_hangs(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Scheduler, "_close_quiet_notes", lambda _: hangs())
    monkeypatch.setattr(Scheduler, "_expire_requests", lambda _: raises())

    async with asyncio.timeout(20), set_up(database_url, tmp_path, hangs=True) as stage:
        grace, _, _, emily = stage.people()
        await stage.session(grace, emily, starts_in=timedelta(minutes=20))
        stage.grace.send_text("/sessions")

        await until(lambda: any("Emily" in text for text in texts(stage.grace)))


async def test_a_request_that_cannot_be_expired_keeps_no_other_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(database_url) as on:
        there = [scene(on.database) for _ in range(3)]
        for each in there:
            open_thread(on.database, each)
        on.clock.at = there[0].session.starts_at

        def expire_others(session: Session, appointment_id: int, now: datetime) -> object:
            if appointment_id == there[1].id:
                raise RuntimeError("for a test")
            return expire(session, appointment_id, now)

        monkeypatch.setattr(scheduler, "expire", expire_others)
        await Scheduler(on.application.bot, on.app).run_all()

        with on.database.reading() as session:
            found = [session.get(Appointment, each.id) for each in there]
        assert [one.status for one in found if one] == [
            Status.NOT_COMPLETED,
            Status.SCHEDULED,
            Status.NOT_COMPLETED,
        ]
