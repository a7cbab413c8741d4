"""Days and times as forms and addresses have them, near enough to be some session's."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.refusals.packages import DayNotRead
from services.rules.refusals.typed import TimeNotClear

INSTANT = "%Y%m%dT%H%MZ"
"""How addresses and forms write an instant."""
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)


def day_if_any(given: str) -> date | None:
    """The day that an address gives; None where it is none, or one far from any session."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def day_of(typed: str) -> date:
    """Day that was typed. Refused: DayNotRead."""
    day = day_if_any(typed)
    if day is None:
        raise DayNotRead
    return day


def time_if_any(given: str) -> time | None:
    """Wall time that a form gives, as "15:30"; None where it is none."""
    try:
        return datetime.strptime(given, "%H:%M").time()  # noqa: DTZ007 - a wall time has no zone
    except ValueError:
        return None


def instant_at(day: str, at: str, zone: ZoneInfo) -> datetime | None:
    """Instant of a day and a wall time that a form gives; None where they are none.

    Refused: TimeNotClear, where the clocks change.
    """
    given, wall = day_if_any(day), time_if_any(at)
    if given is None or wall is None:
        return None
    try:
        return instant_of(datetime.combine(given, wall), zone)
    except (NonexistentTimeError, AmbiguousTimeError):
        raise TimeNotClear from None


def instant_if_any(given: str) -> datetime | None:
    """Instant that a form or an address gives, as `INSTANT`; None where it is none."""
    try:
        instant = datetime.strptime(given, INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return instant if FIRST <= instant.date() <= LAST else None
