"""The agency at a glance (SPEC 3, 5)."""

from datetime import timedelta

import pytest

from models import Dispute
from models.enums import Action, DisputeReason, DisputeStatus, MissedKind, Role, Status
from services.db import Database
from services.queries.dashboard import dashboard, dispute_with_names, missed, open_disputes
from services.transitions import record
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.services.scenes import Scene, another_session, scene

MIDNIGHT = NOW + timedelta(hours=9)
SECOND = timedelta(seconds=1)


async def add_dispute(database: Database, there: Scene, status: DisputeStatus, **over: int) -> int:
    async with database.unit_of_work() as session:
        row = Dispute(
            appointment_id=there.id,
            opened_by_id=there.grace.id,
            opened_at=NOW,
            reason=DisputeReason.CONDUCT,
            evidence={},
            status=status,
            **over,  # type: ignore[arg-type]  # ids of people
        )
        session.add(row)
        await session.flush()
        return row.id


async def test_it_counts_what_is_open_today(database: Database) -> None:
    there = await scene(database)
    await another_session(database, there, status=Status.CHECKED_IN)
    await another_session(database, there, starts_at=MIDNIGHT)
    awaiting = Status.AWAITING_APPROVAL_PARENT
    edge = NOW - timedelta(hours=48)
    for checked_out_at in (NOW, edge, edge - SECOND):
        await another_session(
            database,
            there,
            status=awaiting,
            starts_at=NOW - timedelta(days=3),
            checked_out_at=checked_out_at,
        )
    disputed = await another_session(
        database, there, status=Status.DISPUTED, starts_at=NOW - timedelta(days=3)
    )
    await add_dispute(database, disputed, DisputeStatus.OPEN)

    async with database.reading() as session:
        found = await dashboard(session, AGENCY, NOW)

    assert (found.today, found.in_progress, found.awaiting) == (2, 1, 3)
    assert (found.overdue, found.disputes, found.missed) == (1, 1, [])


@pytest.mark.parametrize(
    ("asked_again", "overdue"),
    [(timedelta(hours=48, seconds=1), 1), (timedelta(hours=48), 0), (timedelta(hours=1), 0)],
)
async def test_an_answer_is_overdue_two_days_after_it_was_last_asked_for(
    database: Database, asked_again: timedelta, overdue: int
) -> None:
    awaiting = Status.AWAITING_APPROVAL_PARENT
    there = await scene(database, awaiting, starts_at=NOW - timedelta(days=9))
    for back in (timedelta(days=9), asked_again):
        async with database.unit_of_work() as session:
            record(
                session,
                Action.RETURN,
                Role.COORDINATOR,
                acting(there.coordinator, NOW - back),
                appointment_id=there.id,
                move=(Status.DISPUTED, awaiting),
            )

    async with database.reading() as session:
        assert (await dashboard(session, AGENCY, NOW)).overdue == overdue


async def test_missed_attendance_is_oldest_first_with_its_kind(database: Database) -> None:
    there = await scene(database)  # today, still possible
    yesterday = await another_session(database, there, starts_at=NOW - timedelta(days=1))
    before = await another_session(
        database, there, status=Status.CHECKED_IN, starts_at=NOW - timedelta(days=2)
    )

    async with database.reading() as session:
        found = await missed(session, AGENCY, NOW)

    assert [(entry.view.id, entry.kind) for entry in found] == [
        (before.id, MissedKind.CHECK_OUT),
        (yesterday.id, MissedKind.CHECK_IN),
    ]


async def test_a_session_across_midnight_is_not_missed_while_it_runs(database: Database) -> None:
    there = await scene(database, starts_at=MIDNIGHT - timedelta(minutes=30), minutes=90)
    end = there.session.ends_at

    async with database.reading() as session:
        running = await missed(session, AGENCY, end - SECOND)
        over = await missed(session, AGENCY, end)

    assert running == []
    assert [entry.view.id for entry in over] == [there.id]


async def test_open_disputes_are_those_nobody_settled_with_who_claimed_them(
    database: Database,
) -> None:
    there = await scene(database, Status.DISPUTED)
    settled = await another_session(database, there, status=Status.DISPUTED)
    claimed = await another_session(database, there, status=Status.DISPUTED)
    first = await add_dispute(database, there, DisputeStatus.OPEN)
    for status in (DisputeStatus.VERIFIED, DisputeStatus.RETURNED, DisputeStatus.UPHELD):
        await add_dispute(database, settled, status)
    second = await add_dispute(
        database, claimed, DisputeStatus.CLAIMED, claimed_by_id=there.coordinator.id
    )

    async with database.reading() as session:
        found = await open_disputes(session)

    assert [(one.dispute.id, one.view.id, one.claimed_by) for one in found] == [
        (first, there.id, None),
        (second, claimed.id, "Priya Nair"),
    ]


async def test_more_open_disputes_than_a_list_shows_are_all_there(database: Database) -> None:
    there = await scene(database)
    for _ in range(52):
        disputed = await another_session(database, there, status=Status.DISPUTED)
        await add_dispute(database, disputed, DisputeStatus.OPEN)

    async with database.reading() as session:
        assert len(await open_disputes(session)) == 52


async def test_a_dispute_is_read_with_both_names(database: Database) -> None:
    there = await scene(database, Status.DISPUTED)
    async with database.unit_of_work() as session:
        colleague = await builders.coordinator(session, name="Farah Aziz")
    number = await add_dispute(
        database,
        there,
        DisputeStatus.UPHELD,
        claimed_by_id=colleague.id,
        settled_by_id=there.coordinator.id,
    )

    async with database.reading() as session:
        found = await dispute_with_names(session, number)
        nothing = await dispute_with_names(session, number + 1)

    assert found is not None
    assert (found[0].id, *found[1:]) == (number, "Farah Aziz", "Priya Nair")
    assert nothing is None
