"""Daily lists: a tutor's digest in the morning, a parent's list the evening before (SPEC 8)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.db import Session
from services.messaging.messages.agency import DayBefore, OfDay, TutorDigest
from services.notifications.reminders.reminder import Reminder, write
from services.queries.days import parents_with_sessions, tutors_with_a_day
from services.queries.session_lists import next_start
from services.rules.agency import Agency
from services.rules.reminders import Span, day_before, local_day, next_due_at, tutor_digest
from services.rules.windows import bounds_of_day


def send_digests(session: Session, agency: Agency, now: datetime) -> None:
    """Write one digest for each tutor and day, from 07:00, to tutors with something to do.

    None after noon, even if the bot was down in the morning.
    """
    today = local_day(now, agency.zone)
    span = tutor_digest(today, agency.zone)
    if span.is_open(now):
        tutors = tutors_with_a_day(session, agency, span.due_at)
        _write(session, tutors, TutorDigest(today), span, now)


def next_digest(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """When the next digests are due: on the coming morning, or on the next day with sessions."""
    morning = next_due_at(tutor_digest, now, agency.zone)
    if tutors_with_a_day(session, agency, morning):
        return morning
    return _due_before(session, tutor_digest, local_day(morning, agency.zone), agency)


def announce_tomorrow(session: Session, agency: Agency, now: datetime) -> None:
    """Write each parent one list of tomorrow's sessions of their children, from 18:00 to 22:00.

    Sessions that are booked or moved later have messages of their own.
    """
    tomorrow = local_day(now, agency.zone) + timedelta(days=1)
    span = day_before(tomorrow, agency.zone)
    if span.is_open(now):
        parents = parents_with_sessions(session, agency, tomorrow)
        _write(session, parents, DayBefore(tomorrow), span, now)


def next_announcement(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """Evening on which parents next get a list for the following day."""
    tomorrow = local_day(now, agency.zone) + timedelta(days=1)
    is_told = day_before(tomorrow, agency.zone).due_at <= now
    return _due_before(session, day_before, tomorrow + timedelta(days=is_told), agency)


def _due_before(
    session: Session, daily: Callable[[date, ZoneInfo], Span], day: date, agency: Agency
) -> datetime | None:
    """When a daily reminder is due for the first day with scheduled sessions from `day` on."""
    begins_at, _ = bounds_of_day(day, agency.zone)
    starts_at = next_start(session, begins_at - timedelta(microseconds=1))
    if starts_at is None:
        return None
    return daily(local_day(starts_at, agency.zone), agency.zone).due_at


def _write(session: Session, people: list[int], told: OfDay, span: Span, now: datetime) -> None:
    key = f"{told.kind}:{told.day}"
    reminders = [Reminder(one, told, f"{key}:{one}", span) for one in people]
    write(session, reminders, now)
