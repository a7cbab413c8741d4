"""Quiet hours: messages come, but silently (UX 11)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM = time(21, 30)
QUIET_UNTIL = time(7, 30)
LAST_HOUR = timedelta(hours=1)
"""How long before quiet hours a warning comes that would be slept through."""
LONGEST_SHIFT = timedelta(hours=12)
"""By how much at most quiet hours shift a warning, clock changes included."""


def is_quiet(now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is between 21:30 (included) and 07:30 (not included) in the reader's zone."""
    local = now.astimezone(zone).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def awake_at(at: datetime, zone: ZoneInfo) -> datetime:
    """Last hour before the quiet hours in which `at` lies begin; otherwise `at` (SPEC 8)."""
    if not is_quiet(at, zone):
        return at
    begins_at = datetime.combine(_evening(at, zone), QUIET_FROM, tzinfo=zone).astimezone(UTC)
    return begins_at - LAST_HOUR


def quiet_until(at: datetime, zone: ZoneInfo) -> datetime:
    """When the quiet hours in which `at` lies end; otherwise `at`."""
    if not is_quiet(at, zone):
        return at
    morning = _evening(at, zone) + timedelta(days=1)
    return datetime.combine(morning, QUIET_UNTIL, tzinfo=zone).astimezone(UTC)


def _evening(at: datetime, zone: ZoneInfo) -> date:
    """The day in whose evening the quiet hours begin in which `at` lies."""
    local = at.astimezone(zone)
    return local.date() - timedelta(days=local.time() < QUIET_UNTIL)
