"""When a tutor may check in (SPEC 3), to the second, in several zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.rules.refusals import Refusal
from services.rules.refusals.attendance import TooEarlyToCheckIn, TooLateToCheckIn
from services.rules.windows import CheckInWindow, check_in_window

SECOND = timedelta(seconds=1)
SINGAPORE = ZoneInfo("Asia/Singapore")
ABOUT = 7
"""The session."""


def local(zone: str, *parts: int) -> datetime:
    """A wall-clock time in `zone`, as the instant in UTC that the database holds."""
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type, misc]


def window(zone: str, starts_at: datetime, minutes: int = 60) -> CheckInWindow:
    return check_in_window(starts_at, starts_at + timedelta(minutes=minutes), ZoneInfo(zone))


def refusal(opened: CheckInWindow, now: datetime) -> Refusal:
    with pytest.raises(Refusal) as caught:
        opened.require_open(now, appointment_id=ABOUT)
    return caught.value


def test_check_in_opens_thirty_minutes_before_the_start_that_instant_included() -> None:
    start = local("Asia/Singapore", 2026, 11, 25, 15, 0)
    opened = window("Asia/Singapore", start)
    opening = local("Asia/Singapore", 2026, 11, 25, 14, 30)

    assert not opened.is_open(opening - SECOND)
    assert opened.is_open(opening)
    assert opened.is_open(opening + SECOND)
    opened.require_open(opening, appointment_id=ABOUT)


def test_late_check_in_has_no_limit_until_the_day_ends_in_the_agencys_zone() -> None:
    start = local("Asia/Singapore", 2026, 11, 25, 9, 0)
    opened = window("Asia/Singapore", start)
    midnight = local("Asia/Singapore", 2026, 11, 26, 0, 0)

    assert opened.is_open(midnight - SECOND)
    assert not opened.is_open(midnight)
    assert isinstance(refusal(opened, midnight), TooLateToCheckIn)
    assert vars(refusal(opened, midnight)) == {"closed_at": midnight}


def test_a_session_across_midnight_can_be_checked_into_until_its_scheduled_end() -> None:
    start = local("Asia/Singapore", 2026, 11, 25, 23, 30)
    opened = window("Asia/Singapore", start, minutes=90)
    end = local("Asia/Singapore", 2026, 11, 26, 1, 0)

    assert opened.is_open(end - SECOND)
    assert not opened.is_open(end + SECOND)


def test_a_session_that_ends_at_midnight_closes_with_its_day() -> None:
    start = local("Asia/Singapore", 2026, 11, 25, 23, 0)

    assert window("Asia/Singapore", start).closes_at == local("Asia/Singapore", 2026, 11, 26, 0, 0)


def test_a_session_that_starts_just_after_midnight_can_be_checked_into_before_midnight() -> None:
    start = local("Asia/Singapore", 2026, 11, 26, 0, 10)
    opened = window("Asia/Singapore", start)

    assert opened.is_open(local("Asia/Singapore", 2026, 11, 25, 23, 40))
    assert not opened.is_open(local("Asia/Singapore", 2026, 11, 25, 23, 39, 59))
    assert opened.is_open(local("Asia/Singapore", 2026, 11, 26, 23, 59, 59))


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        ("Asia/Kuala_Lumpur", (2026, 11, 25), datetime(2026, 11, 25, 16, 0, tzinfo=UTC)),
        ("Asia/Kathmandu", (2026, 11, 25), datetime(2026, 11, 25, 18, 15, tzinfo=UTC)),
        ("Pacific/Kiritimati", (2026, 11, 25), datetime(2026, 11, 25, 10, 0, tzinfo=UTC)),
        ("America/Los_Angeles", (2026, 11, 25), datetime(2026, 11, 26, 8, 0, tzinfo=UTC)),
        # Clocks go forward at 02:00 and back at 03:00: the day has 23 hours, and 25.
        ("Europe/Berlin", (2026, 3, 29), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),
        ("Europe/Berlin", (2026, 10, 25), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
        # The next day begins at 01:00, since its midnight does not exist.
        ("Africa/Cairo", (2026, 4, 23), datetime(2026, 4, 23, 22, 0, tzinfo=UTC)),
        # The day's last hour comes twice.
        ("Africa/Cairo", (2026, 10, 29), datetime(2026, 10, 29, 22, 0, tzinfo=UTC)),
    ],
)
def test_the_day_ends_at_the_agencys_own_midnight_clock_changes_included(
    zone: str, day: tuple[int, int, int], ends: datetime
) -> None:
    opened = window(zone, local(zone, *day, 10, 0))

    assert opened.closes_at == ends
    assert opened.is_open(ends - SECOND)
    assert not opened.is_open(ends)


def test_the_half_hour_is_thirty_minutes_of_time_over_a_clock_change_too() -> None:
    start = local("Europe/Berlin", 2026, 3, 29, 3, 10)  # ten minutes after 02:00 became 03:00

    opened = window("Europe/Berlin", start)

    assert opened.opens_at == local("Europe/Berlin", 2026, 3, 29, 1, 40)


@pytest.mark.parametrize(
    ("before_opening", "minutes"),
    [
        (timedelta(microseconds=1), 1),
        (timedelta(seconds=1), 1),
        (timedelta(seconds=60), 1),
        (timedelta(seconds=61), 2),
        (timedelta(minutes=17), 17),
        (timedelta(minutes=17, microseconds=1), 18),
        (timedelta(days=1, seconds=1), 1441),
    ],
)
def test_too_early_says_how_many_minutes_remain_rounded_up_and_never_none(
    before_opening: timedelta, minutes: int
) -> None:
    opened = check_in_window(
        datetime(2026, 11, 25, 7, 0, tzinfo=UTC),
        datetime(2026, 11, 25, 8, 0, tzinfo=UTC),
        SINGAPORE,
    )

    refused = refusal(opened, opened.opens_at - before_opening)

    assert isinstance(refused, TooEarlyToCheckIn)
    assert vars(refused) == {
        "minutes": minutes,
        "opens_at": opened.opens_at,
        "appointment_id": ABOUT,
    }
