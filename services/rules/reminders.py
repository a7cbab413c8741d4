"""When each reminder is due, and from when on it makes no sense any more (SPEC 5, 8).

Pure. Instants are aware; days and times of day are the agency's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.enums import Role
from services.rules.windows import CHECK_IN_LEAD, CHECK_OUT_GRACE

DIGEST_AT = time(7)
DIGEST_UNTIL = time(12)
"""After noon a morning's digest is no help; the next one comes tomorrow."""

CHECK_IN_LASTS = timedelta(minutes=30)
"""So long after the start a tutor is still told that they can check in."""

DAY_BEFORE_AT = time(18)
DAY_BEFORE_UNTIL = time(22)
"""Families plan the next day in the evening; later it would only wake them."""

FIRST_ASKED_AGAIN = timedelta(hours=24)
SECOND_ASKED_AGAIN = timedelta(hours=48)
"""So long after the question a parent is reminded of it."""

OVERDUE = timedelta(hours=48)
"""An acknowledgement that has been awaited for longer is the coordinators' affair, too."""
OVERDUE_AT = time(9)
OVERDUE_UNTIL = time(12)
"""When coordinators get the list; after a morning without the bot it comes the next day."""

ANSWER_LEAD = timedelta(hours=12)
"""So long before a request expires, whoever owes the answer is reminded of it."""
REQUEST_LEAD = CHECK_IN_LEAD
"""So long before the start the tutor is told that an open request ends the session with it."""


@dataclass(frozen=True)
class Span:
    """While a reminder can be sent: from `due_at` (included) until `expires_at` (not included)."""

    due_at: datetime
    expires_at: datetime

    def is_open(self, now: datetime) -> bool:
        return self.due_at <= now < self.expires_at


def tutor_digest(day: date, agency: ZoneInfo) -> Span:
    """A tutor's digest of `day`: from 07:00 until noon."""
    return Span(_at(day, DIGEST_AT, agency), _at(day, DIGEST_UNTIL, agency))


def check_in_open(starts_at: datetime) -> Span:
    """Check-in is open: from 30 minutes before the start until 30 minutes after it."""
    return Span(starts_at - CHECK_IN_LEAD, starts_at + CHECK_IN_LASTS)


def check_out_due(ends_at: datetime) -> Span:
    """Check-out is missing: from the scheduled end until the check-out window closes."""
    return Span(ends_at, ends_at + CHECK_OUT_GRACE)


def day_before(day: date, agency: ZoneInfo) -> Span:
    """A parent's list of the sessions of `day`: the evening before, from 18:00 until 22:00."""
    evening = day - timedelta(days=1)
    return Span(_at(evening, DAY_BEFORE_AT, agency), _at(evening, DAY_BEFORE_UNTIL, agency))


def acknowledgement_due(asked_at: datetime) -> tuple[Span, Span]:
    """A parent's two reminders of a question: after 24 hours and after 48, for a day each."""
    first, second = asked_at + FIRST_ASKED_AGAIN, asked_at + SECOND_ASKED_AGAIN
    return Span(first, second), Span(second, second + (second - first))


def overdue_digest(day: date, agency: ZoneInfo) -> Span:
    """The coordinators' list of acknowledgements overdue at 09:00 of `day`: until noon."""
    return Span(_at(day, OVERDUE_AT, agency), _at(day, OVERDUE_UNTIL, agency))


def answer_due(proposed_at: datetime, expires_at: datetime, owed_by: Role) -> Span:
    """Twelve hours before a request expires, or half-way there where it came later than that.

    The tutor hears of it in the last 30 minutes by `request_expires` alone.
    """
    due_at = expires_at - ANSWER_LEAD
    if proposed_at > due_at:
        due_at = proposed_at + (expires_at - proposed_at) / 2
    return Span(due_at, expires_at - REQUEST_LEAD if owed_by is Role.TUTOR else expires_at)


def request_expires(expires_at: datetime) -> Span:
    """An open request ends the session with it: from 30 minutes before its expiry until then."""
    return Span(expires_at - REQUEST_LEAD, expires_at)


def local_day(now: datetime, agency: ZoneInfo) -> date:
    """The agency's calendar day at `now`."""
    return now.astimezone(agency).date()


def next_due_at(
    daily: Callable[[date, ZoneInfo], Span], after: datetime, agency: ZoneInfo
) -> datetime:
    """The first instant later than `after` at which a daily reminder is due."""
    day = local_day(after, agency)
    due_at = daily(day, agency).due_at
    return due_at if due_at > after else daily(day + timedelta(days=1), agency).due_at


def _at(day: date, at: time, agency: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=agency).astimezone(UTC)
