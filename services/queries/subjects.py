"""Session that a dispute, a summary, a proposal or a matter of the queue is about."""

from sqlmodel import col, select

from models import (
    Appointment,
    Dispute,
    EvidenceFile,
    NotePart,
    NoteSummary,
    OutboxMessage,
    ProblemReport,
    RescheduleProposal,
    RescheduleThread,
)
from models.matters import Matter
from services.db import Session
from services.rules.refusals.sessions import NotFound

_COLUMNS = {
    Matter.REQUEST: (RescheduleThread.id, RescheduleThread.appointment_id),
    Matter.DISPUTE: (Dispute.id, Dispute.appointment_id),
    Matter.PROBLEM: (ProblemReport.id, ProblemReport.appointment_id),
    Matter.ATTENDANCE: (Appointment.id, Appointment.id),
    Matter.LATE_CHANGE: (Appointment.id, Appointment.id),
    Matter.REPLACEMENT: (Appointment.id, Appointment.id),
    Matter.UNANSWERED: (Appointment.id, Appointment.id),
    Matter.MESSAGE: (OutboxMessage.id, OutboxMessage.appointment_id),
    Matter.NOTE_FILE: (NotePart.id, NotePart.appointment_id),
    Matter.EVIDENCE_FILE: (EvidenceFile.id, EvidenceFile.appointment_id),
}


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


def session_of_matter(session: Session, matter: Matter, subject_id: int) -> int | None:
    """Id of the session that a matter of the queue is about; None where it is about none.

    Refused: NotFound.
    """
    if matter is Matter.UNREACHABLE:
        return None
    own_id, appointment_id = _COLUMNS[matter]
    row = session.exec(select(own_id, appointment_id).where(own_id == subject_id)).one_or_none()
    if row is None:
        raise NotFound
    return row[1]
