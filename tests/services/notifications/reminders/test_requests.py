"""Who owes an answer to a request is reminded once a version, the tutor of its end (SPEC 8)."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, update

from models import Person, RescheduleProposal
from models.enums import MessageKind, ProposalStatus, Role, Status, ThreadStatus
from services.notifications.reminders.requests import remind_of_answers, remind_of_expiry
from tests import builders
from tests.builders import AGENCY, NOW
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
from tests.services.proofs import every_row, outbox_rows, recipients
from tests.services.scenes import another_session, scene

ANSWER, EXPIRES = MessageKind.ANSWER_DUE, MessageKind.REQUEST_EXPIRES
TWELVE = NOW - 12 * HOUR
HALF_PAST_EIGHT = NOW - timedelta(hours=18, minutes=30)
"""In Singapore, an hour before quiet hours begin."""
NIGHT_IS_OVER = NOW - timedelta(hours=7, minutes=30)
"""In Singapore, when quiet hours end."""
EVENING = NOW + timedelta(hours=5)
HALF_HOUR = NOW - timedelta(minutes=30)


def test_the_tutor_owes_the_answer_to_parents_twelve_hours_before_it_expires(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=EVENING)
    proposal = request(database, there, side=Role.PARENT)
    twelve, half_hour = EVENING - 12 * HOUR, EVENING - timedelta(minutes=30)

    swept(database, remind_of_answers, twelve - SECOND)
    assert told(database, ANSWER) == []
    swept(database, remind_of_answers, twelve, twelve + SECOND, half_hour - SECOND)

    (row,) = outbox_rows(database, ANSWER)
    assert (row.person_id, row.due_at, row.expires_at) == (there.tutor.id, twelve, half_hour)
    assert row.payload == {
        "appointment_id": there.id,
        "starts_at": EVENING.isoformat(),
        "proposal_id": proposal.id,
    }


def test_where_that_lies_in_the_readers_quiet_hours_it_is_the_last_hour_before_these(
    database: OpenDatabase,
) -> None:
    """Twelve hours before 15:00 are 03:00 in Singapore, and 19:00 in London."""
    there = scene(database)
    with database.unit_of_work() as session:
        session.exec(
            update(Person)
            .where(col(Person.id) == there.daniel.id)
            .values(time_zone="Europe/London")
        )
    request(database, there, side=Role.TUTOR)

    swept(database, remind_of_answers, HALF_PAST_EIGHT - SECOND)
    assert told(database, ANSWER) == []
    swept(database, remind_of_answers, HALF_PAST_EIGHT)
    assert recipients(database, ANSWER) == [there.grace.id]
    swept(database, remind_of_answers, TWELVE)

    due = [(row.person_id, row.due_at) for row in outbox_rows(database, ANSWER)]
    assert due == [(there.grace.id, HALF_PAST_EIGHT), (there.daniel.id, TWELVE)]


def test_what_is_asked_for_later_in_the_evening_is_reminded_of_when_the_night_is_over(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    asked_at = HALF_PAST_EIGHT + HOUR / 2
    request(database, there, side=Role.PARENT, proposed_at=asked_at)

    swept(database, remind_of_answers, asked_at, TWELVE, NIGHT_IS_OVER - SECOND)
    assert told(database, ANSWER) == []
    swept(database, remind_of_answers, NIGHT_IS_OVER)

    assert recipients(database, ANSWER) == [there.tutor.id]


def test_in_the_night_only_where_the_session_begins_as_early(database: OpenDatabase) -> None:
    at_eight = NIGHT_IS_OVER + HOUR / 2
    there = scene(database, starts_at=at_eight - SECOND)
    asked_at = NIGHT_IS_OVER - 8 * HOUR
    request(database, there, side=Role.TUTOR, proposed_at=asked_at)

    swept(database, remind_of_answers, asked_at + 4 * HOUR + HOUR / 4)

    assert recipients(database, ANSWER) == [there.grace.id, there.daniel.id]


def test_every_linked_parent_who_does_not_teach_the_child_owes_it_to_the_tutor(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        unlinked = builders.parent(session, telegram_user_id=None, started_at=None)
        child = builders.student(session, [there.grace, there.daniel, unlinked, there.tutor])
    theirs = another_session(database, there, student=child)
    request(database, theirs, side=Role.TUTOR)

    swept(database, remind_of_answers, TWELVE)

    parents = [there.grace.id, there.daniel.id]
    assert told(database, ANSWER) == [(parent, theirs.id) for parent in parents]


@pytest.mark.parametrize("proposed_at", [NOW - 8 * HOUR, NOW - 8 * SECOND])
def test_where_less_than_twelve_hours_are_left_it_is_half_way(
    database: OpenDatabase, proposed_at: datetime
) -> None:
    there = scene(database)
    request(database, there, side=Role.TUTOR, proposed_at=proposed_at)
    half_way = proposed_at + (NOW - proposed_at) / 2

    swept(database, remind_of_answers, proposed_at, half_way - SECOND)
    assert told(database, ANSWER) == []
    swept(database, remind_of_answers, half_way)

    assert recipients(database, ANSWER) == [there.grace.id, there.daniel.id]


def test_each_version_is_reminded_of_once(database: OpenDatabase) -> None:
    there = scene(database)
    first = request(database, there, side=Role.PARENT)
    swept(database, remind_of_answers, TWELVE)
    once = every_row(database)
    swept(database, remind_of_answers, TWELVE + HOUR)
    assert every_row(database) == once
    with database.unit_of_work() as session:
        session.exec(
            update(RescheduleProposal)
            .where(col(RescheduleProposal.id) == first.id)
            .values(status=ProposalStatus.COUNTERED)
        )
        session.add(
            RescheduleProposal(
                **first.model_dump(exclude={"id", "version", "side", "proposed_at"}),
                version=2,
                side=Role.TUTOR,
                proposed_at=NOW - 4 * HOUR,
            )
        )

    swept(database, remind_of_answers, NOW - 2 * HOUR, NOW - HOUR)

    people = [there.tutor.id, there.grace.id, there.daniel.id]
    assert recipients(database, ANSWER) == people


@pytest.mark.parametrize("sweep", [remind_of_answers, remind_of_expiry])
@pytest.mark.parametrize("case", ["withdrawn", "cancelled", "expired"])
def test_what_is_settled_or_over_is_not_reminded_of(
    database: OpenDatabase, sweep: object, case: str
) -> None:
    there = scene(database)
    status = ThreadStatus.WITHDRAWN if case == "withdrawn" else ThreadStatus.OPEN
    request(database, there, status=status)
    if case == "cancelled":
        change(database, there.id, status=Status.CANCELLED_BY_PARENT)

    swept(database, sweep, NOW if case == "expired" else NOW - SECOND)  # type: ignore[arg-type]

    assert told(database, ANSWER) == told(database, EXPIRES) == []


def test_after_a_night_without_the_bot_the_tutor_gets_the_last_reminder_alone(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    request(database, there, side=Role.PARENT)

    swept(database, remind_of_answers, HALF_HOUR, NOW - SECOND)
    swept(database, remind_of_expiry, HALF_HOUR, NOW - SECOND)

    assert told(database, ANSWER) == []
    assert told(database, EXPIRES) == [(there.tutor.id, there.id)]


@pytest.mark.parametrize("side", [Role.TUTOR, Role.PARENT])
def test_half_an_hour_before_the_start_the_tutor_is_told_whoever_asked(
    database: OpenDatabase, side: Role
) -> None:
    there = scene(database)
    request(database, there, side=side)

    swept(database, remind_of_expiry, HALF_HOUR - SECOND)
    assert told(database, EXPIRES) == []
    swept(database, remind_of_expiry, HALF_HOUR, HALF_HOUR + SECOND, NOW - SECOND, NOW)

    (row,) = outbox_rows(database, EXPIRES)
    assert (row.person_id, row.due_at, row.expires_at) == (there.tutor.id, HALF_HOUR, NOW)
    assert row.payload == {"appointment_id": there.id, "starts_at": NOW.isoformat()}


def test_a_tutor_without_an_account_is_not_told(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        other = builders.tutor(session, telegram_user_id=None, started_at=None)
    theirs = another_session(database, there, tutor=other, starts_at=NOW + DAY)
    request(database, theirs, side=Role.PARENT)

    swept(database, remind_of_answers, NOW + 12 * HOUR)
    swept(database, remind_of_expiry, NOW + DAY - SECOND)

    assert told(database, ANSWER) == told(database, EXPIRES) == []


async def test_two_sweeps_at_once_remind_once(database: OpenDatabase) -> None:
    there = scene(database)
    request(database, there, side=Role.TUTOR)

    await asyncio.gather(
        *(database.write(remind_of_answers, AGENCY, TWELVE) for _ in range(3)),
        *(database.write(remind_of_expiry, AGENCY, HALF_HOUR) for _ in range(3)),
    )

    parents = sorted([there.grace.id, there.daniel.id])
    assert sorted(filter(None, recipients(database, ANSWER))) == parents
    assert recipients(database, EXPIRES) == [there.tutor.id]
