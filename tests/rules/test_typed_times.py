"""Times as people type them (SPEC 3, 6)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from locales.typed_words import vocabulary_of
from services.rules.refusals import Refusal
from services.rules.refusals.typed import TimeNotClear, TimesNotRead
from services.rules.typed_times import is_span, nearest_spans, read_span_near

WORDS = vocabulary_of("en")
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
        ("23:00-24:00", at(23), at(0, day=26)),
        ("5.10 till 6", at(17, 10), at(18)),
        ("from 5 to 6", at(17), at(18)),
        ("17h-18h30", at(17), at(18, 30)),
        ("half past five until 7 p.m.", at(17, 30), at(19)),
        ("2026-2130", at(20, 26), at(21, 30)),
    ],
)
def test_two_times_are_read_as_people_type_them(
    typed: str, first: datetime, last: datetime
) -> None:
    assert read_span_near(typed, first, SINGAPORE, WORDS) == (first, last)


@pytest.mark.parametrize(
    "typed",
    ["", "yesterday", "15:02", "25:00-26:00", "13pm-14pm", "9-61:99", "9" * 5000, "3-" + "9" * 10],
)
def test_what_is_no_pair_of_times_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_span_near(typed, at(15), SINGAPORE, WORDS)
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
    assert read_span_near(typed, booked, SINGAPORE, WORDS) == (first, last)


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
        read_span_near(typed, booked, BERLIN, WORDS)
    assert isinstance(refused.value, TimeNotClear)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("she came at 5 and left at 6", [(at(17), at(18))]),
        ("17:05 18:00", [(at(17, 5), at(18))]),
        ("13pm-14pm", [(at(13), at(14))]),
        ("25 nov 2026, 5-6 pm", [(at(17), at(18))]),
        ("2026-11-25 17:00-18:00", [(at(17), at(18))]),
        ("5-6 or 5:30 - 6:30", [(at(17), at(18)), (at(17, 30), at(18, 30))]),
        ("at 5 for 2 hours", []),
        ("at 5", []),
        ("5, then 6, then 7", []),
        ("7-6", []),
        ("as booked", []),
    ],
)
def test_what_is_more_than_two_times_has_nearest_readings(
    typed: str, spans: list[tuple[datetime, datetime]]
) -> None:
    assert nearest_spans(typed, at(17), SINGAPORE, WORDS) == spans


def test_times_that_a_clock_change_skips_are_no_reading() -> None:
    booked = datetime(2026, 3, 29, 1, tzinfo=BERLIN)
    assert nearest_spans("it was 02:30-04:00", booked, BERLIN, WORDS) == []


@pytest.mark.parametrize("typed", ["15:02-16:31", "25:00-26:00", "3 to 4pm", "noon until 1"])
def test_two_times_and_nothing_else_are_a_span(typed: str) -> None:
    assert is_span(typed, WORDS)


@pytest.mark.parametrize("typed", ["", "-", "5 to", "he came from 3 to 4", "2-3 times", "15 16"])
def test_words_are_no_span(typed: str) -> None:
    assert not is_span(typed, WORDS)
