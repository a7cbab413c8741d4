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
from services.sessions.attendance import check_in
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, trail
from tests.services.scenes import Scene, carry_out, open_thread, scene

ATTENDED = {"checked_in_at": NOW, "checked_out_at": NOW + timedelta(hours=1)}


def write(database: OpenDatabase, *rows: SQLModel) -> None:
    """Each row in a statement of its own."""
    with database.unit_of_work() as session:
        for row in rows:
            session.add(row)
            session.flush()


def refuses(database: OpenDatabase, *rows: SQLModel) -> None:
    before = every_row(database)
    with pytest.raises(IntegrityError):
        write(database, *rows)
    assert every_row(database) == before


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
def test_a_native_session_without_both_times_is_neither_approved_nor_awaiting(
    database: OpenDatabase, status: Status, missing: str
) -> None:
    there = scene(database)

    refuses(database, a_session(there, status, **(ATTENDED | {missing: None})))


@pytest.mark.parametrize("status", [Status.AWAITING_APPROVAL_PARENT, Status.APPROVED])
def test_an_imported_one_may_be(database: OpenDatabase, status: Status) -> None:
    there = scene(database)

    write(database, a_session(there, status, origin=Origin.IMPORTED))


def test_a_checked_in_session_has_its_check_in(database: OpenDatabase) -> None:
    there = scene(database)

    refuses(database, a_session(there, Status.CHECKED_IN))


@pytest.mark.parametrize("ends_at", [NOW, NOW - timedelta(minutes=1)])
def test_a_session_ends_after_it_starts(database: OpenDatabase, ends_at: datetime) -> None:
    there = scene(database)

    refuses(database, a_session(there, Status.SCHEDULED, ends_at=ends_at))


@pytest.mark.parametrize("column", ["status", "kind", "origin"])
def test_a_word_that_is_not_known_is_not_stored(database: OpenDatabase, column: str) -> None:
    scene(database)
    before = every_row(database)

    with pytest.raises(IntegrityError), database.unit_of_work() as session:
        session.connection().execute(text(f"UPDATE appointment SET {column} = 'Approved'"))

    assert every_row(database) == before


def test_statuses_are_stored_in_lowercase_exactly(database: OpenDatabase) -> None:
    scene(database, Status.AWAITING_APPROVAL_PARENT)

    with database.reading() as session:
        stored = session.connection().execute(text("SELECT status FROM appointment"))
        assert stored.scalars().all() == ["awaiting_approval_parent"]


def test_a_session_has_one_open_request_at_most(database: OpenDatabase) -> None:
    there = scene(database)
    open_thread(database, there)

    with pytest.raises(IntegrityError):
        open_thread(database, there)


def test_a_request_has_one_open_version_at_most(database: OpenDatabase) -> None:
    there = scene(database)
    thread = open_thread(database, there)

    refuses(
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
def test_a_session_has_one_live_dispute_at_most(
    database: OpenDatabase, first: DisputeStatus
) -> None:
    there = scene(database, Status.DISPUTED)
    write(database, a_dispute(there, DisputeStatus.RETURNED), a_dispute(there, first))

    refuses(database, a_dispute(there, DisputeStatus.OPEN))


def a_batch(there: Scene, closed_at: datetime | None) -> NoteBatch:
    return NoteBatch(
        appointment_id=there.id,
        tutor_id=there.tutor.id,
        chat_id=4711,
        opened_at=NOW,
        last_part_at=NOW,
        closed_at=closed_at,
    )


def test_a_tutor_has_one_open_batch_in_a_chat_at_most(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    write(database, a_batch(there, NOW), a_batch(there, None))

    refuses(database, a_batch(there, None))


def test_a_message_is_one_part_and_one_report(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
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

    refuses(database, part(), part())
    refuses(database, report(), report())


def test_rows_point_at_rows_that_are_there(database: OpenDatabase) -> None:
    there = scene(database)
    nobody = 10**6

    refuses(database, a_session(there, Status.SCHEDULED, tutor_id=nobody))
    refuses(database, a_session(there, Status.SCHEDULED, student_id=nobody))
    refuses(database, Guardianship(person_id=nobody, student_id=there.student.id))
    refuses(
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
def test_the_audit_trail_is_append_only(database: OpenDatabase, statement: str) -> None:
    there = scene(database)
    carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)
    before = trail(database, there.id)

    with pytest.raises(DBAPIError, match="append-only"), database.unit_of_work() as session:
        session.connection().execute(text(statement))

    assert trail(database, there.id) == before


def test_a_time_without_a_zone_is_not_stored(database: OpenDatabase) -> None:
    there = scene(database)
    naive = NOW.replace(tzinfo=None)

    with pytest.raises(StatementError, match="without a zone"):
        write(database, a_session(there, Status.SCHEDULED, starts_at=naive))
