"""When each reminder is due, and when it expires (SPEC 5, 8).

Pure. Instants are aware; days and times of day are the agency's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.enums import Role
from services.rules.quiet_hours import awake_at, quiet_until
from services.rules.windows import CHECK_IN_LEAD, CHECK_OUT_GRACE, CHECK_OUT_LEAD

DIGEST_AT = time(7)
DIGEST_UNTIL = time(12)
"""End of a morning digest: later it is useless, and the next one comes tomorrow."""

NOTES_ASKED_FOR = timedelta(days=2)
"""On how many mornings missing notes are asked for."""

CHECK_IN_LASTS = timedelta(minutes=30)
"""How long after the start a tutor is still told that check-in is open."""

DAY_BEFORE_AT = time(18)
DAY_BEFORE_UNTIL = time(22)
"""End of a list for the next day: families plan in the evening, and sleep afterwards."""

FIRST_ASKED_AGAIN = timedelta(hours=24)
SECOND_ASKED_AGAIN = timedelta(hours=48)
"""How long after the question a parent is reminded for the second time."""

JOINED_WITHIN = timedelta(hours=1)
"""How much later a reminder may come, so that it comes with another to the same parent."""

OVERDUE = timedelta(hours=48)
"""How long an answer may take before coordinators are told."""
OVERDUE_AT = time(9)
OVERDUE_UNTIL = time(12)
"""End of the coordinators' list; if the bot was down all morning, it comes the next day."""

ANSWER_LEAD = timedelta(hours=12)
"""How long before a request expires the side that owes the answer is reminded."""
REQUEST_LEAD = CHECK_IN_LEAD
"""How long before the start the tutor is told that an open request will end the session."""


@dataclass(frozen=True)
class Span:
    """Period in which a reminder is sent: from `due_at` (included) to `expires_at` (excluded)."""

    due_at: datetime
    expires_at: datetime

    def is_open(self, now: datetime) -> bool:
        return self.due_at <= now < self.expires_at


def tutor_digest(day: date, agency: ZoneInfo) -> Span:
    """A tutor's digest of `day`: from 07:00 until noon."""
    return Span(_at(day, DIGEST_AT, agency), _at(day, DIGEST_UNTIL, agency))


def notes_asked_since(day: date, agency: ZoneInfo) -> datetime:
    """Check-outs later than this are asked for in the digest of `day`: each on two mornings."""
    return tutor_digest(day - NOTES_ASKED_FOR, agency).due_at


def check_in_open(starts_at: datetime) -> Span:
    """Reminder that check-in is open: from 30 minutes before to 30 minutes after the start."""
    return Span(starts_at - CHECK_IN_LEAD, starts_at + CHECK_IN_LASTS)


def check_out_open(ends_at: datetime) -> Span:
    """Reminder that check-out is open, for who asked for it: until the scheduled end."""
    return Span(ends_at - CHECK_OUT_LEAD, ends_at)


def check_out_due(ends_at: datetime) -> Span:
    """Reminder of a missing check-out: from the scheduled end until the check-out window closes."""
    return Span(ends_at, ends_at + CHECK_OUT_GRACE)


def day_before(day: date, agency: ZoneInfo) -> Span:
    """A parent's list of the sessions of `day`: the evening before, from 18:00 until 22:00."""
    evening = day - timedelta(days=1)
    return Span(_at(evening, DAY_BEFORE_AT, agency), _at(evening, DAY_BEFORE_UNTIL, agency))


def acknowledgement_due(asked_at: datetime) -> tuple[Span, Span]:
    """A parent's two reminders of a question: after 24 hours and after 48, for a day each.

    On the full minute, so that what was asked within one is asked again in one message.
    """
    into = timedelta(seconds=asked_at.second, microseconds=asked_at.microsecond)
    minute = asked_at + -into % timedelta(minutes=1)
    first, second = minute + FIRST_ASKED_AGAIN, minute + SECOND_ASKED_AGAIN
    return Span(first, second), Span(second, second + (second - first))


def overdue_digest(day: date, agency: ZoneInfo) -> Span:
    """The coordinators' list of acknowledgements overdue at 09:00 of `day`: until noon."""
    return Span(_at(day, OVERDUE_AT, agency), _at(day, OVERDUE_UNTIL, agency))


def answer_due(proposed_at: datetime, expires_at: datetime, owed_by: Role) -> Span:
    """Reminder of an answer: twelve hours before the request expires.

    Half-way to its expiry, if it was proposed later. In the last 30 minutes the tutor gets only
    `request_expires`.
    """
    due_at = expires_at - ANSWER_LEAD
    if proposed_at > due_at:
        due_at = proposed_at + (expires_at - proposed_at) / 2
    return Span(due_at, expires_at - REQUEST_LEAD if owed_by is Role.TUTOR else expires_at)


def answer_due_awake(
    proposed_at: datetime, expires_at: datetime, owed_by: Role, zone: ZoneInfo
) -> Span:
    """As `answer_due`, in the evening where it would come in the reader's quiet hours.

    Of a request that is made later in the evening when these end; in the night only where that is
    less than half an hour before the request expires.
    """
    span = answer_due(proposed_at, expires_at, owed_by)
    for due_at in (awake_at(span.due_at, zone), quiet_until(span.due_at, zone)):
        if proposed_at < due_at <= expires_at - REQUEST_LEAD:
            return replace(span, due_at=due_at)
    return span


def request_expires(expires_at: datetime) -> Span:
    """Warning that an open request will end the session: from 30 minutes before until its start."""
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
