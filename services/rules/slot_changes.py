"""A change of a match's weekly slots from a day on: what moves, comes and goes (SPEC 7). Pure.

The sessions that there are and those that the new slots want are paired week by week. What was
moved by hand, has a request open or is no longer scheduled is left alone, and takes the place of
one that the new slots want in that week.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from services.rules.weekly import Occurrence


class Spared(StrEnum):
    """Why a session is left alone."""

    MOVED_BY_HAND = "moved_by_hand"
    REQUEST_OPEN = "request_open"
    NOT_SCHEDULED = "not_scheduled"


@dataclass(frozen=True)
class Booked:
    """Session of a match, on or after the day of the change."""

    id: int
    slot_id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    spared: Spared | None = None


@dataclass(frozen=True)
class Pair:
    """Session, and the day of a new slot for which it stands from now on."""

    booked: Booked
    to: Occurrence


@dataclass
class Plan:
    """What a change of slots does."""

    kept: list[Pair] = field(default_factory=list)
    """Same time as before."""
    moved: list[Pair] = field(default_factory=list)
    spared: list[tuple[Booked, Occurrence | None]] = field(default_factory=list)
    dropped: list[Booked] = field(default_factory=list)
    added: list[Occurrence] = field(default_factory=list)
    hindered: list[Occurrence] = field(default_factory=list)
    """Days of the new slots without a session, because of a holiday, leave or the clocks."""

    @property
    def digest(self) -> str:
        """Value that differs wherever the plan does: a preview is applied as it was read."""
        told = [
            [(one.booked.id, one.booked.starts_at, one.to.starts_at) for one in self.kept],
            [(one.booked.id, one.booked.starts_at, one.to.starts_at) for one in self.moved],
            [(one.id, one.starts_at, one.spared) for one, _ in self.spared],
            [(one.id, one.starts_at) for one in self.dropped],
            [(one.day, one.at) for one in self.added],
            [(one.day, one.at, one.hindrance) for one in self.hindered],
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def plan(booked: Iterable[Booked], wanted: Iterable[Occurrence]) -> Plan:
    """Pair the sessions that there are with the days that the new slots want."""
    found = Plan()
    weeks: dict[tuple[int, int], tuple[list[Booked], list[Occurrence]]]
    weeks = defaultdict(lambda: ([], []))
    for one in booked:
        weeks[_week(one.day)][0].append(one)
    for day in wanted:
        if day.hindrance is not None:
            found.hindered.append(day)
        else:
            weeks[_week(day.day)][1].append(day)
    for week in sorted(weeks):
        _pair(*weeks[week], found)
    return found


def _pair(booked: Sequence[Booked], wanted: Sequence[Occurrence], found: Plan) -> None:
    """Pair one week: first what is the same, then what is left alone, then the rest in order."""
    left = sorted(booked, key=lambda one: (one.day, one.starts_at, one.id))
    open_days = list(wanted)
    for is_same in (_is_same_day_of_slot, _is_same_time):
        for one in list(left):
            day = next((day for day in open_days if is_same(one, day)), None)
            if day is not None:
                left.remove(one)
                open_days.remove(day)
                _keep(one, day, found)
    for one in [one for one in left if one.spared is not None]:
        left.remove(one)
        found.spared.append((one, open_days.pop(0) if open_days else None))
    for one in left:
        if open_days:
            found.moved.append(Pair(one, open_days.pop(0)))
        else:
            found.dropped.append(one)
    found.added += open_days


def _keep(one: Booked, day: Occurrence, found: Plan) -> None:
    if one.spared is not None:
        found.spared.append((one, day))
    else:
        found.kept.append(Pair(one, day))


def _is_same_day_of_slot(one: Booked, day: Occurrence) -> bool:
    return (one.slot_id, one.day) == (day.slot_id, day.day)


def _is_same_time(one: Booked, day: Occurrence) -> bool:
    return (one.starts_at, one.ends_at) == (day.starts_at, day.ends_at)


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week
