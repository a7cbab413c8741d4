"""Start of a session as people type it: "thu 4pm", "26/11 16:00" (SPEC 6; UX 10).

Pure; the zone and the names of days and months are passed in, English ones by default.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.refusals import Refusal
from services.rules.refusals.typed import SlotNotRead, TimeDoesNotExist, TimeTwice
from services.rules.typed_times import clock_time

SHORTEST = 3
"""Fewest letters of an English name that are enough."""


def _shortened(names: tuple[str, ...], first: int) -> Mapping[str, int]:
    return MappingProxyType(
        {
            name[:length]: number
            for number, name in enumerate(names, first)
            for length in range(SHORTEST, len(name) + 1)
        }
    )


ENGLISH_WEEKDAYS = _shortened(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), first=0
)
ENGLISH_MONTHS = _shortened(
    (
        *("january", "february", "march", "april", "may", "june"),
        *("july", "august", "september", "october", "november", "december"),
    ),
    first=1,
)
DAYS_AHEAD = MappingProxyType({"today": 0, "tomorrow": 1})
WEEK = 7
YEARS_AHEAD = 8
"""Number of years within which every calendar day occurs, 29 February too."""
CENTURY = 100

_START = re.compile(
    r"(?P<day>.*?)[\s,]*(?:\bat\s+)?(?<!\d)"
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})\s*(?P<half>am|pm)?|\s*(?P<only>am|pm|h))\.?"
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{2}(?:\d{2})?))?\.?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s+([^\W\d_]+)\.?(?:,?\s+(\d{4}))?")
_NAMED_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th|\.)?(?:,?\s+(\d{4}))?")
_WITH_WEEKDAY = re.compile(r"([^\W\d_]+)\.?,?\s+(.+)")


def read_slot_start(
    text: str,
    *,
    near: datetime,
    now: datetime,
    zone: ZoneInfo,
    weekdays: Mapping[str, int] = ENGLISH_WEEKDAYS,
    months: Mapping[str, int] = ENGLISH_MONTHS,
) -> datetime:
    """Instant, in UTC, of a typed day and time, or of a typed time on the day of `near`.

    A weekday is the next one on which this time is still to come, a date without a year the next
    such date. The caller checks whether the time has passed. Refused: SlotNotRead,
    TimeDoesNotExist (the clocks skip it), TimeTwice (they show it twice).
    """
    found = _START.fullmatch(text.strip().lower())
    if found is None:
        raise SlotNotRead
    half = found["half"] or found["only"]
    try:
        at = clock_time(found["hour"], found["minute"], None if half == "h" else half)
    except Refusal:
        raise SlotNotRead from None
    local_now = now.astimezone(zone).replace(tzinfo=None)
    typed_day, near_day = found["day"].strip(), near.astimezone(zone).date()
    for day in _days(typed_day, near_day, local_now.date(), weekdays, months):
        local = datetime.combine(day, at)
        if local > local_now or typed_day not in weekdays:
            return _instant(local, zone)
    raise SlotNotRead


def _days(
    typed: str,
    near: date,
    today: date,
    weekdays: Mapping[str, int],
    months: Mapping[str, int],
) -> Iterator[date]:
    """Days that can be meant; for a weekday the next two, the first may be today."""
    if not typed:
        yield near
    elif typed in DAYS_AHEAD:
        yield today + timedelta(days=DAYS_AHEAD[typed])
    elif typed in weekdays:
        ahead = (weekdays[typed] - today.weekday()) % WEEK
        yield today + timedelta(days=ahead)
        yield today + timedelta(days=ahead + WEEK)
    else:
        named = _WITH_WEEKDAY.fullmatch(typed)
        if named and named[1] in weekdays:
            day = _date(named[2], today, months)
            if day is not None and day.weekday() == weekdays[named[1]]:
                yield day
            return
        day = _date(typed, today, months)
        if day is not None:
            yield day


def _date(typed: str, today: date, months: Mapping[str, int]) -> date | None:
    """Date with or without a year; None where the text is none."""
    if iso := _ISO.fullmatch(typed):
        return _valid(int(iso[1]), int(iso[2]), int(iso[3]), today)
    if numbers := _NUMBERS.fullmatch(typed):
        day, month, year = int(numbers[1]), int(numbers[2]), numbers[3]
    elif (named := _NAMED.fullmatch(typed)) and named[2] in months:
        day, month, year = int(named[1]), months[named[2]], named[3]
    elif (named := _NAMED_FIRST.fullmatch(typed)) and named[1] in months:
        day, month, year = int(named[2]), months[named[1]], named[3]
    else:
        return None
    if year is not None:
        full = int(year) + (today.year // CENTURY * CENTURY if int(year) < CENTURY else 0)
        return _valid(full, month, day, today)
    years = range(today.year, today.year + YEARS_AHEAD + 1)
    dates = (_valid(one, month, day, today) for one in years)
    return next((one for one in dates if one is not None and one >= today), None)


def _valid(year: int, month: int, day: int, today: date) -> date | None:
    """The date, if the calendar has it and its year is plausible."""
    if abs(year - today.year) > YEARS_AHEAD:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    try:
        return instant_of(local, zone).astimezone(UTC)
    except NonexistentTimeError:
        raise TimeDoesNotExist from None
    except AmbiguousTimeError:
        first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        raise TimeTwice(first=first, second=second) from None
