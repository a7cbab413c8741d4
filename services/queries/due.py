"""When something is due next: for the sandbox's clock (SPEC 11)."""

from datetime import datetime, timedelta

from sqlalchemy import or_, text
from sqlmodel import col, func, select

from models import Appointment, NoteBatch, NotePart, NoteSummary, OutboxMessage, RescheduleThread
from models.enums import MessageKind
from services.db import Session
from services.queries.days import tutors_with_a_day
from services.queries.questions import open_questions
from services.queries.requests import requests_expiring
from services.queries.sessions import SessionView, views_where
from services.rules.agency import Agency
from services.rules.notes import QUIET
from services.rules.reminders import (
    OVERDUE,
    answer_due,
    day_before,
    local_day,
    next_due_at,
    overdue_digest,
    request_expires,
    tutor_digest,
)
from services.rules.windows import check_in_window, check_out_window


def next_due(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """The next instant at which time alone opens, ends, closes or sends something."""
    scheduled = views_where(
        session,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at > now - timedelta(days=2),
    )
    running = views_where(session, text("appointment.status = 'checked_in'"))
    sittings = session.exec(
        select(NoteBatch.last_part_at).where(col(NoteBatch.closed_at).is_(None))
    )
    messages = session.exec(
        select(OutboxMessage.due_at)
        .outerjoin(Appointment, col(Appointment.id) == OutboxMessage.appointment_id)
        .where(
            col(OutboxMessage.sent_at).is_(None),
            col(OutboxMessage.failed_at).is_(None),
            OutboxMessage.due_at > now,
            or_(
                col(OutboxMessage.kind) != MessageKind.ACKNOWLEDGEMENT_DUE,
                text("appointment.status = 'awaiting_approval_parent'"),
            ),
        )
        .order_by(col(OutboxMessage.due_at))
        .limit(1)
    )
    files = session.exec(
        select(func.min(NotePart.next_try_at)).where(
            col(NotePart.telegram_file_id).is_not(None),
            col(NotePart.stored_at).is_(None),
            col(NotePart.removed_at).is_(None),
            col(NotePart.next_try_at) > now,
        )
    )
    requests = session.exec(
        select(func.min(RescheduleThread.expires_at)).where(
            text("reschedule_thread.status = 'open'")
        )
    )
    summaries = session.exec(
        select(func.min(NoteSummary.next_try_at)).where(
            text("note_summary.status = 'pending'"), col(NoteSummary.next_try_at) > now
        )
    )
    instants = [
        *(at for view in scheduled for at in _until_check_in(view, agency)),
        *(at for view in running for at in _until_check_out(view)),
        *(last + QUIET for last in sittings.all()),
        *messages.all(),
        *(at for at in (*files.all(), *requests.all(), *summaries.all()) if at is not None),
        *(at for at in (*files.all(), *requests.all()) if at is not None),
        *_reminders(session, agency, now, scheduled),
    ]
    return min((at for at in instants if at > now), default=None)


def _reminders(
    session: Session, agency: Agency, now: datetime, scheduled: list[SessionView]
) -> list[datetime]:
    """When reminders fall due that are not among those instants already."""
    zone = agency.zone
    days = [local_day(view.appointment.starts_at, zone) for view in scheduled]
    morning = next_due_at(tutor_digest, now, zone)
    some_have_a_day = tutors_with_a_day(session, agency, morning)
    requests = requests_expiring(session, now)
    return [
        *(span(day, zone).due_at for day in days for span in (tutor_digest, day_before)),
        *([morning] if some_have_a_day else []),
        *(
            answer_due(one.proposal.proposed_at, one.thread.expires_at, one.owed_by).due_at
            for one in requests
        ),
        *(request_expires(one.thread.expires_at).due_at for one in requests),
        *(
            next_due_at(overdue_digest, question.asked_at + OVERDUE, zone)
            for question in open_questions(session, now)
        ),
    ]


def _until_check_in(view: SessionView, agency: Agency) -> tuple[datetime, ...]:
    row = view.appointment
    window = check_in_window(row.starts_at, row.ends_at, agency.zone)
    return (window.opens_at, row.starts_at, window.closes_at)


def _until_check_out(view: SessionView) -> tuple[datetime, ...]:
    row = view.appointment
    window = check_out_window(row.ends_at)
    return (window.opens_at, row.ends_at, window.closes_at + timedelta(seconds=1))
