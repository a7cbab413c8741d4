"""Times as people type them: "15:02-16:31" (SPEC 3, 6). Pure; the zone is passed in."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.refusals.typed import TimeNotClear, TimesNotRead

HALF_A_DAY = timedelta(hours=12)

_TIME = r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*(am|pm)?"
_SPAN = re.compile(rf"\s*{_TIME}\s*(?:-|–|—|~|to|until)\s*{_TIME}\s*", re.IGNORECASE)


def read_span(text: str, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Two times of `day` in `zone`; the second is of the next day unless it is later.

    Refused: TimesNotRead, and TimeNotClear for a local time that a clock change skips or
    repeats.
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        raise TimesNotRead
    first, last = clock_time(*found.group(1, 2, 3)), clock_time(*found.group(4, 5, 6))
    last_day = day if last > first else day + timedelta(days=1)
    return local_instant(day, first, zone), local_instant(last_day, last, zone)


def is_span(text: str) -> bool:
    """Whether the text has two times and nothing else, possible or not."""
    return _SPAN.fullmatch(text) is not None


def read_span_near(text: str, start: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Two times in `zone`, on the day on which the first is nearest to `start`.

    For a session at 23:30, "00:05-01:00" is after midnight. Refused as `read_span` is.
    """
    day = start.astimezone(zone).date()
    span = read_span(text, day, zone)
    if abs(span[0] - start) <= HALF_A_DAY:
        return span
    nearer = timedelta(days=1 if span[0] < start else -1)
    return read_span(text, day + nearer, zone)


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The one instant at which clocks in `zone` show this time. Refused: TimeNotClear."""
    try:
        return instant_of(datetime.combine(day, at), zone).astimezone(zone)
    except (NonexistentTimeError, AmbiguousTimeError):
        raise TimeNotClear from None


def clock_time(hours: str, minutes: str | None, half: str | None) -> time:
    """Time of day as it was typed; `half` is am, pm or None. Refused: TimesNotRead."""
    hour, minute = int(hours), int(minutes or 0)
    if half:
        if not 1 <= hour <= 12:  # hours of a twelve-hour clock
            raise TimesNotRead
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise TimesNotRead from None
