"""Local times that a clock change skips or repeats (SPEC 1)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("2026-03-29 01:59", "2026-03-29 00:59Z"),
        ("2026-03-29 03:00", "2026-03-29 01:00Z"),
        ("2026-10-25 01:59", "2026-10-24 23:59Z"),
        ("2026-10-25 03:00", "2026-10-25 02:00Z"),
    ],
)
def test_a_time_next_to_a_clock_change_is_one_instant_in_utc(local: str, instant: str) -> None:
    found = instant_of(datetime.fromisoformat(local), BERLIN)
    assert (found, found.tzinfo) == (datetime.fromisoformat(instant), UTC)


@pytest.mark.parametrize("clock", ["02:00", "02:59"])
def test_a_skipped_time_and_a_repeated_one_are_told_apart(clock: str) -> None:
    with pytest.raises(NonexistentTimeError):
        instant_of(datetime.fromisoformat(f"2026-03-29 {clock}"), BERLIN)
    with pytest.raises(AmbiguousTimeError):
        instant_of(datetime.fromisoformat(f"2026-10-25 {clock}"), BERLIN)


@pytest.mark.parametrize(
    ("end", "zone"),
    [("0001-01-01 00:00", "Asia/Singapore"), ("9999-12-31 23:59", "America/New_York")],
)
def test_at_the_ends_of_the_calendar_there_is_no_instant(end: str, zone: str) -> None:
    with pytest.raises(NonexistentTimeError):
        instant_of(datetime.fromisoformat(end), ZoneInfo(zone))
