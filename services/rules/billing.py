"""Lines of statements: what is billed, what is adjusted later, and sums (SPEC 7). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from models.enums import LineKind, Side, Why

BELOW = frozenset({LineKind.AWAITING, LineKind.DISPUTED})
"""Kinds listed below the line: they count once the session is approved."""


@dataclass(frozen=True, order=True)
class Subject:
    """What a line is about, by which its later changes are found; one id is given."""

    appointment_id: int = 0
    package_id: int = 0
    entry_id: int = 0
    adjustment_id: int = 0
    is_penalty: bool = False


@dataclass(frozen=True)
class Line:
    """Line of a family's or a tutor's statement."""

    side: Side
    kind: LineKind
    subject_of: Subject
    student_id: int | None
    tutor_id: int | None
    child: str
    tutor: str
    subject: str
    """Subject taught; for a package its sessions, for moved credits their number with its sign."""
    at: datetime
    minutes: int = 0
    sessions: int = 0
    credits: int = 0
    amount: int | None = None
    reason: str | None = None
    why: Why | None = None

    @property
    def moved(self) -> int:
        """Credits that a coordinator has added to a package, or taken where it is below zero."""
        return int(self.subject) if self.subject_of.entry_id else 0

    @property
    def counts(self) -> bool:
        """Whether it is above the line."""
        return self.kind not in BELOW

    @property
    def is_unpriced(self) -> bool:
        """Whether it is a session that counts and has no price, though no package covers it."""
        return self.counts and bool(self.sessions) and self.amount is None and not self.credits


@dataclass(frozen=True)
class Totals:
    """Sums of the lines that count."""

    sessions: int = 0
    minutes: int = 0
    credits: int = 0
    amount: int = 0
    unpriced: int = 0
    """Sessions of lines that are unpriced."""


@dataclass(frozen=True)
class Frozen:
    """What closed months say of one subject, summed over all of them."""

    sessions: int
    minutes: int
    credits: int
    moved: int
    """Credits that a coordinator has added to a package, less those taken."""
    amount: int | None
    last: Line


def totals(lines: Iterable[Line]) -> Totals:
    """Sums over the lines that count."""
    counted = [line for line in lines if line.counts]
    return Totals(
        sessions=sum(line.sessions for line in counted),
        minutes=sum(line.minutes for line in counted),
        credits=sum(line.credits for line in counted),
        amount=sum(line.amount or 0 for line in counted),
        unpriced=sum(line.sessions for line in counted if line.is_unpriced),
    )


def adjustment(now: Line | None, frozen: Frozen | None) -> Line | None:
    """Line that makes up for what closed months say otherwise than is true now.

    `now`: the line as it would be billed now; None where it would not be. Both are of one subject
    on one side. None where they agree.
    """
    if frozen is None:
        return None if now is None else replace(now, kind=LineKind.ADJUSTMENT, why=Why.LATE)
    base = now or frozen.last
    was_priced = frozen.amount is not None
    is_priced = now is not None and now.amount is not None
    amount = (now.amount or 0 if now else 0) - (frozen.amount or 0)
    line = replace(
        base,
        kind=LineKind.ADJUSTMENT,
        sessions=(now.sessions if now else 0) - frozen.sessions,
        minutes=(now.minutes if now else 0) - frozen.minutes,
        credits=(now.credits if now else 0) - frozen.credits,
        amount=amount if was_priced or is_priced else None,
    )
    moved = (now.moved if now else 0) - frozen.moved
    if not (line.sessions or line.minutes or line.credits or line.amount or moved):
        return None
    subject = f"{moved:+}" if moved else line.subject
    return replace(line, subject=subject, why=_why(now, line))


def _why(now: Line | None, line: Line) -> Why:
    if now is None:
        return Why.WAIVED if line.subject_of.is_penalty else Why.REVERSED
    if line.credits > 0:
        return Why.COVERED
    return Why.UNCOVERED if line.credits < 0 else Why.CORRECTED


def frozen_sum(lines: Iterable[Line]) -> Frozen | None:
    """Sum of the frozen lines of one subject, oldest first; None where there are none."""
    every = [line for line in lines if line.counts]
    if not every:
        return None
    amounts = [line.amount for line in every if line.amount is not None]
    return Frozen(
        sessions=sum(line.sessions for line in every),
        minutes=sum(line.minutes for line in every),
        credits=sum(line.credits for line in every),
        moved=sum(line.moved for line in every),
        amount=sum(amounts) if amounts else None,
        last=every[-1],
    )


_ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            LineKind.REGULAR,
            LineKind.COVERED,
            LineKind.ADDON,
            LineKind.TRIAL,
            LineKind.PENALTY,
            LineKind.PACKAGE,
            LineKind.ADJUSTMENT,
            LineKind.AWAITING,
            LineKind.DISPUTED,
        )
    )
}


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Lines as a statement has them: by kind, then by time."""
    return sorted(lines, key=lambda one: (_ORDER[one.kind], one.at, one.subject_of))


def month_of(at: datetime, zone: ZoneInfo) -> date:
    """First day of the month of an instant, in the agency's zone."""
    return at.astimezone(zone).date().replace(day=1)


def next_month(month: date) -> date:
    """First day of the month after."""
    return date(month.year + 1, 1, 1) if month.month == 12 else month.replace(month=month.month + 1)


def month_before(month: date) -> date:
    """First day of the month before."""
    return date(month.year - 1, 12, 1) if month.month == 1 else month.replace(month=month.month - 1)


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from one to another, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return found


def bounds_of_month(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Instants, in UTC, at which a month begins and ends in the agency's zone."""
    begins, ends = (
        datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
        for day in (month, next_month(month))
    )
    return begins, ends
