"""When a session took place, as people type it: "15:02-16:31" (SPEC 3). Pure.

When it shall take place: `services.rules.typed_slots`.
"""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.refusals.typed import TimeNotClear, TimesNotRead

NOON = 12
DAY = timedelta(days=1)

_TIME = r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*(am|pm)?"
_SPAN = re.compile(rf"\s*{_TIME}\s*(?:-|–|—|~|to|until)\s*{_TIME}\s*", re.IGNORECASE)


def is_span(text: str) -> bool:
    """Whether the text has two times and nothing else, possible or not."""
    return _SPAN.fullmatch(text) is not None


def read_span_near(text: str, start: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Two times in `zone`, the first as near to `start` as it can be, the second soon after it.

    For a session at 23:30, "00:05-01:00" is after midnight; for one at 15:00, "3-4:30" is after
    noon. Refused: TimesNotRead, and TimeNotClear for a local time that a clock change skips or
    repeats.
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        raise TimesNotRead
    booked = start.astimezone(zone).replace(tzinfo=None)
    first = min(
        (
            datetime.combine(booked.date() + days * DAY, at)
            for at in _possible(*found.group(1, 2, 3))
            for days in (-1, 0, 1)
        ),
        key=lambda one: abs(one - booked),
    )
    same_day = [datetime.combine(first.date(), at) for at in _possible(*found.group(4, 5, 6))]
    last = min(one if one > first else one + DAY for one in same_day)
    return _local_instant(first, zone), _local_instant(last, zone)


def _local_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The one instant at which clocks in `zone` show this time. Refused: TimeNotClear."""
    try:
        return instant_of(local, zone).astimezone(zone)
    except (NonexistentTimeError, AmbiguousTimeError):
        raise TimeNotClear from None


def _possible(hours: str, minutes: str | None, half: str | None) -> list[time]:
    """Times of day that were typed, both where am or pm is open. Refused: TimesNotRead."""
    hour, minute = int(hours), int(minutes or 0)
    on_twelve = 1 <= hour <= NOON
    if half and not on_twelve:
        raise TimesNotRead
    if half:
        each = [hour % NOON + (NOON if half.lower() == "pm" else 0)]
    elif on_twelve and not hours.startswith("0"):
        each = [hour % NOON, hour % NOON + NOON]
    else:
        each = [hour]
    try:
        return [time(one, minute) for one in each]
    except ValueError:
        raise TimesNotRead from None
