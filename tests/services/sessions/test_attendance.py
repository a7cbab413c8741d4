"""Check-in and check-out (SPEC 3)."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models import RescheduleProposal
from models.enums import (
    Action,
    ChangeReason,
    Channel,
    MessageKind,
    ProposalStatus,
    Role,
    Status,
    ThreadStatus,
)
from services.rules.refusals.attendance import (
    NotCheckedIn,
    TooEarlyToCheckIn,
    TooEarlyToCheckOut,
    TooLateToCheckIn,
    TooLateToCheckOut,
)
from services.rules.refusals.requests import RescheduleOpen
from services.rules.refusals.sessions import ActedFirst, NotFound, WrongStatus
from services.rules.refusals.standing import NotYourSession
from services.sessions.attendance import check_in, check_out, mark_absent
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, recipients, refused, trail
from tests.services.scenes import carry_out, open_thread, scene

SECOND = timedelta(seconds=1)
OPENS = NOW - timedelta(minutes=30)


@pytest.mark.parametrize("at", [OPENS, NOW + timedelta(hours=8, minutes=59, seconds=59)])
def test_check_in_sets_the_time_of_the_tap(database: OpenDatabase, at: datetime) -> None:
    there = scene(database)
    tap = acting(there.tutor, at)

    carry_out(database, check_in, there.id, tap, AGENCY)

    row = as_it_stands(database, there.id)
    assert (row.status, row.checked_in_at, row.checked_out_at) == (Status.CHECKED_IN, at, None)


def test_a_second_before_the_window_says_one_minute_and_changes_nothing(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    before = every_row(database)

    with refused(TooEarlyToCheckIn, minutes=1, opens_at=OPENS):
        carry_out(database, check_in, there.id, acting(there.tutor, OPENS - SECOND), AGENCY)

    assert every_row(database) == before


def test_after_the_agencys_midnight_it_is_too_late(database: OpenDatabase) -> None:
    there = scene(database)
    midnight = NOW + timedelta(hours=9)

    with refused(TooLateToCheckIn, closed_at=midnight):
        carry_out(database, check_in, there.id, acting(there.tutor, midnight), AGENCY)


def test_only_the_sessions_own_tutor_checks_in_and_out(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        colleague = builders.tutor(session, name="Siti Rahman")

    for somebody in (colleague, there.grace, there.coordinator):
        with refused(NotYourSession):
            carry_out(database, check_in, there.id, acting(somebody), AGENCY)
        with refused(NotYourSession):
            carry_out(database, check_out, there.id, acting(somebody))


def test_a_session_that_is_not_there_is_not_found(database: OpenDatabase) -> None:
    there = scene(database)

    with refused(NotFound):
        carry_out(database, check_in, there.id + 1000, acting(there.tutor), AGENCY)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.SCHEDULED])
def test_only_a_scheduled_session_can_be_checked_into(
    database: OpenDatabase, status: Status
) -> None:
    there = scene(database, status)

    with refused(WrongStatus, action=Action.CHECK_IN, status=status):
        carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)


def test_an_open_request_to_move_blocks_check_in_and_says_whose_it_is(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    open_thread(database, there)
    before = every_row(database)

    with refused(
        RescheduleOpen,
        who="Grace Lim",
        new_starts_at=NOW + timedelta(days=2),
        new_ends_at=NOW + timedelta(days=2, minutes=90),
        appointment_id=there.id,
    ):
        carry_out(
            database, check_in, there.id, acting(there.tutor, NOW - timedelta(minutes=1)), AGENCY
        )

    assert every_row(database) == before


@pytest.mark.parametrize("how", sorted(set(ThreadStatus) - {ThreadStatus.OPEN}))
def test_the_end_of_the_request_however_it_ends_lifts_the_block(
    database: OpenDatabase, how: ThreadStatus
) -> None:
    there = scene(database)
    thread = open_thread(database, there)
    with database.unit_of_work() as session:
        thread.status = how
        session.add(thread)

    outcome = carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)

    assert outcome.appointment.status is Status.CHECKED_IN


def test_the_block_names_the_newest_version(database: OpenDatabase) -> None:
    there = scene(database)
    thread = open_thread(database, there)
    with database.unit_of_work() as session:
        first = session.exec(select(RescheduleProposal)).one()
        first.status = ProposalStatus.COUNTERED
        session.flush()
        session.add(
            RescheduleProposal(
                thread_id=thread.id,
                version=2,
                side=Role.TUTOR,
                proposed_by_id=there.tutor.id,
                new_starts_at=first.new_starts_at + timedelta(days=1),
                new_ends_at=first.new_ends_at + timedelta(days=1),
                reason=ChangeReason.SCHEDULE_CONFLICT,
                proposed_at=NOW - timedelta(hours=2),
            )
        )

    with refused(RescheduleOpen, who="Tan Wei Ming", appointment_id=there.id):
        carry_out(
            database, check_in, there.id, acting(there.tutor, NOW - timedelta(minutes=1)), AGENCY
        )


def test_check_out_sets_the_time_and_asks_every_linked_parent(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)

    carry_out(database, check_out, there.id, acting(there.tutor))

    row = as_it_stands(database, there.id)
    assert (row.status, row.checked_out_at, row.student_absent) == (
        Status.AWAITING_APPROVAL_PARENT,
        NOW,
        False,
    )
    assert recipients(database, MessageKind.APPOINTMENT_CARD) == [
        there.grace.id,
        there.daniel.id,
    ]


@pytest.mark.parametrize(
    "at", [NOW - timedelta(minutes=30), NOW, NOW + timedelta(hours=24)], ids=str
)
def test_check_out_is_open_at_both_ends_of_its_window(database: OpenDatabase, at: datetime) -> None:
    there = scene(database, Status.CHECKED_IN)

    outcome = carry_out(database, check_out, there.id, acting(there.tutor, at))

    assert outcome.appointment.checked_out_at == at


def test_check_out_is_refused_a_second_outside_its_window(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    early, late = NOW - timedelta(minutes=30), NOW + timedelta(hours=24)

    with refused(TooEarlyToCheckOut, minutes=1, opens_at=early):
        carry_out(database, check_out, there.id, acting(there.tutor, early - SECOND))
    with refused(TooLateToCheckOut, closed_at=late):
        carry_out(database, check_out, there.id, acting(there.tutor, late + SECOND))


def test_the_check_out_window_follows_the_scheduled_end_however_late_the_check_in(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    late = NOW + timedelta(hours=5)
    carry_out(database, check_in, there.id, acting(there.tutor, late), AGENCY)

    outcome = carry_out(database, check_out, there.id, acting(there.tutor, late + SECOND))

    assert outcome.appointment.checked_out_at == late + SECOND


def test_nobody_checks_out_of_what_they_did_not_check_into(database: OpenDatabase) -> None:
    there = scene(database)

    with refused(NotCheckedIn):
        carry_out(database, check_out, there.id, acting(there.tutor, NOW + timedelta(minutes=80)))


def test_an_absent_student_is_told_at_check_out_and_the_flow_is_the_same(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)

    carry_out(database, check_out, there.id, acting(there.tutor), student_absent=True)

    row = as_it_stands(database, there.id)
    assert (row.status, row.student_absent) == (Status.AWAITING_APPROVAL_PARENT, True)
    assert len(recipients(database, MessageKind.APPOINTMENT_CARD)) == 2


def test_absence_can_be_said_until_a_parent_has_answered(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    answered = scene(database, Status.APPROVED)

    carry_out(database, mark_absent, there.id, acting(there.tutor), absent=True)
    with refused(WrongStatus, action=Action.MARK_ABSENT, status=Status.APPROVED):
        carry_out(database, mark_absent, answered.id, acting(answered.tutor), absent=True)

    event = trail(database, there.id)[-1]
    assert as_it_stands(database, there.id).student_absent
    assert (event.action, event.details) == (Action.MARK_ABSENT, {"student_absent": True})
    assert (event.from_status, event.to_status) == (None, None)


def test_absence_said_twice_is_said_once(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    carry_out(database, mark_absent, there.id, acting(there.tutor), absent=True)
    after_once = every_row(database)

    carry_out(
        database, mark_absent, there.id, acting(there.tutor, channel=Channel.WEB), absent=True
    )

    assert every_row(database) == after_once


def test_a_check_in_repeated_after_check_out_says_that_the_session_has_moved_on(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    done_at = NOW + timedelta(minutes=90)
    carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)
    carry_out(database, check_out, there.id, acting(there.tutor, done_at))

    with refused(ActedFirst, who="Tan Wei Ming", action=Action.CHECK_OUT, at=done_at):
        carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)
