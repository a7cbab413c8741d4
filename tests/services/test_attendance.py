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
from services.attendance import check_in, check_out, mark_absent
from services.db import Database
from services.rules.refusals import RefusalCode
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.services.proofs import as_it_stands, every_row, recipients, refused, trail
from tests.services.scenes import carry_out, open_thread, scene

SECOND = timedelta(seconds=1)
OPENS = NOW - timedelta(minutes=30)


@pytest.mark.parametrize("at", [OPENS, NOW + timedelta(hours=8, minutes=59, seconds=59)])
async def test_check_in_sets_the_time_of_the_tap(database: Database, at: datetime) -> None:
    there = await scene(database)
    tap = acting(there.tutor, at)

    await carry_out(database, check_in, there.id, tap, AGENCY)

    row = await as_it_stands(database, there.id)
    assert (row.status, row.checked_in_at, row.checked_out_at) == (Status.CHECKED_IN, at, None)


async def test_a_second_before_the_window_says_one_minute_and_changes_nothing(
    database: Database,
) -> None:
    there = await scene(database)
    before = await every_row(database)

    with refused(RefusalCode.TOO_EARLY_TO_CHECK_IN, minutes=1, opens_at=OPENS):
        await carry_out(database, check_in, there.id, acting(there.tutor, OPENS - SECOND), AGENCY)

    assert await every_row(database) == before


async def test_after_the_agencys_midnight_it_is_too_late(database: Database) -> None:
    there = await scene(database)
    midnight = NOW + timedelta(hours=9)

    with refused(RefusalCode.TOO_LATE_TO_CHECK_IN, closed_at=midnight):
        await carry_out(database, check_in, there.id, acting(there.tutor, midnight), AGENCY)


async def test_only_the_sessions_own_tutor_checks_in_and_out(database: Database) -> None:
    there = await scene(database)
    async with database.unit_of_work() as session:
        colleague = await builders.tutor(session, name="Siti Rahman")

    for somebody in (colleague, there.grace, there.coordinator):
        with refused(RefusalCode.NOT_YOUR_SESSION):
            await carry_out(database, check_in, there.id, acting(somebody), AGENCY)
        with refused(RefusalCode.NOT_YOUR_SESSION):
            await carry_out(database, check_out, there.id, acting(somebody))


async def test_a_session_that_is_not_there_is_not_found(database: Database) -> None:
    there = await scene(database)

    with refused(RefusalCode.NOT_FOUND):
        await carry_out(database, check_in, there.id + 1000, acting(there.tutor), AGENCY)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.SCHEDULED])
async def test_only_a_scheduled_session_can_be_checked_into(
    database: Database, status: Status
) -> None:
    there = await scene(database, status)

    with refused(RefusalCode.WRONG_STATUS, action=Action.CHECK_IN, status=status):
        await carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)


async def test_an_open_request_to_move_blocks_check_in_and_says_whose_it_is(
    database: Database,
) -> None:
    there = await scene(database)
    await open_thread(database, there)
    before = await every_row(database)

    with refused(
        RefusalCode.RESCHEDULE_OPEN,
        who="Grace Lim",
        new_starts_at=NOW + timedelta(days=2),
        new_ends_at=NOW + timedelta(days=2, minutes=90),
        appointment_id=there.id,
    ):
        await carry_out(
            database, check_in, there.id, acting(there.tutor, NOW - timedelta(minutes=1)), AGENCY
        )

    assert await every_row(database) == before


@pytest.mark.parametrize("how", sorted(set(ThreadStatus) - {ThreadStatus.OPEN}))
async def test_the_end_of_the_request_however_it_ends_lifts_the_block(
    database: Database, how: ThreadStatus
) -> None:
    there = await scene(database)
    thread = await open_thread(database, there)
    async with database.unit_of_work() as session:
        thread.status = how
        session.add(thread)

    outcome = await carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)

    assert outcome.appointment.status is Status.CHECKED_IN


async def test_the_block_names_the_newest_version(database: Database) -> None:
    there = await scene(database)
    thread = await open_thread(database, there)
    async with database.unit_of_work() as session:
        first = (await session.exec(select(RescheduleProposal))).one()
        first.status = ProposalStatus.COUNTERED
        await session.flush()
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

    with refused(RefusalCode.RESCHEDULE_OPEN, who="Tan Wei Ming", appointment_id=there.id):
        await carry_out(
            database, check_in, there.id, acting(there.tutor, NOW - timedelta(minutes=1)), AGENCY
        )


