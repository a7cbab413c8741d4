"""Days without sessions: what can become of the sessions that are booked then (SPEC 7). Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.rules.penalties import Guidance
from services.rules.refusals.matches import DatesFault, DatesWanted
from services.rules.session_changes import can_change

LONGEST_LEAVE = timedelta(days=366)
DAY = timedelta(days=1)


class Way(StrEnum):
    """What becomes of a session."""

    CANCEL = "cancel"
    ASK = "ask"
    """The family is asked to move it."""
    LEAVE = "leave"
    """It stays as it is."""


@dataclass(frozen=True)
class Choice:
    """What somebody chose for a session; for `Way.ASK` with the new start."""

    way: Way
    new_starts_at: datetime | None = None


@dataclass(frozen=True)
class BookedThen:
    """Session that is booked on days without sessions."""

    appointment_id: int
    starts_at: datetime
    ends_at: datetime
    has_request: bool
    suggested: datetime | None
    """Start that is free for both afterwards, on the same weekday at the same time."""
    penalty: Guidance | None
    """What the penalty sheet says of a cancellation now."""
    ways: tuple[Way, ...]


def days_between(first: date, last: date) -> list[date]:
    """Days from `first` to `last`, both included."""
    return [first + DAY * number for number in range((last - first).days + 1)]


def require_days(first: date, last: date, today: date) -> None:
    """Check that days lie in order, not wholly in the past, and within a year.

    Refused: DatesWanted.
    """
    if last < first:
        raise DatesWanted(fault=DatesFault.REVERSED)
    if last < today:
        raise DatesWanted(fault=DatesFault.PAST)
    if last - first > LONGEST_LEAVE:
        raise DatesWanted(fault=DatesFault.TOO_MANY)


def ways_for(
    starts_at: datetime, now: datetime, *, has_request: bool, is_coordinator: bool
) -> tuple[Way, ...]:
    """What can become of a scheduled session, the likeliest first.

    In the last four hours only coordinators change it. One that somebody has asked to move already
    is not asked about again.
    """
    changeable = can_change(starts_at, now)
    ways = []
    if changeable and not has_request:
        ways.append(Way.ASK)
    if changeable or is_coordinator:
        ways.append(Way.CANCEL)
    return (*ways, Way.LEAVE)


def first_choice(one: BookedThen) -> Choice:
    """What is filled in at first: to ask, where there is a free time to ask for; else to leave."""
    if Way.ASK in one.ways and one.suggested is not None:
        return Choice(Way.ASK, one.suggested)
    return Choice(Way.LEAVE)


def digest_of(found: Iterable[BookedThen]) -> str:
    """Value that differs wherever what was shown does: it is settled as it was read."""
    told = [
        (one.appointment_id, one.starts_at, one.ends_at, one.has_request, one.penalty)
        for one in found
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
