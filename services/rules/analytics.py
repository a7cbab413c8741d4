"""What analytics count: one fact a session, by fields with few values each (SPEC 7). Pure.

Every number is the count of the facts that a filter chooses, so that the same filter leads to its
rows.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from statistics import median
from types import MappingProxyType
from zoneinfo import ZoneInfo

from models.enums import ChangeReason, DisputeStatus, Kind, Role, Status

SMALL = 20
"""Below so many sessions a share says little."""
NOTES_IN_TIME = timedelta(hours=24)
"""How long after check-out notes count as in time."""
A_LITTLE_LATE = timedelta(minutes=5)
DAY = timedelta(days=1)
TRIAL, ADDON, REGULAR = "trial", "addon", "regular"


class Field(StrEnum):
    """Field of a fact, as it is named in addresses."""

    MONTH = "month"
    TUTOR = "tutor"
    STATUS = "status"
    KIND = "kind"
    HELD = "held"
    ANSWER = "answer"
    START = "start"
    NOTES = "notes"
    SIDE = "side"
    REASON = "reason"
    NOTICE = "notice"
    DISPUTE = "dispute"


@dataclass(frozen=True)
class Fact:
    """Session, with all that is counted of it."""

    appointment_id: int
    tutor_id: int
    tutor: str
    starts_at: datetime
    ends_at: datetime
    status: Status
    kind: Kind
    is_addon: bool
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    acknowledged_at: datetime | None
    """When a parent did; None where a coordinator verified it."""
    first_note_at: datetime | None
    side: Role | None
    reason: ChangeReason | None
    cancelled_at: datetime | None
    dispute: DisputeStatus | None

    @property
    def is_held(self) -> bool:
        return self.status is Status.APPROVED

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def answered_after(self) -> timedelta | None:
        """Time from the check-out until a parent acknowledged it."""
        if self.acknowledged_at is None or self.checked_out_at is None:
            return None
        return max(self.acknowledged_at - self.checked_out_at, timedelta(0))


Value = Callable[[Fact, ZoneInfo], str | None]


def _kind(fact: Fact) -> str:
    if fact.is_addon:
        return ADDON
    return TRIAL if fact.kind is Kind.TRIAL else REGULAR


def _answer(fact: Fact) -> str | None:
    after = fact.answered_after
    if after is None:
        return None
    return "day" if after <= DAY else "two_days" if after <= 2 * DAY else "longer"


def _start(fact: Fact) -> str | None:
    if fact.checked_in_at is None:
        return None
    late = fact.checked_in_at - fact.starts_at
    if late <= timedelta(0):
        return "in_time"
    return "a_little_late" if late <= A_LITTLE_LATE else "late"


def _notes(fact: Fact) -> str | None:
    if fact.checked_out_at is None:
        return None
    if fact.first_note_at is None:
        return "none"
    return "in_time" if fact.first_note_at <= fact.checked_out_at + NOTES_IN_TIME else "late"


def _notice(fact: Fact) -> str | None:
    if fact.cancelled_at is None:
        return None
    notice = fact.starts_at - fact.cancelled_at
    for hours in (4, 24, 48):
        if notice < timedelta(hours=hours):
            return f"under_{hours}"
    return "longer"


VALUES: Mapping[Field, Value] = MappingProxyType(
    {
        Field.MONTH: lambda fact, zone: f"{fact.starts_at.astimezone(zone):%Y-%m}",
        Field.TUTOR: lambda fact, _: str(fact.tutor_id),
        Field.STATUS: lambda fact, _: fact.status.value,
        Field.KIND: lambda fact, _: _kind(fact),
        Field.HELD: lambda fact, _: "yes" if fact.is_held else "no",
        Field.ANSWER: lambda fact, _: _answer(fact),
        Field.START: lambda fact, _: _start(fact),
        Field.NOTES: lambda fact, _: _notes(fact),
        Field.SIDE: lambda fact, _: fact.side and fact.side.value,
        Field.REASON: lambda fact, _: fact.reason and fact.reason.value,
        Field.NOTICE: lambda fact, _: _notice(fact),
        Field.DISPUTE: lambda fact, _: fact.dispute and fact.dispute.value,
    }
)
"""Value of each field; None where the fact has none."""

Filter = tuple[tuple[Field, str], ...]


def chosen(facts: Iterable[Fact], chooses: Filter, zone: ZoneInfo) -> list[Fact]:
    """Facts that a filter chooses."""
    return [
        fact
        for fact in facts
        if all(VALUES[field](fact, zone) == value for field, value in chooses)
    ]


HELD: Filter = ((Field.HELD, "yes"),)
LOST: Filter = ((Field.STATUS, Status.NOT_COMPLETED.value),)
_OF_ALL = (
    *(Field.STATUS, Field.KIND, Field.START, Field.NOTES, Field.SIDE),
    *(Field.REASON, Field.NOTICE, Field.DISPUTE),
)


class Counted:
    """What the page counts of some sessions, read once: each count by the filter that leads to its
    rows.
    """

    def __init__(self, facts: Iterable[Fact], zone: ZoneInfo) -> None:
        self.tutors: dict[str, str] = {}
        """Names by the values of the filter."""
        self._counts: Counter[Filter] = Counter()
        self._minutes: Counter[Filter] = Counter()
        self._by: dict[tuple[Filter, Field], Counter[str]] = {}
        self._answered: list[timedelta] = []
        for fact in facts:
            self._add(fact, zone)

    def count(self, chooses: Filter) -> int:
        """How many sessions a filter of the page chooses."""
        return self._counts[chooses]

    def minutes(self, chooses: Filter) -> int:
        """Their booked minutes."""
        return self._minutes[chooses]

    def by(self, field: Field, base: Filter = ()) -> Counter[str]:
        """Counts of the values of a field, among the sessions that `base` chooses."""
        return self._by.get((base, field), Counter())

    @cached_property
    def typical_answer(self) -> timedelta | None:
        """Median time from check-out until a parent acknowledged it; None where none did."""
        return median_of(self._answered)

    def _add(self, fact: Fact, zone: ZoneInfo) -> None:
        self._note((), fact)
        for field in _OF_ALL:
            self._note_value((), field, fact, zone)
        if fact.status is Status.NOT_COMPLETED:
            self._note_value(LOST, Field.MONTH, fact, zone)
        if not fact.is_held:
            return
        self._note(HELD, fact)
        self._note_value(HELD, Field.ANSWER, fact, zone)
        for field in (Field.MONTH, Field.TUTOR):
            by = self._note_value(HELD, field, fact, zone)
            self._note_value(by, Field.KIND, fact, zone)
        self.tutors[str(fact.tutor_id)] = fact.tutor
        if fact.answered_after is not None:
            self._answered.append(fact.answered_after)

    def _note_value(self, base: Filter, field: Field, fact: Fact, zone: ZoneInfo) -> Filter:
        value = VALUES[field](fact, zone)
        if value is None:
            return base
        by = (*base, (field, value))
        self._by.setdefault((base, field), Counter())[value] += 1
        self._note(by, fact)
        return by

    def _note(self, by: Filter, fact: Fact) -> None:
        self._counts[by] += 1
        self._minutes[by] += fact.minutes


def median_of(times: Sequence[timedelta]) -> timedelta | None:
    """Median of times; None where there are none."""
    return timedelta(seconds=median(one.total_seconds() for one in times)) if times else None


@dataclass(frozen=True)
class Runway:
    """Child's credits left, and how long they last as the child learns now."""

    student_id: int
    child: str
    left: int
    recent: int
    """Credits taken in the last four weeks."""

    @property
    def weeks(self) -> float | None:
        """Weeks for which the credits last; None where none were taken lately."""
        return self.left * RUNWAY_WEEKS / self.recent if self.recent else None


RUNWAY_WEEKS = 4


def by_runway(found: Iterable[Runway]) -> Sequence[Runway]:
    """Shortest first; those of which nothing was taken lately last."""
    return sorted(found, key=lambda one: (one.weeks is None, one.weeks or 0.0, one.child))
