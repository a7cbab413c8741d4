"""Retention: what is over is deleted some time later, and what is still needed is not (SPEC 11).

What is deleted, `Agency.keeps` after it was over, at the end of that day (UTC): raw updates that
were handled or set aside, messages that were sent or given up, invitations and sign-in links, and
browsers whose sign-in has expired.

What stays, however old it is:

- an update that nobody has handled. The done mark of the others is needed as long as Telegram may
  send them again, which is a day;
- a message that is not sent, and every message about a session that is not settled. Its key keeps
  a sweep from writing it again, and a dispute's evidence lists when it was sent. A dispute that was
  upheld is never settled;
- a message that stands in a chat and is edited as its sessions change, until nothing of it holds;
- cards: they are no messages of the outbox, but rows with the number of a message in a chat, and
  are edited whenever their session changes.

A sweep that writes by other keys does so within hours of what it is about, or marks that it did in
a table of its own; so a message that is gone is not written again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, tuple_
from sqlmodel import col

from models import (
    Appointment,
    InboxUpdate,
    Invitation,
    OutboxMessage,
    SignInLink,
    StandingMessage,
    WebSession,
)
from services.db import Session
from services.queries.sessions import NOT_SETTLED
from services.rules.agency import Agency

BATCH = 500
"""Rows of a table that one unit of work deletes at most: others wait to write meanwhile."""
DAY = timedelta(days=1)
UNDER_WAY = 7 * DAY
"""Time within which most messages are sent after they were written."""

Expression = Any
"""Column of a table, condition on it, or what is calculated from it."""


@dataclass(frozen=True)
class _Passing:
    """Table whose rows are deleted some time after they were over."""

    key: tuple[Expression, ...]
    over_at: Expression
    written_at: Expression
    """Column with an index, never later than `over_at`; the same where the table stays small."""
    conditions: tuple[Expression, ...] = ()
    """Further conditions of rows that are over, and are not needed."""


_IS_OPEN = exists().where(
    col(Appointment.id) == OutboxMessage.appointment_id,
    NOT_SETTLED,
)
_STANDS = exists().where(col(StandingMessage.outbox_message_id) == OutboxMessage.id)
_INVITATION_OVER = func.coalesce(
    col(Invitation.used_at), col(Invitation.revoked_at), col(Invitation.expires_at)
)
_TABLES = (
    _Passing(
        (col(InboxUpdate.bot_id), col(InboxUpdate.update_id)),
        col(InboxUpdate.received_at),
        col(InboxUpdate.received_at),
        (or_(col(InboxUpdate.done_at).is_not(None), col(InboxUpdate.set_aside_at).is_not(None)),),
    ),
    _Passing(
        (col(OutboxMessage.id),),
        func.coalesce(col(OutboxMessage.sent_at), col(OutboxMessage.failed_at)),
        col(OutboxMessage.created_at),
        (~_IS_OPEN, ~_STANDS),
    ),
    _Passing((col(Invitation.id),), _INVITATION_OVER, _INVITATION_OVER),
    _Passing((col(SignInLink.id),), col(SignInLink.expires_at), col(SignInLink.expires_at)),
    _Passing((col(WebSession.id),), col(WebSession.expires_at), col(WebSession.expires_at)),
)


def purge(session: Session, agency: Agency, now: datetime) -> bool:
    """Delete a batch of each table; whether there may be more to delete."""
    cutoff = _midnight(now) - agency.keeps
    deleted = [_delete(session, table, cutoff) for table in _TABLES]
    return max(deleted) == BATCH


def next_purge(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """The end of the day on which something is next deleted.

    A message that was sent later than a week after it was written is left to the run that finds it.
    """
    since = _midnight(now) - agency.keeps
    over = [at for table in _TABLES if (at := _next_over(session, table, since)) is not None]
    return _midnight(min(over) + agency.keeps) + DAY if over else None


def _delete(session: Session, table: _Passing, cutoff: datetime) -> int:
    chosen = (
        select(*table.key)
        .where(table.written_at < cutoff, table.over_at < cutoff, *table.conditions)
        .order_by(table.written_at)
        .limit(BATCH)
    )
    rows = delete(table.key[0].table).where(tuple_(*table.key).in_(chosen))
    return session.connection().execute(rows).rowcount


def _next_over(session: Session, table: _Passing, since: datetime) -> datetime | None:
    found = session.connection().execute(
        select(table.over_at)
        .where(table.written_at >= since - UNDER_WAY, table.over_at >= since, *table.conditions)
        .order_by(table.written_at)
        .limit(1)
    )
    return found.scalar()


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
