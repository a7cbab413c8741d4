"""When each reminder can be sent, to the second (SPEC 5, 8)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.enums import Role
from services.rules.reminders import (
    Span,
    acknowledgement_due,
    answer_due,
    check_in_open,
    check_out_due,
    day_before,
    next_due_at,
    overdue_digest,
    request_expires,
    tutor_digest,
)

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
SINGAPORE = ZoneInfo("Asia/Singapore")
LONDON = ZoneInfo("Europe/London")


def local(*parts: int, zone: ZoneInfo = SINGAPORE) -> datetime:
    """A wall-clock time, as the instant in UTC that the database holds."""
    return datetime(*parts, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type, misc]


DAY = date(2026, 11, 25)
START = local(2026, 11, 25, 15, 0)
END = local(2026, 11, 25, 16, 30)
ASKED = local(2026, 11, 25, 16, 31)

SPANS: dict[str, tuple[Span, datetime, datetime]] = {
    "digest": (
        tutor_digest(DAY, SINGAPORE),
        local(2026, 11, 25, 7),
        local(2026, 11, 25, 12),
    ),
    "check-in": (
        check_in_open(START),
        local(2026, 11, 25, 14, 30),
        local(2026, 11, 25, 15, 30),
    ),
    "check-out": (check_out_due(END), END, local(2026, 11, 26, 16, 30)),
    "day before": (
        day_before(DAY, SINGAPORE),
        local(2026, 11, 24, 18),
        local(2026, 11, 24, 22),
    ),
    "day before, the first of a month": (
        day_before(date(2026, 12, 1), SINGAPORE),
        local(2026, 11, 30, 18),
        local(2026, 11, 30, 22),
    ),
    "acknowledgement, first": (
        acknowledgement_due(ASKED)[0],
        local(2026, 11, 26, 16, 31),
        local(2026, 11, 27, 16, 31),
    ),
    "acknowledgement, second": (
        acknowledgement_due(ASKED)[1],
        local(2026, 11, 27, 16, 31),
        local(2026, 11, 28, 16, 31),
    ),
    "overdue": (
        overdue_digest(DAY, SINGAPORE),
        local(2026, 11, 25, 9),
        local(2026, 11, 25, 12),
    ),
    "answer, of the tutor": (
        answer_due(START - 30 * HOUR, START, Role.TUTOR),
        local(2026, 11, 25, 3),
        local(2026, 11, 25, 14, 30),
    ),
    "answer, of a parent": (
        answer_due(START - 30 * HOUR, START, Role.PARENT),
        local(2026, 11, 25, 3),
        START,
    ),
    "request": (request_expires(START), local(2026, 11, 25, 14, 30), START),
}


@pytest.mark.parametrize("name", SPANS)
def test_a_reminder_is_due_from_its_first_instant_on_and_expires_at_its_last(name: str) -> None:
    span, first, last = SPANS[name]

    assert [span.is_open(first + by) for by in (-SECOND, 0 * SECOND, SECOND)] == [False, True, True]
    assert [span.is_open(last + by) for by in (-SECOND, 0 * SECOND, SECOND)] == [True, False, False]


@pytest.mark.parametrize(
    ("after", "due_after"),
    [(0 * SECOND, 0 * SECOND), (SECOND, 60 * SECOND), (59.999 * SECOND, 60 * SECOND)],
)
def test_what_is_asked_within_one_minute_is_asked_again_at_its_end(
    after: timedelta, due_after: timedelta
) -> None:
    first, second = acknowledgement_due(ASKED + after)

    assert first.due_at == ASKED + due_after + 24 * HOUR
    assert (second.due_at, second.expires_at) == (first.expires_at, first.due_at + 48 * HOUR)


@pytest.mark.parametrize(
    ("proposed_before", "due_before"),
    [
        (100 * HOUR, 12 * HOUR),
        (12 * HOUR + SECOND, 12 * HOUR),
        (12 * HOUR, 12 * HOUR),
        (12 * HOUR - 2 * SECOND, 6 * HOUR - SECOND),
        (6 * HOUR, 3 * HOUR),
        (2 * SECOND, SECOND),
    ],
)
def test_an_answer_is_due_twelve_hours_before_the_expiry_or_half_way_where_less_is_left(
    proposed_before: timedelta, due_before: timedelta
) -> None:
    assert answer_due(START - proposed_before, START, Role.PARENT).due_at == START - due_before


def test_in_the_last_half_hour_the_tutor_hears_of_a_request_by_one_reminder_alone() -> None:
    late = answer_due(START - HOUR, START, Role.TUTOR)

    assert not any(late.is_open(START - timedelta(minutes=minute)) for minute in range(61))
    assert late.expires_at == request_expires(START).due_at


def test_clock_times_are_the_agencys_clock_changes_included() -> None:
    """London goes back an hour on 25 October 2026."""
    before, after = date(2026, 10, 24), date(2026, 10, 25)

    assert tutor_digest(before, LONDON).due_at == datetime(2026, 10, 24, 6, tzinfo=UTC)
    assert tutor_digest(after, LONDON).due_at == datetime(2026, 10, 25, 7, tzinfo=UTC)
    assert day_before(after, LONDON).due_at == datetime(2026, 10, 24, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "due_at"),
    [
        (local(2026, 11, 25, 6, 59, 59), local(2026, 11, 25, 7)),
        (local(2026, 11, 25, 7), local(2026, 11, 26, 7)),
        (local(2026, 11, 25, 23, 59, 59), local(2026, 11, 26, 7)),
        (local(2026, 11, 26, 0), local(2026, 11, 26, 7)),
        (local(2026, 11, 30, 8), local(2026, 12, 1, 7)),
    ],
)
def test_a_daily_reminder_is_next_due_later_than_now(after: datetime, due_at: datetime) -> None:
    assert next_due_at(tutor_digest, after, SINGAPORE) == due_at
