"""Attendance flags of a session, and where its times come from (SPEC 3). Pure, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.enums import Action, Channel

MINUTE = timedelta(minutes=1)


class Flag(StrEnum):
    """What a coordinator should look at."""

    LATE_START = "late_start"
    EARLY_LEAVE = "early_leave"
    SHORT = "short"
    NO_NOTES = "no_notes"


class TimeSource(StrEnum):
    """How a time of attendance came to be known."""

    TELEGRAM = "telegram"
    WEB = "web"
    CORRECTED = "corrected"
    IMPORTED = "imported"
    LOGGED = "logged"
    """Of an extra session that its tutor logged afterwards (SPEC 7)."""


@dataclass(frozen=True)
class Raised:
    """A flag, with the minutes that a start was late or a leave early."""

    flag: Flag
    minutes: int | None = None


@dataclass(frozen=True)
class Sources:
    """Sources of both times; None where there is no time, or nobody recorded it."""

    checked_in: TimeSource | None = None
    checked_out: TimeSource | None = None


def flags(
    starts_at: datetime,
    ends_at: datetime,
    checked_in_at: datetime | None,
    checked_out_at: datetime | None,
    *,
    has_notes: bool,
) -> tuple[Raised, ...]:
    """Flags of a session by its booked times and its attendance.

    Minutes are those between the times as a clock shows them, and never 0. Short: less than half
    of the booked length lies between the two times. Notes are missing only after check-out.
    """
    raised = []
    if checked_in_at is not None and checked_in_at > starts_at:
        raised.append(Raised(Flag.LATE_START, _minutes(starts_at, checked_in_at)))
    if checked_out_at is not None:
        if checked_out_at < ends_at:
            raised.append(Raised(Flag.EARLY_LEAVE, _minutes(checked_out_at, ends_at)))
        if checked_in_at is not None and (checked_out_at - checked_in_at) * 2 < ends_at - starts_at:
            raised.append(Raised(Flag.SHORT))
        if not has_notes:
            raised.append(Raised(Flag.NO_NOTES))
    return tuple(raised)


def sources(done: Iterable[tuple[Action, Channel]]) -> Sources:
    """Sources of both times, from what the audit trail says was done, newest first."""
    checked_in = checked_out = None
    for action, channel in done:
        source = _source(action, channel)
        if action is not Action.CHECK_OUT:
            checked_in = checked_in or source
        if action is not Action.CHECK_IN:
            checked_out = checked_out or source
    return Sources(checked_in, checked_out)


def _source(action: Action, channel: Channel) -> TimeSource | None:
    match action, channel:
        case Action.CORRECT_ATTENDANCE, _:
            return TimeSource.CORRECTED
        case Action.IMPORT, _:
            return TimeSource.IMPORTED
        case Action.LOG_ADHOC, _:
            return TimeSource.LOGGED
        case ((Action.CHECK_IN | Action.CHECK_OUT), Channel.TELEGRAM):
            return TimeSource.TELEGRAM
        case ((Action.CHECK_IN | Action.CHECK_OUT), Channel.WEB):
            return TimeSource.WEB
    return None


def _minutes(earlier: datetime, later: datetime) -> int:
    """Minutes between two times without their seconds, which nobody is shown."""
    shown = later.replace(second=0, microsecond=0) - earlier.replace(second=0, microsecond=0)
    return max(1, shown // MINUTE)
