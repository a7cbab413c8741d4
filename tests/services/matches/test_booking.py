"""Sessions of a match: what clashes, what is closed, and the rolling horizon (SPEC 7, 8)."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from models import Appointment, Holiday, TutorLeave
from models.enums import LeaveStatus, MatchStatus, MessageKind, Status
from services.db import Session
from services.matches.answers import accept
from services.matches.horizon import due_matches, extend_match, next_horizon
from services.matches.offers import offer
from services.rules.agency import Agency
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.matches.stage import (
    MONDAY,
    Stage,
    accepted,
    at,
    days_of,
    match_as_it_stands,
    offered,
    sessions_of,
    stage,
)
from tests.services.proofs import every_row, outbox_rows
from tests.services.scenes import carry_out

DAY = timedelta(days=1)
SECOND_MONDAY = datetime(2026, 12, 7, 7, tzinfo=UTC)
"""15:00 in the agency's zone."""


def sweep(database: OpenDatabase, now: datetime, agency: Agency = AGENCY) -> list[int]:
    """Run the daily extension; the matches that had something to do."""
    with database.reading() as session:
        due = due_matches(session, agency, now)
    for match_id in due:
        carry_out(database, extend_match, match_id, agency, now)
    return due


def book_elsewhere(database: OpenDatabase, there: Stage, *, tutor: bool, sibling: bool) -> None:
    """A session in the second week: of the tutor or of the child, or with a sibling."""
    with database.unit_of_work() as session:
        child = builders.student(
            session, [there.grace] if sibling else [builders.parent(session)], name="Ryan"
        )
        builders.appointment(
            session,
            tutor=there.tutor if tutor else there.other_tutor,
            student=child if tutor else there.student,
            starts_at=SECOND_MONDAY if sibling else SECOND_MONDAY + timedelta(minutes=30),
        )


@pytest.mark.parametrize(("tutor", "why"), [(True, "tutor_taken"), (False, "student_taken")])
def test_what_clashes_is_reported_and_not_created(
    database: OpenDatabase, tutor: bool, why: str
) -> None:
    there = stage(database)
    book_elsewhere(database, there, tutor=tutor, sibling=False)

    match = accepted(database, there)

    assert len(sessions_of(database, match.id)) == 7
    assert "07 Dec 15:00" not in days_of(database, match.id)
    (row,) = outbox_rows(database, MessageKind.MATCH_ANSWERED)
    assert row.payload["hindered"] == [
        {"day": "2026-12-07", "start_time": "15:00", "minutes": 90, "hindrance": why}
    ]


def test_siblings_taught_together_do_not_clash(database: OpenDatabase) -> None:
    there = stage(database)
    book_elsewhere(database, there, tutor=True, sibling=True)

    assert len(sessions_of(database, accepted(database, there).id)) == 8


def test_holidays_and_leave_are_left_out_and_need_nobody(database: OpenDatabase) -> None:
    there = stage(database)
    with database.unit_of_work() as session:
        session.add(Holiday(date=date(2026, 12, 28), name="Office closed"))
        _leave(session, there, date(2026, 12, 10), date(2026, 12, 14))
        _leave(session, there, date(2026, 12, 20), date(2026, 12, 22), LeaveStatus.WITHDRAWN)

    match = accepted(database, there)

    days = days_of(database, match.id)
    assert len(days) == 6
    assert not {"14 Dec 15:00", "28 Dec 15:00"} & set(days)
    (row,) = outbox_rows(database, MessageKind.MATCH_ANSWERED)
    assert row.payload["hindered"] == []


def _leave(
    session: Session,
    there: Stage,
    first: date,
    last: date,
    status: LeaveStatus = LeaveStatus.TAKEN,
) -> None:
    session.add(
        TutorLeave(
            tutor_id=there.tutor.id,
            starts_on=first,
            ends_on=last,
            status=status,
            asked_by_id=there.tutor.id,
            asked_at=NOW,
        )
    )


@pytest.mark.parametrize(
    ("zone", "start", "why"),
    [("Europe/London", "01:30", "skipped_time"), ("America/New_York", "02:30", "skipped_time")],
)
def test_a_time_that_the_clocks_skip_is_reported(
    database: OpenDatabase, zone: str, start: str, why: str
) -> None:
    there, agency = stage(database), Agency("Bright Minds", ZoneInfo(zone))
    now = datetime(2026, 2, 20, 12, tzinfo=UTC)
    terms = there.terms(times=(at(7, start, 60),), starts_on=date(2026, 2, 22))

    made = carry_out(database, offer, acting(there.coordinator, now), terms, agency, is_agreed=True)

    assert [one.hindrance for one in made.booking.hindered] == [why]
    assert len(made.booking.sessions) == 7
    (row,) = outbox_rows(database, MessageKind.MATCH_NOT_BOOKED)
    assert [one["hindrance"] for one in row.payload["hindered"]] == [why]


