"""Times as people type them (SPEC 3, 6)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services.rules.refusals import Refusal
from services.rules.refusals.typed import TimeNotClear, TimesNotRead
from services.rules.typed_times import local_instant, read_span

SINGAPORE = ZoneInfo("Asia/Singapore")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 25)


def at(hour: int, minute: int = 0, day: int = 25) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SINGAPORE)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("15:02-16:31", at(15, 2), at(16, 31)),
        (" 15.02 – 16.31 ", at(15, 2), at(16, 31)),
        ("1502 to 1631", at(15, 2), at(16, 31)),
        ("3pm-4:30pm", at(15), at(16, 30)),
        ("12am-12pm", at(0), at(12)),
        ("9-10", at(9), at(10)),
        ("23:30-00:30", at(23, 30), at(0, 30, day=26)),
    ],
)
def test_two_times_are_read_as_people_type_them(
    typed: str, first: datetime, last: datetime
) -> None:
    assert read_span(typed, DAY, SINGAPORE) == (first, last)


@pytest.mark.parametrize("typed", ["", "yesterday", "15:02", "25:00-26:00", "13pm-14pm", "9-61:99"])
def test_what_is_no_pair_of_times_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_span(typed, DAY, SINGAPORE)
    assert isinstance(refused.value, TimesNotRead)


@pytest.mark.parametrize(
    ("day", "clock"),
    [(date(2026, 3, 29), time(2, 30)), (date(2026, 10, 25), time(2, 30))],
    ids=["skipped in spring", "twice in autumn"],
)
def test_a_local_time_that_a_clock_change_skips_or_repeats_is_refused(
    day: date, clock: time
) -> None:
    with pytest.raises(Refusal) as refused:
        local_instant(day, clock, BERLIN)
    assert isinstance(refused.value, TimeNotClear)
