"""Which sessions each list shows, in the agency's days (SPEC 3, 8, 9)."""

from datetime import datetime, timedelta

import pytest

from models import Person
from models.enums import Status
from services.queries import eligible, session_lists
from services.queries.sessions import LIMIT, SessionView
from tests import builders
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, another_session, scene

MIDNIGHT = NOW + timedelta(hours=9)
"""The end of the agency's today; its beginning is a day before."""
MINUTE = timedelta(minutes=1)
HALF_AN_HOUR = timedelta(minutes=30)


def starting(
    database: OpenDatabase, there: Scene, *starts: datetime, status: Status = Status.SCHEDULED
) -> list[int]:
    """Sessions of an hour that start then; their ids."""
    made = [
        another_session(database, there, starts_at=at, minutes=60, status=status) for at in starts
    ]
    return [one.id for one in made]


def ids(views: list[SessionView]) -> list[int]:
    return [view.id for view in views]


def today(database: OpenDatabase, person: Person, now: datetime = NOW) -> list[int]:
    with database.reading() as session:
        return ids(session_lists.of_day(session, person, AGENCY, now))


def test_today_is_the_agencys_calendar_day_by_start(database: OpenDatabase) -> None:
    there = scene(database)
    begin = MIDNIGHT - timedelta(days=1)
    first, last, *_ = starting(
        database, there, begin, MIDNIGHT - MINUTE, begin - timedelta(hours=2), MIDNIGHT
    )

    assert today(database, there.tutor) == [first, there.id, last]


def test_today_shows_a_tutors_and_a_childs_sessions_and_no_others(
    database: OpenDatabase,
) -> None:
    there, neighbours = scene(database), scene(database)

    assert today(database, there.tutor) == [there.id]
    assert today(database, there.grace) == [there.id]
    assert today(database, there.daniel) == [there.id]
    assert today(database, there.coordinator) == []
    assert today(database, neighbours.grace) == [neighbours.id]


def test_a_session_just_after_midnight_is_in_todays_list_from_when_it_can_be_checked_into(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=MIDNIGHT + 10 * MINUTE)
    opens = MIDNIGHT - 20 * MINUTE

    assert today(database, there.tutor, opens - MINUTE) == []
    assert today(database, there.tutor, opens) == [there.id]


def test_upcoming_begins_now_and_is_what_is_scheduled_until_seven_days_after_today(
    database: OpenDatabase,
) -> None:
    there = scene(database)  # starts now
    week = MIDNIGHT + timedelta(days=7)
    today, first, last, _ = starting(database, there, NOW + MINUTE, MIDNIGHT, week - MINUTE, week)
    starting(database, there, MIDNIGHT, status=Status.CANCELLED_BY_TUTOR)

    with database.reading() as session:
        found = session_lists.upcoming(session, there.tutor, AGENCY, NOW)

    assert ids(found) == [today, first, last]


def test_upcoming_begins_with_what_is_in_progress(database: OpenDatabase) -> None:
    there = scene(database)
    (later,) = starting(database, there, NOW + HALF_AN_HOUR)
    running, _ = starting(
        database, there, NOW - HALF_AN_HOUR, NOW - 2 * HALF_AN_HOUR, status=Status.CHECKED_IN
    )
    (early,) = starting(database, there, NOW + MINUTE, status=Status.CHECKED_IN)

    with database.reading() as session:
        found = session_lists.upcoming(session, there.grace, AGENCY, NOW)

    assert ids(found) == [running, early, later]


def test_the_next_session_is_found_however_far_away(database: OpenDatabase) -> None:
    there = scene(database)
    far, _ = starting(database, there, NOW + timedelta(days=90), NOW + timedelta(days=91))

    with database.reading() as session:
        found = session_lists.next_scheduled(session, there.grace, NOW)

    assert found is not None
    assert found.id == far


