"""When a tutor may check in and out (SPEC 3). Instants are aware; durations in minutes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.rules.refusals.attendance import (
    TooEarlyToCheckIn,
    TooEarlyToCheckOut,
    TooLateToCheckIn,
    TooLateToCheckOut,
)

CHECK_IN_LEAD = timedelta(minutes=30)
CHECK_OUT_LEAD = timedelta(minutes=30)
CHECK_OUT_GRACE = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
NOT_OVER = timedelta(days=2)
"""How long ago a running session can have begun: an import refuses longer than a day."""


@dataclass(frozen=True)
class CheckInWindow:
    """Window of check-in, from `opens_at` (included) until `closes_at` (excluded)."""

    opens_at: datetime
    closes_at: datetime

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at

    def require_open(self, now: datetime, *, appointment_id: int) -> None:
        """Raise the refusal that tells how far `now` is outside, and for which session."""
        if self.is_open(now):
            return
        if now < self.opens_at:
            raise TooEarlyToCheckIn(
                minutes=minutes_until(self.opens_at, now),
                opens_at=self.opens_at,
                appointment_id=appointment_id,
            )
        raise TooLateToCheckIn(closed_at=self.closes_at)


@dataclass(frozen=True)
class CheckOutWindow:
    """Window of check-out, from `opens_at` until `closes_at`, both included."""

    opens_at: datetime
    closes_at: datetime

    @property
    def missed_from(self) -> datetime:
        """From when the check-out is missed: at `closes_at` itself it is still possible."""
        return self.closes_at + timedelta(seconds=1)

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now <= self.closes_at

    def require_open(self, now: datetime, *, appointment_id: int) -> None:
        """Raise the refusal that tells how far `now` is outside, and for which session."""
        if self.is_open(now):
            return
        if now < self.opens_at:
            raise TooEarlyToCheckOut(
                minutes=minutes_until(self.opens_at, now),
                opens_at=self.opens_at,
                appointment_id=appointment_id,
            )
        raise TooLateToCheckOut(closed_at=self.closes_at)


def check_in_window(starts_at: datetime, ends_at: datetime, agency: ZoneInfo) -> CheckInWindow:
    """Window from 30 minutes before the start until the end of its day in the agency's zone.

    Check-in to a session that crosses midnight is open until its scheduled end.
    """
    return CheckInWindow(starts_at - CHECK_IN_LEAD, max(end_of_day(starts_at, agency), ends_at))


def check_out_window(ends_at: datetime) -> CheckOutWindow:
    """Window from 30 minutes before the scheduled end until 24 hours after it."""
    return CheckOutWindow(ends_at - CHECK_OUT_LEAD, ends_at + CHECK_OUT_GRACE)


def end_of_day(instant: datetime, zone: ZoneInfo) -> datetime:
    """Midnight that ends the calendar day of `instant` in `zone`."""
    next_day = instant.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(next_day, time.min, tzinfo=zone).astimezone(instant.tzinfo)


def start_of_day(instant: datetime, zone: ZoneInfo) -> datetime:
    """Midnight that begins the calendar day of `instant` in `zone`."""
    day = instant.astimezone(zone).date()
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(instant.tzinfo)


@lru_cache(1024)
def bounds_of_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Midnights, in UTC, at which a calendar day begins and ends in `zone`."""
    begins_at = datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
    return begins_at, end_of_day(begins_at, zone)


def minutes_until(later: datetime, now: datetime) -> int:
    """Whole minutes from `now` to `later`, rounded up, at least 1."""
    return max(1, -((now - later) // MINUTE))
