"""Times that are offered for moving a session, before one is typed (SPEC 6; UX 10).

Pure. Starts are instants in UTC; days and hours are in the reader's zone. A time that the clocks
skip or repeat is not offered, but can be typed.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of

DAYS = 10
"""How many days before and after a session's own day the first suggestions look."""
CALENDAR_DAYS = 14
"""Days on one page of the calendar; the first page begins today."""
CALENDAR_PAGES = 27
"""Pages of the calendar, about a year."""
SUGGESTIONS = 5
FIRST_HOUR, LAST_HOUR = 8, 21
"""First and last hour that are offered on a chosen day."""


def same_time_on_other_days(
    starts_at: datetime, now: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """Session's own time on the days around it, nearest first, without its own day."""
    local = starts_at.astimezone(zone)
    for day in _days_around(starts_at, now, zone):
        if day != local.date():
            yield from _instants([(day, local.time())], zone)


def usual_times(
    known: Iterable[datetime], starts_at: datetime, now: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """Weekdays and hours at which the tutor usually teaches, on the days around the session."""
    local = (start.astimezone(zone) for start in known)
    habits = {(start.weekday(), start.time()) for start in local}
    for day in _days_around(starts_at, now, zone):
        yield from _instants(
            [(day, at) for weekday, at in sorted(habits) if weekday == day.weekday()], zone
        )


def hours_of(day: date, starts_at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Every full hour of a day, and the minute at which the session starts now."""
    minutes = sorted({0, starts_at.astimezone(zone).minute})
    hours = range(FIRST_HOUR, LAST_HOUR + 1)
    times = [(day, time(hour, minute)) for hour in hours for minute in minutes]
    yield from _instants([(day, at) for day, at in times if at <= time(LAST_HOUR)], zone)


def calendar_days(today: date, page: int) -> list[date]:
    """Days on a page of the calendar, the first of which is number 0."""
    first = today + timedelta(days=CALENDAR_DAYS * min(max(0, page), CALENDAR_PAGES - 1))
    return [first + timedelta(days=ahead) for ahead in range(CALENDAR_DAYS)]


def page_with(day: date, today: date) -> int:
    """The page of the calendar that has a day, or is nearest to it."""
    return min(max(0, (day - today).days // CALENDAR_DAYS), CALENDAR_PAGES - 1)


def overlaps(
    starts_at: datetime, ends_at: datetime, taken: Iterable[tuple[datetime, datetime]]
) -> bool:
    """Whether a slot (without its end) overlaps one of those taken."""
    return any(starts_at < end and start < ends_at for start, end in taken)


def _days_around(starts_at: datetime, now: datetime, zone: ZoneInfo) -> Iterator[date]:
    """Days from today on around a session's own, nearest first, a later one before an earlier."""
    today, own = now.astimezone(zone).date(), starts_at.astimezone(zone).date()
    middle = max(today, own)
    yield middle
    for away in range(1, DAYS + 1):
        yield middle + timedelta(days=away)
        if middle - timedelta(days=away) >= today:
            yield middle - timedelta(days=away)


def _instants(times: Iterable[tuple[date, time]], zone: ZoneInfo) -> Iterator[datetime]:
    for day, at in times:
        try:
            yield instant_of(datetime.combine(day, at), zone).astimezone(UTC)
        except (NonexistentTimeError, AmbiguousTimeError):
            continue
