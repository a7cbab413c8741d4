"""A tutor's digest in the morning, and a parent's list the evening before (SPEC 8)."""

from datetime import date, datetime, timedelta

from models.enums import MessageKind
from services.db import Session
from services.notifications.reminders.reminder import Reminder, write
from services.queries.days import parents_with_sessions, tutors_with_a_day
from services.rules.agency import Agency
from services.rules.reminders import Span, day_before, local_day, tutor_digest


def send_digests(session: Session, agency: Agency, now: datetime) -> None:
    """One digest a tutor and day from 07:00 on, to tutors who then had something to do.

    After noon nothing is sent: a morning that was slept through is not made up for.
    """
    today = local_day(now, agency.zone)
    span = tutor_digest(today, agency.zone)
    if span.is_open(now):
        tutors = tutors_with_a_day(session, agency, span.due_at)
        _write(session, tutors, MessageKind.TUTOR_DIGEST, today, span, now)


def announce_tomorrow(session: Session, agency: Agency, now: datetime) -> None:
    """One list a parent and evening, from 18:00 until 22:00, of tomorrow's sessions of all their
    children. What is booked or moved after it has messages of its own.
    """
    tomorrow = local_day(now, agency.zone) + timedelta(days=1)
    span = day_before(tomorrow, agency.zone)
    if span.is_open(now):
        parents = parents_with_sessions(session, agency, tomorrow)
        _write(session, parents, MessageKind.DAY_BEFORE, tomorrow, span, now)


def _write(
    session: Session,
    people: list[int],
    kind: MessageKind,
    day: date,
    span: Span,
    now: datetime,
) -> None:
    about = {"day": day.isoformat()}
    reminders = [
        Reminder(person_id, kind, about, f"{kind}:{day}:{person_id}", span) for person_id in people
    ]
    write(session, reminders, now)
