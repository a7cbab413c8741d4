"""Tutors are reminded of checking in and out, once a session and time (SPEC 8)."""

import asyncio
from datetime import timedelta

import pytest

from models.enums import MessageKind, Role, Status, ThreadStatus
from services.notifications.reminders.attendance import (
    remind_me,
    remind_to_check_in,
    remind_to_check_out,
)
from services.rules.refusals.requests import RescheduleOpen
from services.rules.refusals.sessions import WrongStatus
from services.rules.refusals.standing import NotYourSession
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.notifications.reminders.cases import (
    DAY,
    HOUR,
    SECOND,
    change,
    request,
    swept,
    told,
)
from tests.services.proofs import every_row, outbox_rows, refused, trail
from tests.services.scenes import another_session, carry_out, scene

OPEN, OUT = MessageKind.CHECK_IN_OPEN, MessageKind.CHECK_OUT_DUE
OPENING = NOW - timedelta(minutes=30)
"""Of the check-in to the session that starts at `NOW`."""


def test_the_tutor_is_told_when_check_in_opens_and_not_a_second_before(
    database: OpenDatabase,
) -> None:
    there = scene(database)

    swept(database, remind_to_check_in, OPENING - SECOND)
    assert told(database, OPEN) == []
    swept(database, remind_to_check_in, OPENING)

    (row,) = outbox_rows(database, OPEN)
    assert (row.person_id, row.appointment_id) == (there.tutor.id, there.id)
    assert row.payload == {"appointment_id": there.id, "starts_at": NOW.isoformat()}
    assert (row.due_at, row.expires_at) == (OPENING, NOW + timedelta(minutes=30))
    assert trail(database, there.id) == []


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.SCHEDULED])
def test_no_other_session_can_be_checked_into(database: OpenDatabase, status: Status) -> None:
    scene(database, status, starts_at=NOW)

    swept(database, remind_to_check_in, OPENING, NOW)

    assert told(database, OPEN) == []


def test_after_a_night_without_the_bot_nobody_is_told_what_is_long_over(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    recent = another_session(database, there, starts_at=NOW + DAY - timedelta(minutes=30) + SECOND)

    swept(database, remind_to_check_in, NOW + DAY)

    assert told(database, OPEN) == [(there.tutor.id, recent.id)]


def test_however_often_the_sweep_runs_it_tells_once(database: OpenDatabase) -> None:
    scene(database)
    swept(database, remind_to_check_in, OPENING)
    once = every_row(database)

    swept(database, remind_to_check_in, OPENING, OPENING + SECOND, NOW, NOW + HOUR)

    assert every_row(database) == once


async def test_two_sweeps_at_once_tell_once(database: OpenDatabase) -> None:
    there = scene(database)

    await asyncio.gather(*(database.write(remind_to_check_in, AGENCY, OPENING) for _ in range(4)))

    assert told(database, OPEN) == [(there.tutor.id, there.id)]


def test_a_session_that_was_moved_is_reminded_of_anew_and_moved_back_is_not(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    swept(database, remind_to_check_in, OPENING)
    times = {"starts_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR}
    change(database, there.id, **times)
    swept(database, remind_to_check_in, OPENING, OPENING + HOUR)
    change(database, there.id, starts_at=NOW, ends_at=NOW + HOUR)
    swept(database, remind_to_check_in, OPENING)

    rows = outbox_rows(database, OPEN)

    starts = [row.payload["starts_at"] for row in rows]
    assert starts == [NOW.isoformat(), (NOW + HOUR).isoformat()]


def test_given_to_another_tutor_it_is_that_tutors_to_hear_of(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        other = builders.tutor(session, name="Arjun Rao")
    swept(database, remind_to_check_in, OPENING)
    change(database, there.id, tutor_id=other.id)

    swept(database, remind_to_check_in, OPENING)

    assert told(database, OPEN) == [(there.tutor.id, there.id), (other.id, there.id)]


def test_an_open_request_blocks_check_in_and_its_end_lets_the_reminder_come(
    database: OpenDatabase,
) -> None:
    blocked = scene(database)
    request(database, blocked)
    free = another_session(database, blocked)
    request(database, free, status=ThreadStatus.WITHDRAWN)

    swept(database, remind_to_check_in, OPENING)

    assert told(database, OPEN) == [(free.tutor.id, free.id)]


def test_tutors_without_an_account_have_nothing_to_be_told_on(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        other = builders.tutor(session, telegram_user_id=None, started_at=None)
    another_session(database, there, tutor=other)
    another_session(database, there, tutor=other, status=Status.CHECKED_IN)

    swept(database, remind_to_check_in, OPENING)
    swept(database, remind_to_check_out, NOW)

    assert told(database, OPEN) == [(there.tutor.id, there.id)]
    assert told(database, OUT) == []


def test_a_missing_check_out_is_told_of_at_the_scheduled_end(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)

    swept(database, remind_to_check_out, NOW - SECOND)
    assert told(database, OUT) == []
    swept(database, remind_to_check_out, NOW, NOW + SECOND, NOW + HOUR)

    (row,) = outbox_rows(database, OUT)
    assert (row.person_id, row.appointment_id) == (there.tutor.id, there.id)
    assert (row.due_at, row.expires_at) == (NOW, NOW + DAY)


def test_checked_in_after_the_end_it_is_still_told_of_and_after_a_day_no_more(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    late = another_session(database, there, status=Status.CHECKED_IN, starts_at=NOW + 2 * HOUR)

    swept(database, remind_to_check_out, NOW + DAY)

    assert told(database, OUT) == [(there.tutor.id, late.id)]


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.CHECKED_IN])
def test_only_who_is_checked_in_can_check_out(database: OpenDatabase, status: Status) -> None:
    scene(database, status, starts_at=NOW - 2 * HOUR)

    swept(database, remind_to_check_out, NOW)

    assert told(database, OUT) == []


async def test_two_sweeps_at_once_tell_of_a_missing_check_out_once(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)

    await asyncio.gather(*(database.write(remind_to_check_out, AGENCY, NOW) for _ in range(4)))

    assert told(database, OUT) == [(there.tutor.id, there.id)]


def test_who_asks_to_be_reminded_is_told_when_check_in_opens_and_once(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    early = acting(there.tutor, NOW - HOUR)

    for _ in range(2):
        carry_out(database, remind_me, there.id, early)
    swept(database, remind_to_check_in, OPENING)

    (row,) = outbox_rows(database, OPEN)
    assert (row.person_id, row.created_at, row.due_at) == (there.tutor.id, NOW - HOUR, OPENING)
    assert trail(database, there.id) == []


def test_only_the_sessions_own_tutor_is_reminded_on_request(database: OpenDatabase) -> None:
    there = scene(database)

    with refused(NotYourSession):
        carry_out(database, remind_me, there.id, acting(there.grace))
    request(database, there, side=Role.TUTOR)
    early = acting(there.tutor, NOW - timedelta(hours=1))
    with refused(RescheduleOpen):
        carry_out(database, remind_me, there.id, early)
    change(database, there.id, status=Status.CANCELLED_BY_TUTOR)
    with refused(WrongStatus):
        carry_out(database, remind_me, there.id, acting(there.tutor))

    assert told(database, OPEN) == []
