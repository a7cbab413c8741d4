"""Times as people type them (SPEC 3, 6)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.rules.refusals import Refusal
from services.rules.refusals.typed import TimeNotClear, TimesNotRead
from services.rules.typed_times import read_span_near

SINGAPORE = ZoneInfo("Asia/Singapore")
BERLIN = ZoneInfo("Europe/Berlin")


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
    assert read_span_near(typed, first, SINGAPORE) == (first, last)


@pytest.mark.parametrize("typed", ["", "yesterday", "15:02", "25:00-26:00", "13pm-14pm", "9-61:99"])
def test_what_is_no_pair_of_times_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_span_near(typed, at(15), SINGAPORE)
    assert isinstance(refused.value, TimesNotRead)


@pytest.mark.parametrize(
    ("typed", "booked", "first", "last"),
    [
        ("3-4:30", at(15), at(15), at(16, 30)),
        ("3:02-4:31", at(15), at(15, 2), at(16, 31)),
        ("3-4:30", at(4), at(3), at(4, 30)),
        ("03:00-04:30", at(15), at(3), at(4, 30)),
        ("9-10", at(21), at(21), at(22)),
        ("9-10", at(9), at(9), at(10)),
        ("11-1", at(11), at(11), at(13)),
        ("11:30-1pm", at(11), at(11, 30), at(13)),
        ("3-4:30pm", at(15), at(15), at(16, 30)),
        ("00:05-01:00", at(23, 30), at(0, 5, day=26), at(1, day=26)),
        ("23:30-00:30", at(0, 15), at(23, 30, day=24), at(0, 30)),
    ],
)
def test_where_am_or_pm_or_the_day_is_open_it_is_near_the_booked_start(
    typed: str, booked: datetime, first: datetime, last: datetime
) -> None:
    assert read_span_near(typed, booked, SINGAPORE) == (first, last)


@pytest.mark.parametrize(
    "day",
    [date(2026, 3, 29), date(2026, 10, 25)],
    ids=["skipped in spring", "twice in autumn"],
)
@pytest.mark.parametrize("typed", ["02:30-04:00", "01:00-02:30"])
def test_a_local_time_that_a_clock_change_skips_or_repeats_is_refused(
    day: date, typed: str
) -> None:
    booked = datetime(day.year, day.month, day.day, 1, tzinfo=BERLIN)
    with pytest.raises(Refusal) as refused:
        read_span_near(typed, booked, BERLIN)
    assert isinstance(refused.value, TimeNotClear)
