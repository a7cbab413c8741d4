"""When something is due next: for the sandbox's clock (SPEC 11)."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, func, select

from models import Appointment, NoteBatch, NotePart, NoteSummary, OutboxMessage, RescheduleThread
from services.agency import Agency
from services.db import Session
from services.queries.sessions import SessionView, views_where
from services.rules.notes import QUIET
from services.rules.windows import check_in_window, check_out_window


async def next_due(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """The next instant at which time alone opens, ends, closes or sends something."""
    scheduled = await views_where(
        session,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at > now - timedelta(days=2),
    )
    running = await views_where(session, text("appointment.status = 'checked_in'"))
    sittings = await session.exec(
        select(NoteBatch.last_part_at).where(col(NoteBatch.closed_at).is_(None))
    )
    messages = await session.exec(
        select(OutboxMessage.due_at)
        .where(
            col(OutboxMessage.sent_at).is_(None),
            col(OutboxMessage.failed_at).is_(None),
            OutboxMessage.due_at > now,
        )
        .order_by(col(OutboxMessage.due_at))
        .limit(1)
    )
    files = await session.exec(
        select(func.min(NotePart.next_try_at)).where(
            col(NotePart.telegram_file_id).is_not(None),
            col(NotePart.stored_at).is_(None),
            col(NotePart.removed_at).is_(None),
            col(NotePart.next_try_at) > now,
        )
    )
    requests = await session.exec(
        select(func.min(RescheduleThread.expires_at)).where(
            text("reschedule_thread.status = 'open'")
        )
    )
    summaries = await session.exec(
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
    ]
    return min((at for at in instants if at > now), default=None)


def _until_check_in(view: SessionView, agency: Agency) -> tuple[datetime, ...]:
    row = view.appointment
    window = check_in_window(row.starts_at, row.ends_at, agency.zone)
    return (window.opens_at, row.starts_at, window.closes_at)


def _until_check_out(view: SessionView) -> tuple[datetime, ...]:
    row = view.appointment
    window = check_out_window(row.ends_at)
    return (window.opens_at, row.ends_at, window.closes_at + timedelta(seconds=1))
