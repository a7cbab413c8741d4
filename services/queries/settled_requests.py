"""Requests to move sessions that are settled, and what became of each (SPEC 6)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Integer, bindparam
from sqlmodel import col, select

from models import AuditEvent, Person, RescheduleProposal, RescheduleThread
from models.columns import UtcDateTime
from models.enums import Action, ThreadStatus
from services.db import Session
from services.prepared import Prepared
from services.queries.card_events import TOLD_EVENTS, LastMove


@dataclass(frozen=True)
class SettledRequest:
    """Last version of a request that is settled, and its proposer."""

    proposal: RescheduleProposal
    proposer: Person


def ungranted_by(session: Session, appointment_id: int, change: LastMove) -> SettledRequest | None:
    """Request to move the session that a change settled otherwise than was asked, if it did."""
    row = None
    if change.action is not Action.ACCEPT:
        row = _NEWEST.first(session, appointment_id=appointment_id)
    newest = SettledRequest(*row) if row else None
    return newest if newest and newest.proposal.closed_at == change.at else None


_NEWEST = Prepared(
    select(RescheduleProposal, Person)
    .join(RescheduleThread, col(RescheduleThread.id) == RescheduleProposal.thread_id)
    .join(Person, col(Person.id) == RescheduleProposal.proposed_by_id)
    .where(RescheduleThread.appointment_id == bindparam("appointment_id"))
    .order_by(col(RescheduleProposal.id).desc())
    .limit(1)
)


@dataclass(frozen=True)
class AskedThen:
    """Request to move a session, with its last version, whatever came after it."""

    thread: RescheduleThread
    proposal: RescheduleProposal

    @property
    def slot(self) -> tuple[datetime, datetime]:
        """Start and end of the session when it was asked to be moved: its length stays."""
        starts_at = self.thread.expires_at
        return starts_at, starts_at + (self.proposal.new_ends_at - self.proposal.new_starts_at)


def asked_at(
    session: Session, appointment_ids: Collection[int], at: datetime
) -> dict[int, AskedThen]:
    """Requests that were made for these sessions at this moment, by the session's id."""
    rows = _ASKED_AT.rows(session, appointment_ids=sorted(appointment_ids), at=at)
    found = [AskedThen(*row) for row in rows]
    return {one.thread.appointment_id: one for one in found}


def settled_by(session: Session, asked: AskedThen, beyond: str | None) -> LastMove | None:
    """What settled a request: an answer, or another change of the session; None while it is open.

    `beyond`: as for `LastMove.of`.
    """
    thread = asked.thread
    if thread.closed_at is None:
        return None
    events = _EVENTS_AT.rows(session, appointment_id=thread.appointment_id, at=thread.closed_at)
    answer = _ANSWERS.get(thread.status)
    moves = (LastMove.of(one, beyond) for one in events if answer in (None, one.action))
    return next(moves, None)


_ANSWERS = MappingProxyType(
    {
        ThreadStatus.AGREED: Action.ACCEPT,
        ThreadStatus.REJECTED: Action.REJECT,
        ThreadStatus.WITHDRAWN: Action.WITHDRAW,
        ThreadStatus.EXPIRED: Action.EXPIRE,
    }
)
_AT = bindparam("at", type_=UtcDateTime)
_ASKED_AT = Prepared(
    select(RescheduleThread, RescheduleProposal)
    .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
    .where(
        col(RescheduleThread.appointment_id).in_(
            bindparam("appointment_ids", type_=Integer, expanding=True)
        ),
        RescheduleThread.opened_at == _AT,
    )
    .order_by(col(RescheduleProposal.id))
    .execution_options(populate_existing=True)
)
_EVENTS_AT = Prepared(
    TOLD_EVENTS.where(
        col(AuditEvent.appointment_id) == bindparam("appointment_id", type_=Integer),
        col(AuditEvent.at) == _AT,
    )
)
