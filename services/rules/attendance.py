"""Missing attendance of a session, and the corrected times that are possible (SPEC 3)."""

from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from models.enums import Kind, MissedKind, Status
from services.rules.refusals.attendance import AttendanceImpossible
from services.rules.windows import check_in_window, check_out_window

LONGEST = timedelta(hours=12)
"""Longest session that a correction accepts: beyond it two times were mixed up."""

LATE = timedelta(minutes=15)
"""How long after its end a session can be called in progress, though nobody has checked out."""


class Attended(Protocol):
    """Session as far as its attendance is concerned: its row, or that of a list."""

    @property
    def status(self) -> Status: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def checked_in_at(self) -> datetime | None: ...
    @property
    def checked_out_at(self) -> datetime | None: ...
    @property
    def student_absent(self) -> bool: ...


def is_without_check_in(status: Status, ends_at: datetime, now: datetime) -> bool:
    """Whether a session is over and nobody has checked in: it was not held, as far as is known.

    Its status is `scheduled` still, since the tap may come until the day is over.
    """
    return status is Status.SCHEDULED and now >= ends_at


def lacks_check_out(status: Status, ends_at: datetime, now: datetime) -> bool:
    """Whether a check-out is late: it was due at the end."""
    return status is Status.CHECKED_IN and now >= ends_at + LATE


def missed(
    status: Status, starts_at: datetime, ends_at: datetime, agency: ZoneInfo, now: datetime
) -> MissedKind | None:
    """Missing tap, once its window is over; None while it can still come."""
    if status is Status.SCHEDULED and now >= check_in_window(starts_at, ends_at, agency).closes_at:
        return MissedKind.CHECK_IN
    if status is Status.CHECKED_IN and now > check_out_window(ends_at).closes_at:
        return MissedKind.CHECK_OUT
    return None


def is_possible_attendance(
    checked_in_at: datetime, checked_out_at: datetime, now: datetime
) -> bool:
    """Whether corrected times are in order, at most 12 hours apart, and not in the future."""
    in_order = checked_in_at < checked_out_at <= now
    return in_order and checked_out_at - checked_in_at <= LONGEST


def require_possible_attendance(
    checked_in_at: datetime, checked_out_at: datetime, now: datetime
) -> None:
    """Check corrected times. Refused: AttendanceImpossible."""
    if not is_possible_attendance(checked_in_at, checked_out_at, now):
        raise AttendanceImpossible
