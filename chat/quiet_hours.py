"""Quiet hours: messages come, but silently (UX 11)."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

QUIET_FROM = time(21, 30)
QUIET_UNTIL = time(7, 30)


def is_quiet(now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is between 21:30 (included) and 07:30 (not included) in the reader's zone."""
    local = now.astimezone(zone).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL
