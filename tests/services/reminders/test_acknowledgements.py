"""Parents who do not answer are asked again twice, and coordinators hear of it (SPEC 5)."""

import asyncio
from datetime import UTC, datetime

import pytest

from models import Person
from models.enums import DisputeReason, MessageKind, Origin, Status
from services.approvals import acknowledge
from services.attendance import check_out
from services.db import Database
from services.disputes import dispute, latest_dispute, return_to_parent
from services.people import accept_invitation, invite
from services.reminders.acknowledgements import tell_overdue
from tests import builders
from tests.builders import NOW, ZONE, acting
from tests.services.proofs import every_row, outbox_rows, recipients
from tests.services.reminders.cases import DAY, HOUR, SECOND, change, swept, told
from tests.services.scenes import Scene, another_session, carry_out, scene

DUE, OVERDUE = MessageKind.ACKNOWLEDGEMENT_DUE, MessageKind.ACKNOWLEDGEMENTS_OVERDUE


def local(*parts: int) -> datetime:
    return datetime(2026, 11, *parts, tzinfo=ZONE).astimezone(UTC)  # type: ignore[arg-type, misc]


NINE = local(28, 9)
"""The first of those in the morning that is more than 48 hours after `NOW`, Wednesday at 15:00."""


async def asked(database: Database, at: datetime = NOW) -> Scene:
    """The tutor checks out, and the parents are asked."""
    there = await scene(database, Status.CHECKED_IN)
    await carry_out(database, check_out, there.id, acting(there.tutor, at))
    return there


async def asked_again(database: Database, there: Scene, at: datetime) -> None:
    """Grace disputes, and a coordinator returns it to the parents."""
    await carry_out(
        database, dispute, there.id, acting(there.grace, at), DisputeReason.CONDUCT, None
    )
    async with database.unit_of_work() as session:
        found = await latest_dispute(session, there.id)
        assert found is not None
        await return_to_parent(session, found.id, acting(there.coordinator, at), "Heard both.")


async def test_each_parent_is_to_be_reminded_a_day_and_two_days_after_the_question(
    database: Database,
) -> None:
    there = await asked(database)

    rows = await outbox_rows(database, DUE)

    assert [(row.person_id, row.due_at, row.expires_at) for row in rows] == [
        (parent.id, NOW + after, NOW + after + DAY)
        for parent in (there.grace, there.daniel)
        for after in (DAY, 2 * DAY)
    ]
    assert {row.appointment_id for row in rows} == {there.id}


async def test_asked_again_they_are_reminded_anew(database: Database) -> None:
    there = await asked(database)
    first = {row.payload["move"] for row in await outbox_rows(database, DUE)}
    await asked_again(database, there, NOW + HOUR)

    new = (await outbox_rows(database, DUE))[4:]

    assert [row.due_at - NOW - HOUR for row in new] == [DAY, 2 * DAY, DAY, 2 * DAY]
    assert not first & {row.payload["move"] for row in new}


async def test_who_links_later_is_reminded_from_then_on(database: Database) -> None:
    there = await scene(database, Status.CHECKED_IN)
    async with database.unit_of_work() as session:
        late = await builders.parent(session, telegram_user_id=None, started_at=None)
        child = await builders.student(session, [late])
    theirs = await another_session(database, there, student=child, status=Status.CHECKED_IN)
    await carry_out(database, check_out, theirs.id, acting(there.tutor))
    assert await told(database, DUE) == []

    await link(database, late, there, NOW + 5 * HOUR)

    assert [row.due_at - NOW - 5 * HOUR for row in await outbox_rows(database, DUE)] == [
        DAY,
        2 * DAY,
    ]


async def test_who_comes_to_another_account_is_reminded_as_planned(database: Database) -> None:
    there = await asked(database)
    before = await outbox_rows(database, DUE)

    await link(database, there.grace, there, NOW + HOUR)

    assert await outbox_rows(database, DUE) == before


async def link(database: Database, person: Person, there: Scene, at: datetime) -> None:
    """The person opens an invitation on an account that nobody knew."""
    async with database.unit_of_work() as session:
        token = await invite(session, acting(there.coordinator, at), person.id)
        await accept_invitation(session, token, 8_000_001, None, at)


async def test_the_coordinators_hear_the_first_morning_after_more_than_two_days(
    database: Database,
) -> None:
    there = await asked(database)
    exactly = await another_session(database, there, status=Status.CHECKED_IN)
    await carry_out(database, check_out, exactly.id, acting(there.tutor, NINE - 2 * DAY))

    await swept(database, tell_overdue, NINE - DAY, NINE - SECOND)
    assert await told(database, OVERDUE) == []
    await swept(database, tell_overdue, NINE)
    once = await every_row(database)
    await swept(database, tell_overdue, NINE, NINE + SECOND, NINE + 2 * HOUR)

    (row,) = await outbox_rows(database, OVERDUE)
    assert (row.person_id, row.appointment_id, row.expires_at) == (None, there.id, None)
    assert await every_row(database) == once


async def test_each_session_is_one_line_once_for_each_time_that_its_parents_are_asked(
    database: Database,
) -> None:
    there = await asked(database)
    await swept(database, tell_overdue, *(NINE + days * DAY for days in range(5)))
    await asked_again(database, there, NINE + 5 * DAY)

    await swept(database, tell_overdue, NINE + 7 * DAY, NINE + 8 * DAY, NINE + 9 * DAY)

    assert await told(database, OVERDUE) == [(None, there.id)] * 2


async def test_after_days_without_the_bot_they_hear_on_the_next_morning(
    database: Database,
) -> None:
    there = await asked(database)

    await swept(database, tell_overdue, NINE + 4 * DAY - SECOND, NINE + 4 * DAY + 3 * HOUR)
    assert await told(database, OVERDUE) == []
    await swept(database, tell_overdue, NINE + 4 * DAY + 3 * HOUR - SECOND)

    assert await told(database, OVERDUE) == [(None, there.id)]


async def test_what_was_answered_or_imported_from_before_is_not_overdue(
    database: Database,
) -> None:
    there = await asked(database)
    await carry_out(database, acknowledge, there.id, acting(there.grace, NOW + HOUR))
    old = await another_session(database, there, status=Status.AWAITING_APPROVAL_PARENT)
    await change(database, old.id, origin=Origin.IMPORTED)

    await swept(database, tell_overdue, NINE)

    assert await told(database, OVERDUE) == []


@pytest.mark.parametrize(("days", "sent"), [(59, 1), (60, 0)])
async def test_what_lies_two_months_back_is_no_news(
    database: Database, days: int, sent: int
) -> None:
    checked_out_at = NINE - days * DAY
    await scene(database, Status.AWAITING_APPROVAL_PARENT, checked_out_at=checked_out_at)

    await swept(database, tell_overdue, NINE)

    assert len(await told(database, OVERDUE)) == sent


async def test_two_sweeps_at_once_tell_of_it_once(database: Database) -> None:
    await asked(database)

    await asyncio.gather(*(swept(database, tell_overdue, NINE) for _ in range(3)))

    assert await recipients(database, OVERDUE) == [None]
