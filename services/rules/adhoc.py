"""Extra sessions that a tutor logs afterwards: what a batch can be (SPEC 7). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.rules.scheduling import LONGEST, SHORTEST, SUBJECT_LIMIT

DAYS_BACK = 31
"""How many days back, in the agency's zone, a session can be logged."""
MOST_LINES = 20
"""Most sessions of one batch: they are shown back in one message."""


class Fault(StrEnum):
    """What is wrong with a line."""

    UNREADABLE = "unreadable"
    NO_SUCH_DAY = "no_such_day"
    """The month is shorter, "31/11"."""
    HALF_OPEN = "half_open"
    """The time can be of the morning or of the evening."""
    LENGTH_MISSING = "length_missing"
    LENGTH_NOT_POSSIBLE = "length_not_possible"
    TOPIC_MISSING = "topic_missing"
    TOPIC_TOO_LONG = "topic_too_long"
    TIME_SKIPPED = "time_skipped"
    TIME_TWICE = "time_twice"
    STUDENT_UNKNOWN = "student_unknown"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    LOGGED_BEFORE = "logged_before"
    TUTOR_BUSY = "tutor_busy"
    STUDENT_BUSY = "student_busy"
    SAME_LINE = "same_line"
    """Another line is the same."""
    OVERLAPS_LINE = "overlaps_line"


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a line, and with which other session or line it clashes."""

    fault: Fault
    slot: tuple[datetime, datetime] | None = None
    """Start and end of the session that is there already."""
    line: int | None = None
    """Number of the other line, from 1."""


@dataclass(frozen=True)
class AdhocLine:
    """One session of a batch, completely known."""

    student_id: int
    starts_at: datetime
    minutes: int
    topic: str

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Taken:
    """Session of the tutor or of one of the children that takes up time."""

    tutor_id: int
    student_id: int
    starts_at: datetime
    ends_at: datetime
    is_adhoc: bool


@dataclass(frozen=True)
class Circumstances:
    """What a batch is checked against."""

    tutor_id: int
    students: frozenset[int]
    """Children for whom the tutor can log sessions."""
    taken: Sequence[Taken]
    siblings: frozenset[frozenset[int]]
    """Pairs of children who have a guardian in common."""
    now: datetime
    agency: ZoneInfo


def troubles_of(lines: Sequence[AdhocLine | None], at: Circumstances) -> tuple[Trouble | None, ...]:
    """The first trouble of each line; None where it has none. A line of None cannot be checked."""
    return tuple(
        None if line is None else _trouble(line, lines, number, at)
        for number, line in enumerate(lines)
    )


def fault_of_length(minutes: int) -> Fault | None:
    """Whether a session can be that long."""
    return None if SHORTEST <= minutes <= LONGEST else Fault.LENGTH_NOT_POSSIBLE


def fault_of_topic(topic: str) -> Fault | None:
    """Whether a session can have this topic."""
    if not topic:
        return Fault.TOPIC_MISSING
    return Fault.TOPIC_TOO_LONG if len(topic) > SUBJECT_LIMIT else None


def earliest_day(now: datetime, agency: ZoneInfo) -> datetime:
    """Midnight, in the agency's zone, from which on sessions can be logged."""
    day = now.astimezone(agency).date() - timedelta(days=DAYS_BACK)
    return datetime(day.year, day.month, day.day, tzinfo=agency)


def _trouble(
    line: AdhocLine, lines: Sequence[AdhocLine | None], number: int, at: Circumstances
) -> Trouble | None:
    fault = _own_fault(line, at)
    if fault is not None:
        return Trouble(fault)
    return _clash(line, at) or _clash_of_lines(line, lines, number, at)


def _own_fault(line: AdhocLine, at: Circumstances) -> Fault | None:
    """What is wrong with the line, whatever else there is."""
    if fault := fault_of_length(line.minutes) or fault_of_topic(line.topic):
        return fault
    if line.student_id not in at.students:
        return Fault.STUDENT_UNKNOWN
    if line.ends_at > at.now:
        return Fault.IN_FUTURE
    if line.starts_at < earliest_day(at.now, at.agency):
        return Fault.TOO_OLD
    return None


def _clash(line: AdhocLine, at: Circumstances) -> Trouble | None:
    """The clash with a session that there is."""
    for other in at.taken:
        slot = (other.starts_at, other.ends_at)
        is_own = other.tutor_id == at.tutor_id
        if not _overlap(slot, line) or not (is_own or other.student_id == line.student_id):
            continue
        if other.student_id == line.student_id:
            if is_own and other.is_adhoc and slot == (line.starts_at, line.ends_at):
                return Trouble(Fault.LOGGED_BEFORE, slot)
            return Trouble(Fault.STUDENT_BUSY, slot)
        if not _together(slot, line, other.student_id, at):
            return Trouble(Fault.TUTOR_BUSY, slot)
    return None


def _clash_of_lines(
    line: AdhocLine, lines: Sequence[AdhocLine | None], number: int, at: Circumstances
) -> Trouble | None:
    """The clash with an earlier line: that one can stay."""
    for earlier, other in enumerate(lines[:number], start=1):
        if other is None or not _overlap((other.starts_at, other.ends_at), line):
            continue
        slot = (other.starts_at, other.ends_at)
        if other.student_id == line.student_id and slot == (line.starts_at, line.ends_at):
            return Trouble(Fault.SAME_LINE, line=earlier)
        if not _together(slot, line, other.student_id, at):
            return Trouble(Fault.OVERLAPS_LINE, line=earlier)
    return None


def _overlap(slot: tuple[datetime, datetime], line: AdhocLine) -> bool:
    return slot[0] < line.ends_at and slot[1] > line.starts_at


def _together(
    slot: tuple[datetime, datetime], line: AdhocLine, student_id: int, at: Circumstances
) -> bool:
    """Whether these are siblings taught together: exactly these times, a common guardian."""
    is_same = slot == (line.starts_at, line.ends_at)
    return is_same and frozenset({student_id, line.student_id}) in at.siblings


def numbers_in_trouble(troubles: Iterable[Trouble | None]) -> list[int]:
    """Numbers, from 1, of the lines that cannot be saved."""
    return [number for number, one in enumerate(troubles, start=1) if one is not None]
