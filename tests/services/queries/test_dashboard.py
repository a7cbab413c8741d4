"""The agency at a glance (SPEC 3, 5)."""

from datetime import timedelta

import pytest

from models import Dispute
from models.enums import Action, DisputeReason, DisputeStatus, MissedKind, Role, Status
from services.lifecycle.status import record
from services.queries.dashboard import dashboard, dispute_with_names, missed, open_disputes
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, another_session, scene

MIDNIGHT = NOW + timedelta(hours=9)
SECOND = timedelta(seconds=1)


def add_dispute(database: OpenDatabase, there: Scene, status: DisputeStatus, **over: int) -> int:
    with database.unit_of_work() as session:
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
        session.flush()
        return row.id


def test_it_counts_what_is_open_today(database: OpenDatabase) -> None:
    there = scene(database)
    another_session(database, there, status=Status.CHECKED_IN)
    another_session(database, there, starts_at=MIDNIGHT)
    for cancelled in (Status.CANCELLED_BY_TUTOR, Status.CANCELLED_BY_PARENT):
        another_session(database, there, status=cancelled)
    awaiting = Status.AWAITING_APPROVAL_PARENT
    edge = NOW - timedelta(hours=48)
    for checked_out_at in (NOW, edge, edge - SECOND):
        another_session(
            database,
            there,
            status=awaiting,
            starts_at=NOW - timedelta(days=3),
            checked_out_at=checked_out_at,
        )
    disputed = another_session(
        database, there, status=Status.DISPUTED, starts_at=NOW - timedelta(days=3)
    )
    add_dispute(database, disputed, DisputeStatus.OPEN)

    with database.reading() as session:
        found = dashboard(session, AGENCY, NOW)

    assert (found.today, found.in_progress, found.awaiting) == (2, 1, 3)
    assert (found.overdue, found.disputes, found.missed) == (1, 1, [])


@pytest.mark.parametrize(
    ("asked_again", "overdue"),
    [(timedelta(hours=48, seconds=1), 1), (timedelta(hours=48), 0), (timedelta(hours=1), 0)],
)
def test_an_answer_is_overdue_two_days_after_it_was_last_asked_for(
    database: OpenDatabase, asked_again: timedelta, overdue: int
) -> None:
    awaiting = Status.AWAITING_APPROVAL_PARENT
    there = scene(database, awaiting, starts_at=NOW - timedelta(days=9))
    for back in (timedelta(days=9), asked_again):
        with database.unit_of_work() as session:
            record(
                session,
                Action.RETURN,
                Role.COORDINATOR,
                acting(there.coordinator, NOW - back),
                appointment_id=there.id,
                move=(Status.DISPUTED, awaiting),
            )

    with database.reading() as session:
        assert dashboard(session, AGENCY, NOW).overdue == overdue


def test_missed_attendance_is_oldest_first_with_its_kind(database: OpenDatabase) -> None:
    there = scene(database)  # today, still possible
    yesterday = another_session(database, there, starts_at=NOW - timedelta(days=1))
    before = another_session(
        database, there, status=Status.CHECKED_IN, starts_at=NOW - timedelta(days=2)
    )

    with database.reading() as session:
        found = missed(session, AGENCY, NOW)

    assert [(entry.view.id, entry.kind) for entry in found] == [
        (before.id, MissedKind.CHECK_OUT),
        (yesterday.id, MissedKind.CHECK_IN),
    ]


def test_a_session_across_midnight_is_not_missed_while_it_runs(database: OpenDatabase) -> None:
    there = scene(database, starts_at=MIDNIGHT - timedelta(minutes=30), minutes=90)
    end = there.session.ends_at

    with database.reading() as session:
        running = missed(session, AGENCY, end - SECOND)
        over = missed(session, AGENCY, end)

    assert running == []
    assert [entry.view.id for entry in over] == [there.id]


def test_open_disputes_are_those_nobody_settled_with_who_claimed_them(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.DISPUTED)
    settled = another_session(database, there, status=Status.DISPUTED)
    claimed = another_session(database, there, status=Status.DISPUTED)
    first = add_dispute(database, there, DisputeStatus.OPEN)
    for status in (DisputeStatus.VERIFIED, DisputeStatus.RETURNED, DisputeStatus.UPHELD):
        add_dispute(database, settled, status)
    second = add_dispute(
        database, claimed, DisputeStatus.CLAIMED, claimed_by_id=there.coordinator.id
    )

    with database.reading() as session:
        found = open_disputes(session)

    assert [(one.dispute.id, one.view.id, one.claimed_by) for one in found] == [
        (first, there.id, None),
        (second, claimed.id, "Priya Nair"),
    ]


def test_more_open_disputes_than_a_list_shows_are_all_there(database: OpenDatabase) -> None:
    there = scene(database)
    for _ in range(52):
        disputed = another_session(database, there, status=Status.DISPUTED)
        add_dispute(database, disputed, DisputeStatus.OPEN)

    with database.reading() as session:
        assert len(open_disputes(session)) == 52


def test_a_dispute_is_read_with_both_names(database: OpenDatabase) -> None:
    there = scene(database, Status.DISPUTED)
    with database.unit_of_work() as session:
        colleague = builders.coordinator(session, name="Farah Aziz")
    number = add_dispute(
        database,
        there,
        DisputeStatus.UPHELD,
        claimed_by_id=colleague.id,
        settled_by_id=there.coordinator.id,
    )

    with database.reading() as session:
        found = dispute_with_names(session, number)
        nothing = dispute_with_names(session, number + 1)

    assert found is not None
    assert (found[0].id, *found[1:]) == (number, "Farah Aziz", "Priya Nair")
    assert nothing is None
