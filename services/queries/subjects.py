"""Session that a dispute, a summary or a proposal is about."""

from sqlmodel import col, select

from models import Dispute, NoteSummary, RescheduleProposal, RescheduleThread
from services.db import Session


def session_of_dispute(session: Session, dispute_id: int) -> int | None:
    """Id of the disputed session."""
    found = select(Dispute.appointment_id).where(Dispute.id == dispute_id)
    return session.exec(found).one_or_none()


def session_of_summary(session: Session, summary_id: int) -> int | None:
    """Id of the session with these notes."""
    found = select(NoteSummary.appointment_id).where(NoteSummary.id == summary_id)
    return session.exec(found).one_or_none()


def session_of_proposal(session: Session, proposal_id: int) -> int | None:
    """Id of the session that a proposal would move."""
    found = (
        select(RescheduleThread.appointment_id)
        .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
        .where(RescheduleProposal.id == proposal_id)
    )
    return session.exec(found).one_or_none()