def test_check_in_offers_exactly_the_sessions_whose_window_is_open(
    database: OpenDatabase,
) -> None:
    there = scene(database)  # starts now
    soon, earlier, _ = starting(
        database,
        there,
        NOW + HALF_AN_HOUR,
        NOW - timedelta(hours=14),
        NOW + HALF_AN_HOUR + timedelta(seconds=1),
    )
    starting(database, there, NOW, status=Status.CHECKED_IN)

    with database.reading() as session:
        found = eligible.to_check_in(session, there.tutor, AGENCY, NOW)
        numbers = eligible.ids_to_check_in(session, there.tutor, AGENCY, NOW)

    assert ids(found) == [earlier, there.id, soon] == numbers


def test_check_in_offers_a_session_of_yesterday_that_still_runs(database: OpenDatabase) -> None:
    there = scene(database, starts_at=MIDNIGHT - HALF_AN_HOUR, minutes=90)

    with database.reading() as session:
        running = eligible.to_check_in(session, there.tutor, AGENCY, MIDNIGHT + HALF_AN_HOUR)
        over = eligible.to_check_in(session, there.tutor, AGENCY, MIDNIGHT + 60 * MINUTE)
        numbers = [
            eligible.ids_to_check_in(session, there.tutor, AGENCY, MIDNIGHT + later)
            for later in (HALF_AN_HOUR, 60 * MINUTE)
        ]

    assert (ids(running), ids(over)) == ([there.id], []) == tuple(numbers)


def test_check_out_offers_what_is_checked_in_within_its_window(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)  # ended now
    early, late = starting(
        database,
        there,
        NOW - HALF_AN_HOUR + MINUTE,
        NOW - timedelta(hours=25, seconds=1),
        status=Status.CHECKED_IN,
    )

    with database.reading() as session:
        found = eligible.to_check_out(session, there.tutor, NOW)
        running = eligible.in_progress(session, there.tutor)

    assert ids(found) == [there.id]
    assert ids(running) == [late, there.id, early]


@pytest.mark.parametrize(
    ("hours_before", "hours_after", "nearest"), [(3, 4, "before"), (4, 3, "after")]
)
def test_where_nothing_can_be_checked_into_the_nearest_session_is_named(
    database: OpenDatabase, hours_before: int, hours_after: int, nearest: str
) -> None:
    there = scene(database, Status.APPROVED)
    before, after = starting(
        database, there, NOW - timedelta(hours=hours_before), NOW + timedelta(hours=hours_after)
    )

    with database.reading() as session:
        found = eligible.nearest_scheduled(session, there.tutor, NOW)

    assert found is not None
    assert found.id == {"before": before, "after": after}[nearest]


def test_notes_can_be_added_to_sessions_of_two_weeks_newest_first(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    (recent,) = starting(database, there, NOW - timedelta(days=13), status=Status.APPROVED)
    starting(database, there, NOW - timedelta(days=15), status=Status.APPROVED)
    starting(database, there, NOW - timedelta(days=1))

    with database.reading() as session:
        found = eligible.for_notes(session, there.tutor, NOW)

    assert ids(found) == [there.id, recent]


def test_what_awaits_a_parent_is_oldest_first_and_of_their_children_only(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    (older,) = starting(
        database, there, NOW - timedelta(days=2), status=Status.AWAITING_APPROVAL_PARENT
    )
    scene(database, Status.AWAITING_APPROVAL_PARENT)

    with database.reading() as session:
        found = session_lists.awaiting_parent(session, there.daniel)

    assert ids(found) == [older, there.id]


def test_nothing_awaits_a_guardian_who_teaches_the_child(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        both = builders.tutor(session, is_parent=True)
        child = builders.student(session, [both])
    another_session(
        database, there, tutor=both, student=child, status=Status.AWAITING_APPROVAL_PARENT
    )

    with database.reading() as session:
        assert session_lists.awaiting_parent(session, both) == []


def test_who_teaches_their_child_sees_no_other_tutors_sessions_with_it(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        both = builders.tutor(session, is_parent=True)
        child = builders.student(session, [both])
    another_session(database, there, student=child)
    own = another_session(database, there, tutor=both, student=child)

    assert today(database, both) == [own.id]


def test_a_list_is_cut_at_its_limit(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        for number in range(LIMIT + 1):
            builders.appointment(
                session,
                tutor=there.tutor,
                student=there.student,
                starts_at=NOW + number * MINUTE,
            )

    assert len(today(database, there.tutor)) == LIMIT
