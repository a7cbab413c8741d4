"""The request to move a session that was settled last (SPEC 6)."""

from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import Person, RescheduleProposal, RescheduleThread
from services.db import Session
from services.prepared import Prepared


@dataclass(frozen=True)
class SettledRequest:
    """Last version of a request that is settled, and its proposer."""

    proposal: RescheduleProposal
    proposer: Person


def settled_last(session: Session, appointment_id: int) -> SettledRequest | None:
    """Newest request to move the session, which has no open one; None if it never had any."""
    row = _NEWEST.first(session, appointment_id=appointment_id)
    return SettledRequest(*row) if row else None


_NEWEST = Prepared(
    select(RescheduleProposal, Person)
    .join(RescheduleThread, col(RescheduleThread.id) == RescheduleProposal.thread_id)
    .join(Person, col(Person.id) == RescheduleProposal.proposed_by_id)
    .where(RescheduleThread.appointment_id == bindparam("appointment_id"))
    .order_by(col(RescheduleProposal.id).desc())
    .limit(1)
)
