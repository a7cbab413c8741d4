"""Free times that are offered when a session is moved (SPEC 6; UX 10)."""

from datetime import datetime, timedelta

import pytest

from models import Appointment, RescheduleProposal, RescheduleThread
from models.enums import ProposalStatus, Role, Status, ThreadStatus
from services.db import Session
from services.queries.offered_slots import first_day, free_days, starts_of_day, suggested_starts
from services.rules.offered_slots import calendar_days
from tests import builders
from tests.builders import NOW, ZONE
from tests.open_database import OpenDatabase

TODAY = NOW.astimezone(ZONE).date()
FRIDAY = TODAY + timedelta(days=2)


def at(days: int, hour: int, minute: int = 0) -> datetime:
    """A time so many days after Wednesday, 25 November."""
    midnight = NOW.astimezone(ZONE).replace(hour=0)
    return midnight + timedelta(days=days, hours=hour, minutes=minute)


def lesson(session: Session, minute: int = 0) -> Appointment:
    """An hour with Grace on Thursday at 17:00."""
    return builders.appointment(
        session,
        tutor=builders.tutor(session),
        student=builders.student(session),
        starts_at=at(1, 17, minute),
        minutes=60,
    )


def another(session: Session, like: Appointment, starts_at: datetime, minutes: int = 60) -> None:
    """Another session of the same tutor and student."""
    session.add(
        Appointment(
            tutor_id=like.tutor_id,
            student_id=like.student_id,
            subject="Physics",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            status=Status.SCHEDULED,
            created_at=NOW,
        )
    )
    session.flush()


def proposed(session: Session, about: Appointment, start: datetime, ended: ProposalStatus) -> None:
    """The tutor's side was asked for a time, and that is what became of it."""
    is_open = ended is ProposalStatus.OPEN
    thread = RescheduleThread(
        appointment_id=about.id,
        status=ThreadStatus.OPEN if is_open else ThreadStatus.REJECTED,
        opened_at=NOW,
        expires_at=about.starts_at,
    )
    session.add(thread)
    session.flush()
    session.add(
        RescheduleProposal(
            thread_id=thread.id,
            side=Role.PARENT,
            proposed_by_id=about.tutor_id,
            new_starts_at=start,
            new_ends_at=start + timedelta(hours=1),
            status=ended,
            proposed_at=NOW,
        )
    )
    session.flush()


def clock(starts: list[datetime]) -> list[str]:
    return [f"{start.astimezone(ZONE):%H:%M}" for start in starts]


@pytest.mark.parametrize("minute", [0, 30, 15])
def test_hours_are_round_ones_and_the_sessions_own_minute(
    database: OpenDatabase, minute: int
) -> None:
    with database.unit_of_work() as session:
        row = lesson(session, minute)
        hours = clock(starts_of_day(session, row, FRIDAY, NOW, ZONE, ZONE))

    round_ones = {f"{hour:02}:00" for hour in range(8, 22)}
    own = {f"{hour:02}:{minute:02}" for hour in range(8, 21)}
    assert hours == sorted(round_ones | own)


def test_hours_that_are_taken_or_past_are_not_offered(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        row = lesson(session)
        another(session, row, at(0, 18))
        today = clock(starts_of_day(session, row, TODAY, NOW, ZONE, ZONE))
        thursday = clock(starts_of_day(session, row, TODAY + timedelta(days=1), NOW, ZONE, ZONE))

    assert today == ["16:00", "17:00", "19:00", "20:00", "21:00"]
    assert "17:00" not in thursday
    assert len(thursday) == 13


def test_the_calendar_shows_the_next_fourteen_days_without_busy_ones(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        row = lesson(session)
        another(session, row, at(2, 7), minutes=16 * 60)
        shown = free_days(session, row, calendar_days(TODAY, 0), NOW, ZONE, ZONE)
        late = free_days(session, row, calendar_days(TODAY, 0), at(0, 21), ZONE, ZONE)

    assert shown == [TODAY + timedelta(days=ahead) for ahead in range(14) if ahead != 2]
    assert late == shown[1:]


def test_pages_of_the_calendar_follow_each_other_for_a_year() -> None:
    first, second = calendar_days(TODAY, 0), calendar_days(TODAY, 1)
    assert (first[0], second[0] - first[-1]) == (TODAY, timedelta(days=1))
    assert calendar_days(TODAY, 10_000) == calendar_days(TODAY, 26)


@pytest.mark.parametrize("ended", list(ProposalStatus))
def test_a_time_that_was_refused_or_is_on_the_table_is_not_offered_again(
    database: OpenDatabase, ended: ProposalStatus
) -> None:
    with database.unit_of_work() as session:
        row = lesson(session)
        proposed(session, row, at(2, 17), ended)
        suggested = suggested_starts(session, row, NOW, ZONE, ZONE)
        hours = clock(starts_of_day(session, row, FRIDAY, NOW, ZONE, ZONE))

    is_refused = ended in (
        ProposalStatus.OPEN,
        ProposalStatus.REJECTED,
        ProposalStatus.COUNTERED,
    )
    assert (at(2, 17) in suggested) is not is_refused
    assert ("17:00" in hours) is not is_refused


def test_what_was_refused_for_another_session_is_offered(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        row = lesson(session)
        other = builders.appointment(
            session,
            tutor=builders.tutor(session, name="Nurul Huda"),
            student=builders.student(session, name="Ryan Ong"),
            starts_at=at(1, 10),
        )
        proposed(session, other, at(2, 17), ProposalStatus.REJECTED)

        assert at(2, 17) in suggested_starts(session, row, NOW, ZONE, ZONE)


@pytest.mark.parametrize(
    ("status", "days", "first"),
    [
        (Status.SCHEDULED, 5, 0),
        (Status.CANCELLED_BY_TUTOR, 5, 5),
        (Status.NOT_COMPLETED, 5, 5),
        (Status.NOT_COMPLETED, -2, 0),
        (Status.CANCELLED_BY_TUTOR, 0, 0),
    ],
)
def test_days_count_from_a_lost_sessions_own_and_never_from_the_past(
    database: OpenDatabase, status: Status, days: int, first: int
) -> None:
    with database.unit_of_work() as session:
        row = lesson(session)
        row.starts_at, row.ends_at, row.status = at(days, 17), at(days, 18), status

        assert first_day(row, NOW, ZONE) == TODAY + timedelta(days=first)


def test_before_the_day_of_a_session_that_the_tutor_cancelled_nothing_is_offered(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        row = lesson(session)
        row.starts_at, row.ends_at = at(5, 17), at(5, 18)
        before = suggested_starts(session, row, NOW, ZONE, ZONE)
        row.status = Status.CANCELLED_BY_TUTOR
        session.flush()
        found = suggested_starts(session, row, NOW, ZONE, ZONE)

    assert min(before) < at(5, 0)
    assert found == [at(days, 17) for days in range(6, 11)]
