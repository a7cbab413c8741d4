"""What coordinators set right: corrected attendance, and a mistaken check-in (SPEC 2, 3)."""

from datetime import datetime, timedelta

import pytest

from models.enums import Action, MessageKind, Status
from services.rules.refusals.attendance import AttendanceImpossible
from services.rules.refusals.requests import RescheduleOpen
from services.rules.refusals.sessions import WrongStatus
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import ReasonRequired
from services.sessions.attendance import check_in, clear_check_in, correct_attendance
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, recipients, refused, trail
from tests.services.scenes import carry_out, open_thread, scene

WHY = "The tutor's phone was off"
TIMES = (NOW - timedelta(minutes=80), NOW - timedelta(minutes=5))


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.CHECKED_IN])
def test_a_correction_sets_both_times_and_asks_the_parents(
    database: OpenDatabase, status: Status
) -> None:
    there = scene(database, status)

    carry_out(database, correct_attendance, there.id, acting(there.coordinator), *TIMES, WHY)

    row = as_it_stands(database, there.id)
    assert row.status is Status.AWAITING_APPROVAL_PARENT
    assert (row.checked_in_at, row.checked_out_at) == TIMES
    assert recipients(database, MessageKind.APPOINTMENT_CARD) == [
        there.grace.id,
        there.daniel.id,
    ]
    assert recipients(database, MessageKind.ATTENDANCE_CORRECTED) == [there.tutor.id]


def test_the_trail_keeps_the_times_as_they_were(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    was = there.session.checked_in_at
    assert was is not None

    carry_out(database, correct_attendance, there.id, acting(there.coordinator), *TIMES, WHY)

    event = trail(database, there.id)[-1]
    assert event.details == {"checked_in_at": was.isoformat(), "checked_out_at": None}
    assert event.reason == WHY


@pytest.mark.parametrize(
    "status", [s for s in Status if s not in {Status.SCHEDULED, Status.CHECKED_IN}]
)
def test_only_a_session_whose_taps_are_missing_can_be_corrected(
    database: OpenDatabase, status: Status
) -> None:
    there = scene(database, status)

    with refused(WrongStatus, action=Action.CORRECT_ATTENDANCE, status=status):
        carry_out(database, correct_attendance, there.id, acting(there.coordinator), *TIMES, WHY)


@pytest.mark.parametrize(
    "times",
    [
        pytest.param((TIMES[1], TIMES[0]), id="out of order"),
        pytest.param((NOW - timedelta(hours=1), NOW + timedelta(seconds=1)), id="in the future"),
    ],
)
def test_impossible_times_are_refused_and_nothing_changes(
    database: OpenDatabase, times: tuple[datetime, datetime]
) -> None:
    there = scene(database)
    before = every_row(database)

    with refused(AttendanceImpossible):
        carry_out(
            database,
            correct_attendance,
            there.id,
            acting(there.coordinator),
            *times,
            WHY,
        )

    assert every_row(database) == before


@pytest.mark.parametrize("nothing", ["", "   "])
def test_a_correction_and_a_clearing_need_a_reason(database: OpenDatabase, nothing: str) -> None:
    there = scene(database, Status.CHECKED_IN)
    before = every_row(database)

    with refused(ReasonRequired):
        carry_out(
            database, correct_attendance, there.id, acting(there.coordinator), *TIMES, nothing
        )
    with refused(ReasonRequired):
        carry_out(database, clear_check_in, there.id, acting(there.coordinator), nothing)

    assert every_row(database) == before


def test_only_coordinators_in_our_records_correct_and_clear(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)

    for somebody in (there.tutor, there.grace):
        with refused(NotCoordinator):
            carry_out(database, correct_attendance, there.id, acting(somebody), *TIMES, WHY)
        with refused(NotCoordinator):
            carry_out(database, clear_check_in, there.id, acting(somebody), WHY)


def test_nothing_is_corrected_while_a_request_to_move_is_open(database: OpenDatabase) -> None:
    there = scene(database, starts_at=NOW + timedelta(hours=1))
    open_thread(database, there)

    with refused(RescheduleOpen, who="Grace Lim"):
        carry_out(database, correct_attendance, there.id, acting(there.coordinator), *TIMES, WHY)


def test_a_cleared_check_in_leaves_a_scheduled_session_without_times(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)

    carry_out(database, clear_check_in, there.id, acting(there.coordinator), WHY)

    row = as_it_stands(database, there.id)
    event = trail(database, there.id)[-1]
    assert (row.status, row.checked_in_at) == (Status.SCHEDULED, None)
    assert event.details == {"checked_in_at": NOW.isoformat(), "checked_out_at": None}
    assert recipients(database, MessageKind.CHECK_IN_CLEARED) == [there.tutor.id]


def test_after_a_clearing_the_tutor_can_check_in_anew(database: OpenDatabase) -> None:
    there = scene(database)
    carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)
    carry_out(database, clear_check_in, there.id, acting(there.coordinator), WHY)
    again = NOW + timedelta(minutes=3)

    outcome = carry_out(database, check_in, there.id, acting(there.tutor, again), AGENCY)

    assert not outcome.repeated
    assert as_it_stands(database, there.id).checked_in_at == again
