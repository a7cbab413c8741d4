"""Which sessions each list shows, in the agency's days (SPEC 3, 8, 9)."""

from datetime import datetime, timedelta

import pytest

from models import Person
from models.enums import Status
from services.db import Database
from services.queries import eligible, session_lists
from services.queries.sessions import LIMIT, SessionView
from tests import builders
from tests.builders import AGENCY, NOW
from tests.services.scenes import Scene, another_session, scene

MIDNIGHT = NOW + timedelta(hours=9)
"""The end of the agency's today; its beginning is a day before."""
MINUTE = timedelta(minutes=1)
HALF_AN_HOUR = timedelta(minutes=30)


async def starting(
    database: Database, there: Scene, *starts: datetime, status: Status = Status.SCHEDULED
) -> list[int]:
    """Sessions of an hour that start then; their ids."""
    made = [
        await another_session(database, there, starts_at=at, minutes=60, status=status)
        for at in starts
    ]
    return [one.id for one in made]


def ids(views: list[SessionView]) -> list[int]:
    return [view.id for view in views]


async def today(database: Database, person: Person, now: datetime = NOW) -> list[int]:
    async with database.reading() as session:
        return ids(await session_lists.of_day(session, person, AGENCY, now))


async def test_today_is_the_agencys_calendar_day_by_start(database: Database) -> None:
    there = await scene(database)
    begin = MIDNIGHT - timedelta(days=1)
    first, last, *_ = await starting(
        database, there, begin, MIDNIGHT - MINUTE, begin - timedelta(hours=2), MIDNIGHT
    )

    assert await today(database, there.tutor) == [first, there.id, last]


async def test_today_shows_a_tutors_and_a_childs_sessions_and_no_others(
    database: Database,
) -> None:
    there, neighbours = await scene(database), await scene(database)

    assert await today(database, there.tutor) == [there.id]
    assert await today(database, there.grace) == [there.id]
    assert await today(database, there.daniel) == [there.id]
    assert await today(database, there.coordinator) == []
    assert await today(database, neighbours.grace) == [neighbours.id]


async def test_a_session_just_after_midnight_is_in_todays_list_from_when_it_can_be_checked_into(
    database: Database,
) -> None:
    there = await scene(database, starts_at=MIDNIGHT + 10 * MINUTE)
    opens = MIDNIGHT - 20 * MINUTE

    assert await today(database, there.tutor, opens - MINUTE) == []
    assert await today(database, there.tutor, opens) == [there.id]


async def test_upcoming_is_what_is_scheduled_in_the_seven_days_after_today(
    database: Database,
) -> None:
    there = await scene(database)
    week = MIDNIGHT + timedelta(days=7)
    first, last, _ = await starting(database, there, MIDNIGHT, week - MINUTE, week)
    await starting(database, there, MIDNIGHT, status=Status.CANCELLED_BY_TUTOR)

    async with database.reading() as session:
        found = await session_lists.upcoming(session, there.tutor, AGENCY, NOW)

    assert ids(found) == [first, last]


async def test_the_next_session_is_found_however_far_away(database: Database) -> None:
    there = await scene(database)
    far, _ = await starting(database, there, NOW + timedelta(days=90), NOW + timedelta(days=91))

    async with database.reading() as session:
        found = await session_lists.next_scheduled(session, there.grace, NOW)

    assert found is not None
    assert found.id == far


async def test_check_in_offers_exactly_the_sessions_whose_window_is_open(
    database: Database,
) -> None:
    there = await scene(database)  # starts now
    soon, earlier, _ = await starting(
        database,
        there,
        NOW + HALF_AN_HOUR,
        NOW - timedelta(hours=14),
        NOW + HALF_AN_HOUR + timedelta(seconds=1),
    )
    await starting(database, there, NOW, status=Status.CHECKED_IN)

    async with database.reading() as session:
        found = await eligible.to_check_in(session, there.tutor, AGENCY, NOW)

    assert ids(found) == [earlier, there.id, soon]


