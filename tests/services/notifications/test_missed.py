"""Missed check-ins and check-outs are alerted once (SPEC 3)."""

import asyncio
from datetime import timedelta

from models.enums import MessageKind, Status
from services.notifications.missed import alert_missed
from services.sessions.attendance import correct_attendance
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, outbox_rows
from tests.services.scenes import another_session, carry_out, scene

MIDNIGHT = NOW + timedelta(hours=9)
SECOND = timedelta(seconds=1)
TIMES = (NOW, NOW + timedelta(hours=1))


def test_a_session_left_scheduled_is_alerted_when_its_day_is_over(
    database: OpenDatabase,
) -> None:
    there = scene(database)

    early = carry_out(database, alert_missed, AGENCY, MIDNIGHT - SECOND)
    due = carry_out(database, alert_missed, AGENCY, MIDNIGHT)

    (told,) = outbox_rows(database, MessageKind.ATTENDANCE_MISSED)
    assert (early, due) == ([], [there.id])
    assert (told.person_id, told.payload) == (None, {"appointment_ids": [there.id]})
    assert as_it_stands(database, there.id).status is Status.SCHEDULED


def test_a_session_left_checked_in_is_alerted_a_day_after_its_end(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    closes = NOW + timedelta(hours=24)

    early = carry_out(database, alert_missed, AGENCY, closes)
    due = carry_out(database, alert_missed, AGENCY, closes + SECOND)

    assert (early, due) == ([], [there.id])


def test_each_session_is_alerted_once_however_often_the_sweep_runs(
    database: OpenDatabase,
) -> None:
    scene(database)
    carry_out(database, alert_missed, AGENCY, MIDNIGHT)
    after_once = every_row(database)

    again = carry_out(database, alert_missed, AGENCY, MIDNIGHT + timedelta(days=3))

    assert again == []
    assert every_row(database) == after_once


async def test_two_sweeps_at_once_share_the_sessions(database: OpenDatabase) -> None:
    there = scene(database)
    ids = {there.id, another_session(database, there).id}

    both = await asyncio.gather(*(database.write(alert_missed, AGENCY, MIDNIGHT) for _ in range(2)))

    assert sorted(both[0] + both[1]) == sorted(ids)


def test_sessions_nobody_put_right_do_not_hide_the_next_one(database: OpenDatabase) -> None:
    there = scene(database)
    for _ in range(54):
        another_session(database, there)
    first = carry_out(database, alert_missed, AGENCY, MIDNIGHT)
    newest = another_session(database, there, starts_at=NOW + timedelta(days=1))

    second = carry_out(database, alert_missed, AGENCY, MIDNIGHT + timedelta(days=1))

    assert len(first) == 55
    assert second == [newest.id]


async def test_a_session_put_right_at_that_moment_is_not_alerted(database: OpenDatabase) -> None:
    there = scene(database)
    coordinator = acting(there.coordinator, MIDNIGHT)

    with database.unit_of_work() as session:
        correct_attendance(session, there.id, coordinator, *TIMES, "Phone was off")
        sweep = asyncio.create_task(database.write(alert_missed, AGENCY, MIDNIGHT))
        await asyncio.wait([sweep], timeout=0.3)

    assert await sweep == []
    assert outbox_rows(database, MessageKind.ATTENDANCE_MISSED) == []
