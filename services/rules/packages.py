"""Packages of prepaid sessions: which session takes which credit, and when it is low (SPEC 7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.enums import Kind, Origin
from services.rules.refusals.packages import (
    AdjustmentNotPossible,
    ExpiresBeforeStart,
    SessionsNotPossible,
)
from services.rules.windows import bounds_of_day

MOST_SESSIONS = 1000
"""Most sessions in one package, and most credits in one adjustment."""
EXPIRY_NOTICE = timedelta(days=14)
EXPIRY_TOLD_FROM = time(7)
"""Time of day, in the agency's zone, from which coordinators hear of an expiry to come."""
LOW_PARTS = 5
"""A package is low with less than one part in so many left: a fifth, 20 %."""


@dataclass(frozen=True)
class Credit:
    """Package with what is left of it."""

    package_id: int
    left: int
    expires_at: datetime | None


def uses_credit(kind: Kind, origin: Origin, billed_as_addon: int) -> bool:
    """Whether an approved session takes a credit: native and regular, and no add-on (SPEC 7)."""
    return kind is Kind.REGULAR and origin is Origin.NATIVE and not billed_as_addon


def covering(usable: Iterable[Credit], starts_at: datetime) -> Credit | None:
    """First package that covers a session at `starts_at`; `usable` come oldest first.

    A package covers the sessions that start before it expires, whenever they are approved, and
    also those that were held before its own first day: they would be owed otherwise.
    """
    for credit in usable:
        if credit.left > 0 and (credit.expires_at is None or starts_at < credit.expires_at):
            return credit
    return None


def is_low(left: int, total: int) -> bool:
    """Whether less than a fifth is left."""
    return left * LOW_PARTS < total


def expiry_of(last_day: date | None, zone: ZoneInfo) -> datetime | None:
    """Instant at which a package expires: the end of its last day in the agency's zone."""
    return None if last_day is None else bounds_of_day(last_day, zone)[1]


def expiry_told_at(last_day: date, zone: ZoneInfo) -> datetime:
    """When coordinators hear that a package is about to expire: 14 days before, at 07:00."""
    local = datetime.combine(last_day - EXPIRY_NOTICE, EXPIRY_TOLD_FROM, tzinfo=zone)
    return local.astimezone(UTC)


def require_purchase(sessions_total: int, starts_on: date, expires_on: date | None) -> None:
    """Check a package that is bought. Refused: SessionsNotPossible, ExpiresBeforeStart."""
    require_sessions(sessions_total)
    require_expiry(starts_on, expires_on)


def require_sessions(sessions_total: int) -> None:
    """Check how many sessions a package has. Refused: SessionsNotPossible."""
    if not 1 <= sessions_total <= MOST_SESSIONS:
        raise SessionsNotPossible(most=MOST_SESSIONS)


def require_expiry(starts_on: date, expires_on: date | None) -> None:
    """Check the last day of a package, if it has one. Refused: ExpiresBeforeStart."""
    if expires_on is not None and expires_on < starts_on:
        raise ExpiresBeforeStart


def require_adjustment(sessions: int) -> None:
    """Check a correction by a coordinator. Refused: AdjustmentNotPossible."""
    if not sessions or abs(sessions) > MOST_SESSIONS:
        raise AdjustmentNotPossible(most=MOST_SESSIONS)