async def test_check_in_offers_a_session_of_yesterday_that_still_runs(database: Database) -> None:
    there = await scene(database, starts_at=MIDNIGHT - HALF_AN_HOUR, minutes=90)

    async with database.reading() as session:
        running = await eligible.to_check_in(session, there.tutor, AGENCY, MIDNIGHT + HALF_AN_HOUR)
        over = await eligible.to_check_in(session, there.tutor, AGENCY, MIDNIGHT + 60 * MINUTE)

    assert (ids(running), ids(over)) == ([there.id], [])


async def test_check_out_offers_what_is_checked_in_within_its_window(database: Database) -> None:
    there = await scene(database, Status.CHECKED_IN)  # ended now
    early, late = await starting(
        database,
        there,
        NOW - HALF_AN_HOUR + MINUTE,
        NOW - timedelta(hours=25, seconds=1),
        status=Status.CHECKED_IN,
    )

    async with database.reading() as session:
        found = await eligible.to_check_out(session, there.tutor, NOW)
        running = await eligible.in_progress(session, there.tutor)

    assert ids(found) == [there.id]
    assert ids(running) == [late, there.id, early]


@pytest.mark.parametrize(
    ("hours_before", "hours_after", "nearest"), [(3, 4, "before"), (4, 3, "after")]
)
async def test_where_nothing_can_be_checked_into_the_nearest_session_is_named(
    database: Database, hours_before: int, hours_after: int, nearest: str
) -> None:
    there = await scene(database, Status.APPROVED)
    before, after = await starting(
        database, there, NOW - timedelta(hours=hours_before), NOW + timedelta(hours=hours_after)
    )

    async with database.reading() as session:
        found = await eligible.nearest_scheduled(session, there.tutor, NOW)

    assert found is not None
    assert found.id == {"before": before, "after": after}[nearest]


async def test_notes_can_be_added_to_sessions_of_two_weeks_newest_first(
    database: Database,
) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    (recent,) = await starting(database, there, NOW - timedelta(days=13), status=Status.APPROVED)
    await starting(database, there, NOW - timedelta(days=15), status=Status.APPROVED)
    await starting(database, there, NOW - timedelta(days=1))

    async with database.reading() as session:
        found = await eligible.for_notes(session, there.tutor, NOW)

    assert ids(found) == [there.id, recent]


async def test_what_awaits_a_parent_is_oldest_first_and_of_their_children_only(
    database: Database,
) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    (older,) = await starting(
        database, there, NOW - timedelta(days=2), status=Status.AWAITING_APPROVAL_PARENT
    )
    await scene(database, Status.AWAITING_APPROVAL_PARENT)

    async with database.reading() as session:
        found = await session_lists.awaiting_parent(session, there.daniel)

    assert ids(found) == [older, there.id]


async def test_nothing_awaits_a_guardian_who_teaches_the_child(database: Database) -> None:
    there = await scene(database)
    async with database.unit_of_work() as session:
        both = await builders.tutor(session, is_parent=True)
        child = await builders.student(session, [both])
    await another_session(
        database, there, tutor=both, student=child, status=Status.AWAITING_APPROVAL_PARENT
    )

    async with database.reading() as session:
        assert await session_lists.awaiting_parent(session, both) == []


async def test_who_teaches_their_child_sees_no_other_tutors_sessions_with_it(
    database: Database,
) -> None:
    there = await scene(database)
    async with database.unit_of_work() as session:
        both = await builders.tutor(session, is_parent=True)
        child = await builders.student(session, [both])
    await another_session(database, there, student=child)
    own = await another_session(database, there, tutor=both, student=child)

    assert await today(database, both) == [own.id]


async def test_a_list_is_cut_at_its_limit(database: Database) -> None:
    there = await scene(database)
    async with database.unit_of_work() as session:
        for number in range(LIMIT + 1):
            await builders.appointment(
                session,
                tutor=there.tutor,
                student=there.student,
                starts_at=NOW + number * MINUTE,
            )

    assert len(await today(database, there.tutor)) == LIMIT
