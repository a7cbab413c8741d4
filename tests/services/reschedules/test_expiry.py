"""Requests that nobody settled before the session's start (SPEC 6, 8)."""

import asyncio
from datetime import datetime, timedelta

import pytest

from models.enums import Action, Channel, MessageKind, ProposalStatus, Role, Status, ThreadStatus
from services.reschedules.expiry import expire, expired_sessions
from services.reschedules.negotiation import counter
from tests.builders import ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, outbox_rows, recipients, trail
from tests.services.reschedules.test_reschedules import (
    START,
    answered,
    proposed,
    thread_of,
    told,
    tomorrow,
    versions,
)
from tests.services.scenes import Scene, another_session, carry_out, open_thread, scene

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def due(database: OpenDatabase, now: datetime) -> list[int]:
    with database.reading() as session:
        return expired_sessions(session, now)


def test_at_the_start_a_request_expires_and_the_session_is_not_completed(
    database: OpenDatabase,
) -> None:
    there = tomorrow(database)
    first = proposed(database, there, there.grace)
    answered(database, "counter", first, there.tutor)

    assert carry_out(database, expire, there.id, START)

    assert as_it_stands(database, there.id).status is Status.NOT_COMPLETED
    thread = thread_of(database, there)
    assert (thread.status, thread.closed_at) == (ThreadStatus.EXPIRED, START)
    one, other = versions(database, there)
    assert (one.status, other.status) == (ProposalStatus.COUNTERED, ProposalStatus.EXPIRED)
    assert other.closed_by_id is None
    event = trail(database, there.id)[-1]
    assert (event.action, event.role, event.channel) == (
        Action.EXPIRE,
        Role.SYSTEM,
        Channel.SYSTEM,
    )
    assert (event.from_status, event.to_status) == (Status.SCHEDULED, Status.NOT_COMPLETED)


def test_a_second_before_the_start_nothing_expires(database: OpenDatabase) -> None:
    there = tomorrow(database)
    proposed(database, there, there.grace)
    before = every_row(database)

    assert due(database, START - SECOND) == []
    assert not carry_out(database, expire, there.id, START - SECOND)
    assert every_row(database) == before

    assert due(database, START) == [there.id]


def test_sessions_without_an_open_request_do_not_expire(database: OpenDatabase) -> None:
    never_asked, declined = tomorrow(database), tomorrow(database)
    version = proposed(database, declined, declined.grace)
    answered(database, "reject", version, declined.tutor)
    before = every_row(database)

    assert due(database, START + DAY) == []
    for there in (never_asked, declined):
        assert not carry_out(database, expire, there.id, START + DAY)
    assert every_row(database) == before


def test_both_sides_and_the_coordinators_are_told(database: OpenDatabase) -> None:
    there = tomorrow(database)
    proposed(database, there, there.grace)
    before = told(database, there)

    carry_out(database, expire, there.id, START)

    assert told(database, there)[len(before) :] == [
        there.tutor.id,
        there.grace.id,
        there.daniel.id,
    ]
    assert recipients(database, MessageKind.SESSION_EXPIRED) == [None]


@pytest.mark.parametrize("times", [2, 4])
async def test_sweeps_at_once_expire_it_once(database: OpenDatabase, times: int) -> None:
    there = tomorrow(database)
    proposed(database, there, there.grace)

    came_to = await asyncio.gather(*(database.write(expire, there.id, START) for _ in range(times)))

    assert sorted(came_to) == [False] * (times - 1) + [True]
    expiries = [e for e in trail(database, there.id) if e.action is Action.EXPIRE]
    assert len(expiries) == 1
    assert len(outbox_rows(database, MessageKind.SESSION_EXPIRED)) == 1


def test_after_a_night_of_downtime_all_of_them_expire_the_oldest_first(
    database: OpenDatabase,
) -> None:
    late = scene(database, starts_at=START + DAY)
    early = another_session(database, late, starts_at=START)
    for there in (late, early):
        open_thread(database, there)

    found = due(database, START + 2 * DAY)

    assert found == [early.id, late.id]
    for appointment_id in found:
        assert carry_out(database, expire, appointment_id, START + 2 * DAY)


def test_a_version_that_came_after_the_sweep_had_read_its_list_expires_too(
    database: OpenDatabase,
) -> None:
    there: Scene = tomorrow(database)
    first = proposed(database, there, there.grace)
    found = due(database, START)
    carry_out(
        database, counter, first, acting(there.tutor, START - SECOND), START + 2 * DAY, zone=ZONE
    )

    assert carry_out(database, expire, found[0], START)
    assert versions(database, there)[-1].status is ProposalStatus.EXPIRED
