"""Refusals of check-in, check-out and their corrections (SPEC 3)."""

from datetime import datetime

from services.rules.refusals import Refusal


class TooEarlyToCheckIn(Refusal):
    """Check-in is not open yet."""

    minutes: int
    """Until it opens, rounded up, at least 1."""
    opens_at: datetime
    appointment_id: int


class TooLateToCheckIn(Refusal):
    """Check-in is over."""

    closed_at: datetime


class TooEarlyToCheckOut(Refusal):
    """Check-out is not open yet."""

    minutes: int
    """Until it opens, rounded up, at least 1."""
    opens_at: datetime
    appointment_id: int


class TooLateToCheckOut(Refusal):
    """Check-out is over."""

    closed_at: datetime


class NotCheckedIn(Refusal):
    """Nobody can leave who has not come."""


class NothingToCheckIn(Refusal):
    """No session of the tutor is waiting for a check-in."""


class NothingToCheckOut(Refusal):
    """No session of the tutor is waiting for a check-out."""


class AttendanceMissing(Refusal):
    """A session without both times cannot be approved."""


class AttendanceImpossible(Refusal):
    """The times contradict each other, or lie in the future."""