def test_every_day_one_more_day_is_booked_and_never_twice(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    assert sweep(database, NOW) == []

    for days in range(1, 29):
        now = NOW + DAY * days
        assert sweep(database, now) == [match.id]
        before = every_row(database)
        assert sweep(database, now) == []
        carry_out(database, extend_match, match.id, AGENCY, now)
        assert every_row(database) == before

    days_booked = [one.match_day for one in sessions_of(database, match.id)]
    assert len(days_booked) == len(set(days_booked)) == 12
    assert match_as_it_stands(database, match.id).booked_until == date(2027, 2, 16)


def test_the_sweep_catches_up_after_weeks_without_it(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    now = NOW + timedelta(weeks=11)

    sweep(database, now)

    days = [one.match_day for one in sessions_of(database, match.id)]
    assert days[-1] == date(2027, 4, 5)
    assert date(2027, 1, 25) not in days  # it was over before anybody could book it
    assert date(2027, 2, 15) in days


async def test_two_sweeps_at_once_book_a_day_once(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    now = NOW + timedelta(weeks=3)

    await asyncio.gather(*(database.write(extend_match, match.id, AGENCY, now) for _ in range(4)))

    assert len(sessions_of(database, match.id)) == 11


def test_a_session_that_moved_or_was_cancelled_is_not_made_again(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    with database.unit_of_work() as session:
        first, second, *_ = session.exec(select(Appointment)).all()
        first.starts_at, first.ends_at = first.starts_at + DAY, first.ends_at + DAY
        second.status = Status.CANCELLED_BY_PARENT
        row = session.get(type(match), match.id)
        assert row is not None
        row.booked_until = None
        session.add_all([first, second, row])

    carry_out(database, extend_match, match.id, AGENCY, NOW)

    assert len(sessions_of(database, match.id)) == 8


def test_what_the_sweep_cannot_book_is_reported_once(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    with database.unit_of_work() as session:
        builders.appointment(
            session,
            tutor=there.tutor,
            student=builders.student(session, name="Ryan"),
            starts_at=datetime(2027, 1, 25, 7, tzinfo=UTC),
        )

    for days in range(1, 9):
        sweep(database, NOW + DAY * days)
        sweep(database, NOW + DAY * days)

    (row,) = outbox_rows(database, MessageKind.MATCH_NOT_BOOKED)
    assert row.payload == {
        "match_id": match.id,
        "hindered": [
            {
                "day": "2027-01-25",
                "start_time": "15:00",
                "minutes": 90,
                "hindrance": "tutor_taken",
            }
        ],
    }


def test_the_sweep_ends_a_match_whose_last_day_is_over(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there, ends_on=date(2026, 12, 14))

    sweep(database, datetime(2026, 12, 14, 15, 59, tzinfo=UTC))
    assert match_as_it_stands(database, match.id).status is MatchStatus.ACCEPTED
    sweep(database, datetime(2026, 12, 14, 16, 0, tzinfo=UTC))

    assert match_as_it_stands(database, match.id).status is MatchStatus.ENDED
    assert len(sessions_of(database, match.id)) == 3


def test_what_nobody_has_accepted_is_not_extended(database: OpenDatabase) -> None:
    there = stage(database)
    match = offered(database, there)

    assert sweep(database, NOW + timedelta(weeks=9)) == []
    carry_out(database, extend_match, match.id, AGENCY, NOW)

    assert sessions_of(database, match.id) == []


def test_the_next_extension_is_at_midnight_of_the_agency(database: OpenDatabase) -> None:
    there = stage(database)

    def upcoming(now: datetime) -> datetime | None:
        with database.reading() as session:
            return next_horizon(session, AGENCY, now)

    assert upcoming(NOW) is None
    match = offered(database, there, times=(at(MONDAY, "15:00"),))
    assert upcoming(NOW) is None
    carry_out(database, accept, match.id, acting(there.grace), AGENCY)

    midnight = datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert upcoming(NOW) == midnight
    assert sweep(database, midnight - timedelta(microseconds=1)) == []
    assert sweep(database, midnight) == [match.id]
    assert upcoming(midnight) == midnight + DAY
