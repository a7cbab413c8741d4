"""Parents who do not answer are asked again twice, and coordinators hear of it (SPEC 5)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from models import Person
from models.enums import DisputeReason, MessageKind, Origin, Status
from services.approvals.approvals import acknowledge
from services.approvals.disputes import dispute, latest_dispute, return_to_parent
from services.notifications.reminders.acknowledgements import tell_overdue
from services.people.accounts import accept_invitation, invite
from services.sessions.attendance import check_out
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.notifications.reminders.cases import DAY, HOUR, SECOND, change, swept, told
from tests.services.proofs import every_row, outbox_rows, recipients
from tests.services.scenes import Scene, another_session, carry_out, scene

MINUTE = timedelta(minutes=1)
DUE, OVERDUE = MessageKind.ACKNOWLEDGEMENT_DUE, MessageKind.ACKNOWLEDGEMENTS_OVERDUE


def local(*parts: int) -> datetime:
    return datetime(2026, 11, *parts, tzinfo=ZONE).astimezone(UTC)  # type: ignore[arg-type, misc]


NINE = local(28, 9)
"""The first of those in the morning that is more than 48 hours after `NOW`, Wednesday at 15:00."""


def asked(database: OpenDatabase, at: datetime = NOW) -> Scene:
    """The tutor checks out, and the parents are asked."""
    there = scene(database, Status.CHECKED_IN)
    carry_out(database, check_out, there.id, acting(there.tutor, at))
    return there


def asked_again(database: OpenDatabase, there: Scene, at: datetime) -> None:
    """Grace disputes, and a coordinator returns it to the parents."""
    carry_out(database, dispute, there.id, acting(there.grace, at), DisputeReason.CONDUCT, None)
    with database.unit_of_work() as session:
        found = latest_dispute(session, there.id)
        assert found is not None
        return_to_parent(session, found.id, acting(there.coordinator, at), "Heard both.")


def test_each_parent_is_to_be_reminded_a_day_and_two_days_after_the_question(
    database: OpenDatabase,
) -> None:
    there = asked(database)

    rows = outbox_rows(database, DUE)

    assert [(row.person_id, row.due_at, row.expires_at) for row in rows] == [
        (parent.id, NOW + after, NOW + after + DAY)
        for parent in (there.grace, there.daniel)
        for after in (DAY, 2 * DAY)
    ]
    assert {row.appointment_id for row in rows} == {there.id}


def due_of(database: OpenDatabase, there: Scene, parent: Person) -> list[datetime]:
    rows = outbox_rows(database, DUE)
    own = (parent.id, there.id)
    return [row.due_at for row in rows if (row.person_id, row.appointment_id) == own]


@pytest.mark.parametrize(("after", "put_off"), [(59 * MINUTE, True), (HOUR, False)])
def test_what_is_asked_within_an_hour_is_reminded_of_together(
    database: OpenDatabase, after: timedelta, put_off: bool
) -> None:
    first = asked(database)
    second = another_session(database, first, status=Status.CHECKED_IN)
    stranger = asked(database)
    carry_out(database, check_out, second.id, acting(first.tutor, NOW + after))

    at = NOW + after
    for parent in (first.grace, first.daniel):
        assert due_of(database, second, parent) == [at + DAY, at + 2 * DAY]
        assert due_of(database, first, parent) == (
            [at + DAY, at + 2 * DAY] if put_off else [NOW + DAY, NOW + 2 * DAY]
        )
    assert due_of(database, stranger, stranger.grace) == [NOW + DAY, NOW + 2 * DAY]


def test_a_third_puts_the_first_off_no_further(database: OpenDatabase) -> None:
    first = asked(database)
    others = [another_session(database, first, status=Status.CHECKED_IN) for _ in range(2)]
    minutes = 40 * MINUTE
    for number, one in enumerate(others, start=1):
        carry_out(database, check_out, one.id, acting(first.tutor, NOW + number * minutes))

    there = [due_of(database, one, first.grace)[0] for one in (first, *others)]
    assert there == [NOW + DAY + minutes, NOW + DAY + 2 * minutes, NOW + DAY + 2 * minutes]


def test_asked_again_they_are_reminded_anew(database: OpenDatabase) -> None:
    there = asked(database)
    first = {row.payload["move"] for row in outbox_rows(database, DUE)}
    asked_again(database, there, NOW + HOUR)

    new = outbox_rows(database, DUE)[4:]

    assert [row.due_at - NOW - HOUR for row in new] == [DAY, 2 * DAY, DAY, 2 * DAY]
    assert not first & {row.payload["move"] for row in new}


def test_who_links_later_is_reminded_from_then_on(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    with database.unit_of_work() as session:
        late = builders.parent(session, telegram_user_id=None, started_at=None)
        child = builders.student(session, [late])
    theirs = another_session(database, there, student=child, status=Status.CHECKED_IN)
    carry_out(database, check_out, theirs.id, acting(there.tutor))
    assert told(database, DUE) == []

    link(database, late, there, NOW + 5 * HOUR)

    assert [row.due_at - NOW - 5 * HOUR for row in outbox_rows(database, DUE)] == [
        DAY,
        2 * DAY,
    ]


def test_who_comes_to_another_account_is_reminded_as_planned(database: OpenDatabase) -> None:
    there = asked(database)
    before = outbox_rows(database, DUE)

    link(database, there.grace, there, NOW + HOUR)

    assert outbox_rows(database, DUE) == before


def link(database: OpenDatabase, person: Person, there: Scene, at: datetime) -> None:
    """The person opens an invitation on an account that nobody knew."""
    with database.unit_of_work() as session:
        token = invite(session, acting(there.coordinator, at), person.id)
        accept_invitation(session, token, 8_000_001, None, at)


def test_the_coordinators_hear_the_first_morning_after_more_than_two_days(
    database: OpenDatabase,
) -> None:
    there = asked(database)
    exactly = another_session(database, there, status=Status.CHECKED_IN)
    carry_out(database, check_out, exactly.id, acting(there.tutor, NINE - 2 * DAY))

    swept(database, tell_overdue, NINE - DAY, NINE - SECOND)
    assert told(database, OVERDUE) == []
    swept(database, tell_overdue, NINE)
    once = every_row(database)
    swept(database, tell_overdue, NINE, NINE + SECOND, NINE + 2 * HOUR)

    (row,) = outbox_rows(database, OVERDUE)
    assert (row.person_id, row.appointment_id, row.expires_at) == (None, there.id, None)
    assert every_row(database) == once


def test_each_session_is_one_line_once_for_each_time_that_its_parents_are_asked(
    database: OpenDatabase,
) -> None:
    there = asked(database)
    swept(database, tell_overdue, *(NINE + days * DAY for days in range(5)))
    asked_again(database, there, NINE + 5 * DAY)

    swept(database, tell_overdue, NINE + 7 * DAY, NINE + 8 * DAY, NINE + 9 * DAY)

    assert told(database, OVERDUE) == [(None, there.id)] * 2


def test_after_days_without_the_bot_they_hear_on_the_next_morning(
    database: OpenDatabase,
) -> None:
    there = asked(database)

    swept(database, tell_overdue, NINE + 4 * DAY - SECOND, NINE + 4 * DAY + 3 * HOUR)
    assert told(database, OVERDUE) == []
    swept(database, tell_overdue, NINE + 4 * DAY + 3 * HOUR - SECOND)

    assert told(database, OVERDUE) == [(None, there.id)]


def test_what_was_answered_or_imported_from_before_is_not_overdue(
    database: OpenDatabase,
) -> None:
    there = asked(database)
    carry_out(database, acknowledge, there.id, acting(there.grace, NOW + HOUR))
    old = another_session(database, there, status=Status.AWAITING_APPROVAL_PARENT)
    change(database, old.id, origin=Origin.IMPORTED)

    swept(database, tell_overdue, NINE)

    assert told(database, OVERDUE) == []


@pytest.mark.parametrize(("days", "sent"), [(59, 1), (60, 0)])
def test_what_lies_two_months_back_is_no_news(database: OpenDatabase, days: int, sent: int) -> None:
    checked_out_at = NINE - days * DAY
    scene(database, Status.AWAITING_APPROVAL_PARENT, checked_out_at=checked_out_at)

    swept(database, tell_overdue, NINE)

    assert len(told(database, OVERDUE)) == sent


async def test_two_sweeps_at_once_tell_of_it_once(database: OpenDatabase) -> None:
    asked(database)

    await asyncio.gather(*(database.write(tell_overdue, AGENCY, NINE) for _ in range(3)))

    assert recipients(database, OVERDUE) == [None]
