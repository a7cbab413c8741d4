"""When time alone next changes something, and what that is: for the sandbox's clock (SPEC 11).

Every sweep tells when it is next due. Beside it stands what people see of it then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import col

from models import Appointment
from services.approvals.evidence_files import next_evidence
from services.db import Session
from services.matches.horizon import next_horizon
from services.messaging.deliveries import next_message
from services.notes.files import next_file
from services.notes.quiet_batches import next_quiet
from services.notifications.card_turns import next_turn
from services.notifications.late_media import next_late_media
from services.notifications.midnight import next_midnight
from services.notifications.missed import next_missed
from services.notifications.reminders.acknowledgements import next_overdue
from services.notifications.reminders.attendance import next_check_in_open, next_check_out_due
from services.notifications.reminders.days import next_announcement, next_digest
from services.notifications.reminders.offers import next_unanswered
from services.notifications.reminders.requests import (
    is_answer_due,
    next_answer_due,
    next_expiry_told,
)
from services.packages.alerts import next_expiring
from services.queries.dashboard import missed
from services.queries.days import parents_with_sessions, tutors_with_a_day
from services.queries.eligible import next_window
from services.queries.upcoming_news import asked_again, ending, starting, with_request_until
from services.reschedules.expiry import next_expired
from services.retention import next_purge
from services.rules.agency import Agency
from services.rules.reminders import REQUEST_LEAD, local_day
from services.rules.windows import CHECK_IN_LEAD
from services.summaries.making import next_summary

NextDue = Callable[[Session, Agency, datetime], datetime | None]

MOST_STEPS = 200
"""Most instants without news that are passed over in search of an event."""


class What(StrEnum):
    """What somebody is told when its time has come."""

    CHECK_IN_OPENS = "check_in_opens"
    CHECK_OUT_REMINDER = "check_out_reminder"
    ATTENDANCE_MISSED = "attendance_missed"
    NOTES_CLOSE = "notes_close"
    FILE_LATE = "file_late"
    REQUEST_EXPIRES = "request_expires"
    EXPIRY_WARNING = "expiry_warning"
    ANSWER_REMINDER = "answer_reminder"
    DIGEST = "digest"
    TOMORROW = "tomorrow"
    OVERDUE = "overdue"
    PACKAGE_EXPIRES = "package_expires"
    ACKNOWLEDGEMENT_REMINDER = "acknowledgement_reminder"
    OFFERS = "offers"


@dataclass(frozen=True)
class Event:
    """Something that time brings and somebody sees."""

    at: datetime
    what: What
    children: Sequence[str] = ()
    """First names of those whom it is about, where it is about single sessions."""


@dataclass(frozen=True)
class Told:
    """What is seen of a sweep when it is due."""

    what: What
    about: Callable[[Session, Agency, datetime], Sequence[str] | None] = lambda *_: ()
    """First names of the children whom it is about; None where nobody is told."""


def _missed(session: Session, agency: Agency, at: datetime) -> Sequence[str] | None:
    not_alerted = col(Appointment.missed_alerted_at).is_(None)
    found = missed(session, agency, at, not_alerted)
    return sorted({entry.view.student.name.split()[0] for entry in found}) or None


def _morning_list(session: Session, agency: Agency, at: datetime) -> Sequence[str] | None:
    return () if tutors_with_a_day(session, agency, at) else None


def _evening_list(session: Session, agency: Agency, at: datetime) -> Sequence[str] | None:
    tomorrow = local_day(at, agency.zone) + timedelta(days=1)
    return () if parents_with_sessions(session, agency, tomorrow) else None


TIMED: tuple[tuple[NextDue, Told | None], ...] = (
    (next_window, None),
    (next_turn, None),
    (next_midnight, None),
    (
        next_check_in_open,
        Told(What.CHECK_IN_OPENS, lambda s, _, at: starting(s, at + CHECK_IN_LEAD) or None),
    ),
    (next_check_out_due, Told(What.CHECK_OUT_REMINDER, lambda s, _, at: ending(s, at) or None)),
    (next_missed, Told(What.ATTENDANCE_MISSED, _missed)),
    (next_quiet, Told(What.NOTES_CLOSE)),
    (next_file, None),
    (next_evidence, None),
    (next_late_media, Told(What.FILE_LATE)),
    (next_summary, None),
    (next_expired, Told(What.REQUEST_EXPIRES, lambda s, _, at: with_request_until(s, at))),
    (
        next_expiry_told,
        Told(
            What.EXPIRY_WARNING, lambda s, _, at: with_request_until(s, at + REQUEST_LEAD) or None
        ),
    ),
    (
        next_answer_due,
        Told(
            What.ANSWER_REMINDER, lambda s, agency, at: () if is_answer_due(s, agency, at) else None
        ),
    ),
    (next_digest, Told(What.DIGEST, _morning_list)),
    (next_announcement, Told(What.TOMORROW, _evening_list)),
    (next_overdue, Told(What.OVERDUE)),
    (next_expiring, Told(What.PACKAGE_EXPIRES)),
    (
        next_message,
        Told(What.ACKNOWLEDGEMENT_REMINDER, lambda s, _, at: asked_again(s, at) or None),
    ),
    (next_purge, None),
    (next_horizon, None),
    (next_unanswered, Told(What.OFFERS)),
)


def next_due(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """Next instant at which time alone opens, ends, closes or sends something."""
    instants = (next_at(session, agency, now) for next_at, _ in TIMED)
    return min((at for at in instants if at is not None), default=None)


def next_event(session: Session, agency: Agency, now: datetime) -> Event | None:
    """The next thing that time brings and somebody sees; what nobody sees is passed over.

    No sweep runs meanwhile: what is due at an instant that is passed over would stay due for ever.
    """
    passed = None
    for _ in range(MOST_STEPS):
        instants = [(next_at(session, agency, passed or now), told) for next_at, told in TIMED]
        due = [(at, told) for at, told in instants if at and (passed is None or at > passed)]
        if not due:
            return None
        first = min(at for at, _ in due)
        for at, told in due:
            about = told.about(session, agency, at) if told and at == first else None
            if told is not None and about is not None:
                return Event(at, told.what, about)
        passed = max(first, now)
    return None
