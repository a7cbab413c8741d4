"""The request to move a session that ended without the time that was asked for (SPEC 6)."""

from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import Person, RescheduleProposal, RescheduleThread
from models.enums import Action
from services.db import Session
from services.prepared import Prepared
from services.queries.card_events import LastMove


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
