"""What the database itself refuses, whatever the code does (SPEC 2, 6; DESIGN 2, idea 9)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import SQLModel

from models import (
    Appointment,
    Dispute,
    Guardianship,
    NoteBatch,
    NotePart,
    OutboxMessage,
    ProblemReport,
    RescheduleProposal,
)
from models.enums import (
    ChangeReason,
    DisputeReason,
    DisputeStatus,
    MessageKind,
    Origin,
    PartKind,
    Role,
    Status,
)
from services.attendance import check_in
from services.db import Database
from tests.builders import AGENCY, NOW, acting
from tests.services.proofs import every_row, trail
from tests.services.scenes import Scene, carry_out, open_thread, scene

ATTENDED = {"checked_in_at": NOW, "checked_out_at": NOW + timedelta(hours=1)}


async def write(database: Database, *rows: SQLModel) -> None:
    """Each row in a statement of its own."""
    async with database.unit_of_work() as session:
        for row in rows:
            session.add(row)
            await session.flush()


async def refuses(database: Database, *rows: SQLModel) -> None:
    before = await every_row(database)
    with pytest.raises(IntegrityError):
        await write(database, *rows)
    assert await every_row(database) == before


def a_session(there: Scene, status: Status, **over: Any) -> Appointment:
    values: dict[str, Any] = {
        "tutor_id": there.tutor.id,
        "student_id": there.student.id,
        "subject": "Mathematics",
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=1),
        "created_at": NOW,
    }
    return Appointment(status=status, **(values | over))


@pytest.mark.parametrize("status", [Status.AWAITING_APPROVAL_PARENT, Status.APPROVED])
@pytest.mark.parametrize("missing", ["checked_in_at", "checked_out_at"])
async def test_a_native_session_without_both_times_is_neither_approved_nor_awaiting(
    database: Database, status: Status, missing: str
) -> None:
    there = await scene(database)

    await refuses(database, a_session(there, status, **(ATTENDED | {missing: None})))


@pytest.mark.parametrize("status", [Status.AWAITING_APPROVAL_PARENT, Status.APPROVED])
async def test_an_imported_one_may_be(database: Database, status: Status) -> None:
    there = await scene(database)

    await write(database, a_session(there, status, origin=Origin.IMPORTED))


async def test_a_checked_in_session_has_its_check_in(database: Database) -> None:
    there = await scene(database)

    await refuses(database, a_session(there, Status.CHECKED_IN))


@pytest.mark.parametrize("ends_at", [NOW, NOW - timedelta(minutes=1)])
async def test_a_session_ends_after_it_starts(database: Database, ends_at: datetime) -> None:
    there = await scene(database)

    await refuses(database, a_session(there, Status.SCHEDULED, ends_at=ends_at))


@pytest.mark.parametrize("column", ["status", "kind", "origin"])
async def test_a_word_that_is_not_known_is_not_stored(database: Database, column: str) -> None:
    await scene(database)
    before = await every_row(database)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as session:
            await (await session.connection()).execute(
                text(f"UPDATE appointment SET {column} = 'Approved'")
            )

    assert await every_row(database) == before


async def test_statuses_are_stored_in_lowercase_exactly(database: Database) -> None:
    await scene(database, Status.AWAITING_APPROVAL_PARENT)

    async with database.reading() as session:
        stored = await (await session.connection()).execute(text("SELECT status FROM appointment"))
        assert stored.scalars().all() == ["awaiting_approval_parent"]


async def test_a_session_has_one_open_request_at_most(database: Database) -> None:
    there = await scene(database)
    await open_thread(database, there)

    with pytest.raises(IntegrityError):
        await open_thread(database, there)


async def test_a_request_has_one_open_version_at_most(database: Database) -> None:
    there = await scene(database)
    thread = await open_thread(database, there)

    await refuses(
        database,
        RescheduleProposal(
            thread_id=thread.id,
            version=2,
            side=Role.TUTOR,
            proposed_by_id=there.tutor.id,
            new_starts_at=NOW + timedelta(days=3),
            new_ends_at=NOW + timedelta(days=3, hours=1),
            reason=ChangeReason.EMERGENCY,
            proposed_at=NOW,
        ),
    )


def a_dispute(there: Scene, status: DisputeStatus) -> Dispute:
    return Dispute(
        appointment_id=there.id,
        opened_by_id=there.grace.id,
        opened_at=NOW,
        reason=DisputeReason.CONDUCT,
        evidence={},
        status=status,
    )


@pytest.mark.parametrize("first", [DisputeStatus.OPEN, DisputeStatus.CLAIMED])
async def test_a_session_has_one_live_dispute_at_most(
    database: Database, first: DisputeStatus
) -> None:
    there = await scene(database, Status.DISPUTED)
    await write(database, a_dispute(there, DisputeStatus.RETURNED), a_dispute(there, first))

    await refuses(database, a_dispute(there, DisputeStatus.OPEN))


def a_sitting(there: Scene, closed_at: datetime | None) -> NoteBatch:
    return NoteBatch(
        appointment_id=there.id,
        tutor_id=there.tutor.id,
        chat_id=4711,
        opened_at=NOW,
        last_part_at=NOW,
        closed_at=closed_at,
    )


async def test_a_tutor_has_one_open_sitting_in_a_chat_at_most(database: Database) -> None:
    there = await scene(database, Status.CHECKED_IN)
    await write(database, a_sitting(there, NOW), a_sitting(there, None))

    await refuses(database, a_sitting(there, None))


async def test_a_message_is_one_part_and_one_report(database: Database) -> None:
    there = await scene(database, Status.CHECKED_IN)
    came_from: dict[str, Any] = {"chat_id": 4711, "message_id": 1}

    def part() -> NotePart:
        return NotePart(
            appointment_id=there.id,
            author_id=there.tutor.id,
            kind=PartKind.TEXT,
            created_at=NOW,
            **came_from,
        )

    def report() -> ProblemReport:
        return ProblemReport(
            appointment_id=there.id, person_id=there.grace.id, text="?", at=NOW, **came_from
        )

    await refuses(database, part(), part())
    await refuses(database, report(), report())


async def test_rows_point_at_rows_that_are_there(database: Database) -> None:
    there = await scene(database)
    nobody = 10**6

    await refuses(database, a_session(there, Status.SCHEDULED, tutor_id=nobody))
    await refuses(database, a_session(there, Status.SCHEDULED, student_id=nobody))
    await refuses(database, Guardianship(person_id=nobody, student_id=there.student.id))
    await refuses(
        database,
        OutboxMessage(
            dedupe_key="k",
            kind=MessageKind.NOTES_ADDED,
            payload={},
            person_id=nobody,
            created_at=NOW,
            due_at=NOW,
        ),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET reason = 'another'",
        "UPDATE audit_event SET actor_id = NULL",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE id = 1",
    ],
)
async def test_the_audit_trail_is_append_only(database: Database, statement: str) -> None:
    there = await scene(database)
    await carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)
    before = await trail(database, there.id)

    with pytest.raises(DBAPIError, match="append-only"):
        async with database.unit_of_work() as session:
            await (await session.connection()).execute(text(statement))

    assert await trail(database, there.id) == before


async def test_a_time_without_a_zone_is_not_stored(database: Database) -> None:
    there = await scene(database)
    naive = NOW.replace(tzinfo=None)

    with pytest.raises(StatementError, match="without a zone"):
        await write(database, a_session(there, Status.SCHEDULED, starts_at=naive))
