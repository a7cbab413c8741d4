"""Weekly slots and the sessions that they stand for (SPEC 7). Pure.

A slot is a weekday and a wall time in the agency's zone: over a clock change the clock stays, and
the distance between two sessions does not. Days are days in that zone.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.refusals.matches import SlotsOverlap, SlotsWanted
from services.rules.scheduling import require_length

HORIZON_WEEKS = 8
"""For how many weeks ahead sessions are made."""
DAY = timedelta(days=1)
WEEKDAYS = range(1, 8)
"""Monday is 1, as in ISO 8601."""
MOST_SLOTS = 14
"""Most weekly slots of a match: a message names them all."""


class Hindrance(StrEnum):
    """Why a slot has no session on one of its days."""

    SKIPPED_TIME = "skipped_time"
    """The clocks skip the time that day."""
    DOUBLED_TIME = "doubled_time"
    """The clocks show the time twice that day."""
    HOLIDAY = "holiday"
    LEAVE = "leave"
    TUTOR_TAKEN = "tutor_taken"
    STUDENT_TAKEN = "student_taken"


@dataclass(frozen=True, order=True)
class WeeklyTime:
    """Weekday, wall time and length in minutes."""

    weekday: int
    start_time: time
    minutes: int


@dataclass(frozen=True)
class Slot:
    """Weekly time of a match, with the days between which it counts, both included."""

    id: int
    at: WeeklyTime
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True)
class Occurrence:
    """One day of a slot: a session to make, or the reason why there is none."""

    slot_id: int
    day: date
    at: WeeklyTime
    starts_at: datetime | None
    ends_at: datetime | None
    hindrance: Hindrance | None = None


def horizon(today: date) -> date:
    """Last day up to which sessions are made."""
    return today + timedelta(weeks=HORIZON_WEEKS) - DAY


def occurrences(
    slots: Iterable[Slot],
    first: date,
    last: date,
    zone: ZoneInfo,
    closed: Mapping[date, Hindrance],
) -> list[Occurrence]:
    """Every day of the slots from `first` to `last`, both included, in order."""
    found = [
        occurrence(slot, day, zone, closed) for slot in slots for day in _days(slot, first, last)
    ]
    return sorted(found, key=lambda one: (one.day, one.at, one.slot_id))


def occurrence(
    slot: Slot, day: date, zone: ZoneInfo, closed: Mapping[date, Hindrance]
) -> Occurrence:
    """One day of a slot."""
    if hindrance := closed.get(day):
        return Occurrence(slot.id, day, slot.at, None, None, hindrance)
    try:
        starts_at = instant_of(datetime.combine(day, slot.at.start_time), zone)
    except NonexistentTimeError:
        return Occurrence(slot.id, day, slot.at, None, None, Hindrance.SKIPPED_TIME)
    except AmbiguousTimeError:
        return Occurrence(slot.id, day, slot.at, None, None, Hindrance.DOUBLED_TIME)
    return Occurrence(
        slot.id, day, slot.at, starts_at, starts_at + timedelta(minutes=slot.at.minutes)
    )


def first_of(times: Iterable[WeeklyTime], first: date) -> tuple[date, WeeklyTime] | None:
    """The first of these times from a day on, with its day; None without any."""
    days = ((first + DAY * ((at.weekday - first.isoweekday()) % 7), at) for at in times)
    return min(days, default=None)


def stands_where_it_was_made(
    slot: Slot, day: date, zone: ZoneInfo, starts_at: datetime, ends_at: datetime
) -> bool:
    """Whether a session of a slot still has the time that the slot gave it."""
    made = occurrence(slot, day, zone, {})
    return (made.starts_at, made.ends_at) == (starts_at, ends_at)


def days_digest(days: Iterable[Occurrence]) -> str:
    """Value that differs wherever days or what is in their way do; empty without any."""
    told = [(one.day, one.at, one.hindrance) for one in days]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32] if told else ""


def require_slots(times: Sequence[WeeklyTime]) -> list[WeeklyTime]:
    """Weekly times of a match, in order, if they can be.

    Refused: SlotsWanted (none, or too many), SlotsOverlap, LengthNotPossible.
    """
    if not 1 <= len(times) <= MOST_SLOTS or any(one.weekday not in WEEKDAYS for one in times):
        raise SlotsWanted(most=MOST_SLOTS)
    ordered = sorted(times)
    for one in ordered:
        require_length(one.minutes)
    for index, one in enumerate(ordered):
        following = ordered[(index + 1) % len(ordered)]
        if len(ordered) > 1 and _minutes_between(one, following) < one.minutes:
            raise SlotsOverlap
    return ordered


def _minutes_between(one: WeeklyTime, following: WeeklyTime) -> int:
    """Minutes of a week from one start to the next."""
    week = 7 * 24 * 60
    return (_minute_of_week(following) - _minute_of_week(one)) % week


def _minute_of_week(at: WeeklyTime) -> int:
    return ((at.weekday - 1) * 24 + at.start_time.hour) * 60 + at.start_time.minute


def _days(slot: Slot, first: date, last: date) -> Iterable[date]:
    first = max(first, slot.valid_from)
    last = last if slot.valid_until is None else min(last, slot.valid_until)
    day = first + timedelta(days=(slot.at.weekday - first.isoweekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(weeks=1)
