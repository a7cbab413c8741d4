"""What coordinators set right: corrected attendance, and a mistaken check-in (SPEC 2, 3)."""

from datetime import datetime, timedelta

import pytest

from models.enums import Action, MessageKind, Status
from services.attendance import check_in, clear_check_in, correct_attendance
from services.db import Database
from services.rules.refusals import RefusalCode
from tests.builders import AGENCY, NOW, acting
from tests.services.proofs import as_it_stands, every_row, recipients, refused, trail
from tests.services.scenes import carry_out, open_thread, scene

WHY = "The tutor's phone was off"
TIMES = (NOW - timedelta(minutes=80), NOW - timedelta(minutes=5))


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.CHECKED_IN])
async def test_a_correction_sets_both_times_and_asks_the_parents(
    database: Database, status: Status
) -> None:
    there = await scene(database, status)

    await carry_out(database, correct_attendance, there.id, acting(there.coordinator), *TIMES, WHY)

    row = await as_it_stands(database, there.id)
    assert row.status is Status.AWAITING_APPROVAL_PARENT
    assert (row.checked_in_at, row.checked_out_at) == TIMES
    assert await recipients(database, MessageKind.APPOINTMENT_CARD) == [
        there.grace.id,
        there.daniel.id,
    ]
    assert await recipients(database, MessageKind.ATTENDANCE_CORRECTED) == [there.tutor.id]


async def test_the_trail_keeps_the_times_as_they_were(database: Database) -> None:
    there = await scene(database, Status.CHECKED_IN)
    was = there.session.checked_in_at
    assert was is not None

    await carry_out(database, correct_attendance, there.id, acting(there.coordinator), *TIMES, WHY)

    event = (await trail(database, there.id))[-1]
    assert event.details == {"checked_in_at": was.isoformat(), "checked_out_at": None}
    assert event.reason == WHY


@pytest.mark.parametrize(
    "status", [s for s in Status if s not in {Status.SCHEDULED, Status.CHECKED_IN}]
)
async def test_only_a_session_whose_taps_are_missing_can_be_corrected(
    database: Database, status: Status
) -> None:
    there = await scene(database, status)

    with refused(RefusalCode.WRONG_STATUS, action=Action.CORRECT_ATTENDANCE, status=status):
        await carry_out(
            database, correct_attendance, there.id, acting(there.coordinator), *TIMES, WHY
        )


@pytest.mark.parametrize(
    "times",
    [
        pytest.param((TIMES[1], TIMES[0]), id="out of order"),
        pytest.param((NOW - timedelta(hours=1), NOW + timedelta(seconds=1)), id="in the future"),
    ],
)
async def test_impossible_times_are_refused_and_nothing_changes(
    database: Database, times: tuple[datetime, datetime]
) -> None:
    there = await scene(database)
    before = await every_row(database)

    with refused(RefusalCode.ATTENDANCE_IMPOSSIBLE):
        await carry_out(
            database,
            correct_attendance,
            there.id,
            acting(there.coordinator),
            *times,
            WHY,
        )

    assert await every_row(database) == before


@pytest.mark.parametrize("nothing", ["", "   "])
async def test_a_correction_and_a_clearing_need_a_reason(database: Database, nothing: str) -> None:
    there = await scene(database, Status.CHECKED_IN)
    before = await every_row(database)

    with refused(RefusalCode.REASON_REQUIRED):
        await carry_out(
            database, correct_attendance, there.id, acting(there.coordinator), *TIMES, nothing
        )
    with refused(RefusalCode.REASON_REQUIRED):
        await carry_out(database, clear_check_in, there.id, acting(there.coordinator), nothing)

    assert await every_row(database) == before


async def test_only_coordinators_in_our_records_correct_and_clear(database: Database) -> None:
    there = await scene(database, Status.CHECKED_IN)

    for somebody in (there.tutor, there.grace):
        with refused(RefusalCode.NOT_COORDINATOR):
            await carry_out(database, correct_attendance, there.id, acting(somebody), *TIMES, WHY)
        with refused(RefusalCode.NOT_COORDINATOR):
            await carry_out(database, clear_check_in, there.id, acting(somebody), WHY)


async def test_nothing_is_corrected_while_a_request_to_move_is_open(database: Database) -> None:
    there = await scene(database, starts_at=NOW + timedelta(hours=1))
    await open_thread(database, there)

    with refused(RefusalCode.RESCHEDULE_OPEN, who="Grace Lim"):
        await carry_out(
            database, correct_attendance, there.id, acting(there.coordinator), *TIMES, WHY
        )


async def test_a_cleared_check_in_leaves_a_scheduled_session_without_times(
    database: Database,
) -> None:
    there = await scene(database)
    await carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)

    await carry_out(database, clear_check_in, there.id, acting(there.coordinator), WHY)

    row = await as_it_stands(database, there.id)
    event = (await trail(database, there.id))[-1]
    assert (row.status, row.checked_in_at) == (Status.SCHEDULED, None)
    assert event.details == {"checked_in_at": NOW.isoformat(), "checked_out_at": None}
    assert await recipients(database, MessageKind.CHECK_IN_CLEARED) == [there.tutor.id]


async def test_after_a_clearing_the_tutor_can_check_in_anew(database: Database) -> None:
    there = await scene(database)
    await carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)
    await carry_out(database, clear_check_in, there.id, acting(there.coordinator), WHY)
    again = NOW + timedelta(minutes=3)

    outcome = await carry_out(database, check_in, there.id, acting(there.tutor, again), AGENCY)

    assert not outcome.repeated
    assert (await as_it_stands(database, there.id)).checked_in_at == again
