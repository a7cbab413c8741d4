"""Weekly slots: by weekday and wall time, over changes of the clocks (SPEC 7)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.rules.refusals import Refusal
from services.rules.refusals.matches import SlotsOverlap, SlotsWanted
from services.rules.refusals.sessions import LengthNotPossible
from services.rules.weekly import (
    MOST_SLOTS,
    Hindrance,
    Slot,
    WeeklyTime,
    horizon,
    occurrences,
    require_slots,
    stands_where_it_was_made,
)

LONDON, NEW_YORK, LORD_HOWE = "Europe/London", "America/New_York", "Australia/Lord_Howe"
SINGAPORE, KOLKATA = "Asia/Singapore", "Asia/Kolkata"
SKIPPED, DOUBLED = Hindrance.SKIPPED_TIME, Hindrance.DOUBLED_TIME


def slot(at: str, day: date, *, minutes: int = 60) -> Slot:
    return Slot(1, WeeklyTime(day.isoweekday(), time.fromisoformat(at), minutes), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("zone", "first", "at", "expected"),
    [
        # Clocks go forward on 29 March 2026 at 01:00 UTC, back on 25 October 2026.
        (LONDON, "2026-03-22", "16:00", ["16:00Z", "15:00Z", "15:00Z"]),
        (LONDON, "2026-03-22", "01:30", ["01:30Z", SKIPPED, "00:30Z"]),
        (LONDON, "2026-03-22", "02:00", ["02:00Z", "01:00Z", "01:00Z"]),
        (LONDON, "2026-10-18", "01:30", ["00:30Z", DOUBLED, "01:30Z"]),
        (LONDON, "2026-10-18", "02:00", ["01:00Z", "02:00Z", "02:00Z"]),
        (LONDON, "2026-10-18", "16:00", ["15:00Z", "16:00Z", "16:00Z"]),
        # Forward on 8 March 2026, back on 1 November 2026, at two o'clock.
        (NEW_YORK, "2026-03-01", "02:30", ["07:30Z", SKIPPED, "06:30Z"]),
        (NEW_YORK, "2026-10-25", "01:15", ["05:15Z", DOUBLED, "06:15Z"]),
        (NEW_YORK, "2026-10-25", "17:00", ["21:00Z", "22:00Z", "22:00Z"]),
        # By half an hour only: forward on 4 October 2026, back on 5 April 2026.
        (LORD_HOWE, "2026-09-27", "02:15", ["15:45Z-1", SKIPPED, "15:15Z-1"]),
        (LORD_HOWE, "2026-09-27", "02:30", ["16:00Z-1", "15:30Z-1", "15:30Z-1"]),
        (LORD_HOWE, "2026-03-29", "01:45", ["14:45Z-1", DOUBLED, "15:15Z-1"]),
        (LORD_HOWE, "2026-03-29", "02:00", ["15:00Z-1", "15:30Z-1", "15:30Z-1"]),
        # Without changes of the clocks.
        (SINGAPORE, "2026-03-22", "02:30", ["18:30Z-1", "18:30Z-1", "18:30Z-1"]),
        (KOLKATA, "2026-10-18", "01:30", ["20:00Z-1", "20:00Z-1", "20:00Z-1"]),
    ],
)
def test_the_wall_time_stays_over_a_change_of_the_clocks(
    zone: str, first: str, at: str, expected: list[str | Hindrance]
) -> None:
    day = date.fromisoformat(first)
    found = occurrences([slot(at, day)], day, day + timedelta(weeks=2), ZoneInfo(zone), closed={})

    assert [one.day for one in found] == [day + timedelta(weeks=week) for week in range(3)]
    assert [_told(one.day, one.starts_at) or one.hindrance for one in found] == expected
    assert all(one.ends_at is None for one in found if one.hindrance is not None)


def _told(day: date, starts_at: datetime | None) -> str | None:
    """Instant in UTC as the table writes it, with the day that it is off."""
    if starts_at is None:
        return None
    off = (starts_at.date() - day).days
    return f"{starts_at:%H:%M}Z" + (f"{off:+}" if off else "")


def test_the_length_is_time_that_passes_even_where_the_clocks_change_meanwhile() -> None:
    day = date(2026, 3, 29)
    (found,) = occurrences([slot("00:30", day, minutes=90)], day, day, ZoneInfo(LONDON), {})

    assert found.starts_at is not None
    assert found.ends_at is not None
    assert found.ends_at - found.starts_at == timedelta(minutes=90)
    assert found.ends_at.astimezone(ZoneInfo(LONDON)).time() == time(3)


def test_holidays_and_leave_have_no_session() -> None:
    monday = date(2026, 11, 30)
    closed = {
        monday: Hindrance.HOLIDAY,
        monday + timedelta(weeks=1): Hindrance.LEAVE,
        monday + timedelta(days=1): Hindrance.HOLIDAY,
    }
    found = occurrences(
        [slot("15:00", monday)], monday, monday + timedelta(weeks=2), ZoneInfo(SINGAPORE), closed
    )

    assert [one.hindrance for one in found] == [Hindrance.HOLIDAY, Hindrance.LEAVE, None]


def test_a_slot_counts_on_its_first_and_last_day_and_between() -> None:
    at = WeeklyTime(3, time(15), 60)
    counts = Slot(7, at, date(2026, 12, 2), date(2026, 12, 16))

    found = occurrences([counts], date(2026, 1, 1), date(2027, 1, 31), ZoneInfo(SINGAPORE), {})

    assert [(one.slot_id, one.day.isoformat()) for one in found] == [
        (7, "2026-12-02"),
        (7, "2026-12-09"),
        (7, "2026-12-16"),
    ]


def test_several_slots_come_in_the_order_of_days_and_times() -> None:
    monday = date(2026, 11, 30)
    slots = [slot("17:00", monday), slot("09:00", monday), slot("08:00", date(2026, 12, 3))]

    found = occurrences(slots, monday, date(2026, 12, 7), ZoneInfo(SINGAPORE), {})

    assert [f"{one.day:%d} {one.at.start_time:%H:%M}" for one in found] == [
        "30 09:00",
        "30 17:00",
        "03 08:00",
        "07 09:00",
        "07 17:00",
    ]


def test_the_horizon_is_eight_weeks_today_included() -> None:
    today = date(2026, 11, 29)
    days = occurrences([slot("15:00", today)], today, horizon(today), ZoneInfo(SINGAPORE), {})

    assert len(days) == 8


def test_a_session_stands_where_it_was_made_until_it_moves() -> None:
    day = date(2026, 3, 29)
    there = slot("16:00", day)
    starts_at = datetime(2026, 3, 29, 15, tzinfo=UTC)
    hour = timedelta(hours=1)

    def stands(start: datetime, end: datetime) -> bool:
        return stands_where_it_was_made(there, day, ZoneInfo(LONDON), start, end)

    assert stands(starts_at, starts_at + hour)
    assert not stands(starts_at + hour, starts_at + 2 * hour)
    assert not stands(starts_at, starts_at + 2 * hour)


@pytest.mark.parametrize(
    ("times", "refusal"),
    [
        ([], SlotsWanted),
        ([(0, "15:00", 60)], SlotsWanted),
        ([(8, "15:00", 60)], SlotsWanted),
        ([(1, f"{hour:02}:00", 30) for hour in range(MOST_SLOTS + 1)], SlotsWanted),
        ([(1, "15:00", 10)], LengthNotPossible),
        ([(1, "15:00", 481)], LengthNotPossible),
        ([(1, "15:00", 60), (1, "15:00", 60)], SlotsOverlap),
        ([(1, "15:00", 90), (1, "16:00", 60)], SlotsOverlap),
        ([(7, "23:30", 60), (1, "00:00", 60)], SlotsOverlap),
        ([(1, "15:00", 60), (1, "16:00", 60)], None),
        ([(7, "23:00", 60), (1, "00:00", 60)], None),
        ([(4, "16:00", 45), (1, "15:00", 480)], None),
    ],
)
def test_the_weekly_times_of_a_match(
    times: list[tuple[int, str, int]], refusal: type[Refusal] | None
) -> None:
    given = [WeeklyTime(day, time.fromisoformat(at), minutes) for day, at, minutes in times]
    if refusal is None:
        assert require_slots(given) == sorted(given)
    else:
        with pytest.raises(refusal):
            require_slots(given)