async def test_check_out_sets_the_time_and_asks_every_linked_parent(database: Database) -> None:
    there = await scene(database, Status.CHECKED_IN)

    await carry_out(database, check_out, there.id, acting(there.tutor))

    row = await as_it_stands(database, there.id)
    assert (row.status, row.checked_out_at, row.student_absent) == (
        Status.AWAITING_APPROVAL_PARENT,
        NOW,
        False,
    )
    assert await recipients(database, MessageKind.APPOINTMENT_CARD) == [
        there.grace.id,
        there.daniel.id,
    ]


@pytest.mark.parametrize(
    "at", [NOW - timedelta(minutes=30), NOW, NOW + timedelta(hours=24)], ids=str
)
async def test_check_out_is_open_at_both_ends_of_its_window(
    database: Database, at: datetime
) -> None:
    there = await scene(database, Status.CHECKED_IN)

    outcome = await carry_out(database, check_out, there.id, acting(there.tutor, at))

    assert outcome.appointment.checked_out_at == at


async def test_check_out_is_refused_a_second_outside_its_window(database: Database) -> None:
    there = await scene(database, Status.CHECKED_IN)
    early, late = NOW - timedelta(minutes=30), NOW + timedelta(hours=24)

    with refused(RefusalCode.TOO_EARLY_TO_CHECK_OUT, minutes=1, opens_at=early):
        await carry_out(database, check_out, there.id, acting(there.tutor, early - SECOND))
    with refused(RefusalCode.TOO_LATE_TO_CHECK_OUT, closed_at=late):
        await carry_out(database, check_out, there.id, acting(there.tutor, late + SECOND))


async def test_the_check_out_window_follows_the_scheduled_end_however_late_the_check_in(
    database: Database,
) -> None:
    there = await scene(database)
    late = NOW + timedelta(hours=5)
    await carry_out(database, check_in, there.id, acting(there.tutor, late), AGENCY)

    outcome = await carry_out(database, check_out, there.id, acting(there.tutor, late + SECOND))

    assert outcome.appointment.checked_out_at == late + SECOND


async def test_nobody_checks_out_of_what_they_did_not_check_into(database: Database) -> None:
    there = await scene(database)

    with refused(RefusalCode.NOT_CHECKED_IN):
        await carry_out(
            database, check_out, there.id, acting(there.tutor, NOW + timedelta(minutes=80))
        )


async def test_an_absent_student_is_told_at_check_out_and_the_flow_is_the_same(
    database: Database,
) -> None:
    there = await scene(database, Status.CHECKED_IN)

    await carry_out(database, check_out, there.id, acting(there.tutor), student_absent=True)

    row = await as_it_stands(database, there.id)
    assert (row.status, row.student_absent) == (Status.AWAITING_APPROVAL_PARENT, True)
    assert len(await recipients(database, MessageKind.APPOINTMENT_CARD)) == 2


async def test_absence_can_be_said_until_a_parent_has_answered(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    answered = await scene(database, Status.APPROVED)

    await carry_out(database, mark_absent, there.id, acting(there.tutor), absent=True)
    with refused(RefusalCode.WRONG_STATUS, action=Action.MARK_ABSENT, status=Status.APPROVED):
        await carry_out(database, mark_absent, answered.id, acting(answered.tutor), absent=True)

    event = (await trail(database, there.id))[-1]
    assert (await as_it_stands(database, there.id)).student_absent
    assert (event.action, event.details) == (Action.MARK_ABSENT, {"student_absent": True})
    assert (event.from_status, event.to_status) == (None, None)


async def test_absence_said_twice_is_said_once(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    await carry_out(database, mark_absent, there.id, acting(there.tutor), absent=True)
    after_once = await every_row(database)

    await carry_out(
        database, mark_absent, there.id, acting(there.tutor, channel=Channel.WEB), absent=True
    )

    assert await every_row(database) == after_once


async def test_a_check_in_repeated_after_check_out_says_that_the_session_has_moved_on(
    database: Database,
) -> None:
    there = await scene(database)
    done_at = NOW + timedelta(minutes=90)
    await carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)
    await carry_out(database, check_out, there.id, acting(there.tutor, done_at))

    with refused(RefusalCode.ACTED_FIRST, who="Tan Wei Ming", action=Action.CHECK_OUT, at=done_at):
        await carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)
