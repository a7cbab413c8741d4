"""The open request to move a session: what it keeps from happening, and how it ends (SPEC 6)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text, update
from sqlmodel import col, select

from models import Appointment, Person, RescheduleProposal, RescheduleThread
from models.enums import ProposalStatus, ThreadStatus
from services.db import Session
from services.lifecycle.actors import Actor
from services.rules.refusals import Refusal, RefusalCode


@dataclass(frozen=True)
class OpenRequest:
    """An open thread with its open version, and who proposed that."""

    thread: RescheduleThread
    proposal: RescheduleProposal
    proposer: Person


def open_request(session: Session, appointment_id: int) -> OpenRequest | None:
    """The open request to move a session, if there is one."""
    row = session.execute(_OPEN, {"appointment_id": appointment_id}).one_or_none()
    return OpenRequest(*row) if row else None


_OPEN = (
    select(RescheduleThread, RescheduleProposal, Person)
    .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
    .join(Person, col(Person.id) == RescheduleProposal.proposed_by_id)
    .where(
        RescheduleThread.appointment_id == bindparam("appointment_id"),
        text("reschedule_thread.status = 'open'"),
        text("reschedule_proposal.status = 'open'"),
    )
    .execution_options(populate_existing=True)
)


def require_no_open_thread(session: Session, appointment: Appointment, now: datetime) -> None:
    """An open request blocks attendance and another request until it is settled (SPEC 3, 6).

    Refused: RESCHEDULE_OPEN; REQUEST_EXPIRED from the start on, when only the expiry may follow.
    """
    found = open_request(session, appointment.id)
    if found is None:
        return
    require_answers_count(found.thread.expires_at, now)
    raise Refusal(
        RefusalCode.RESCHEDULE_OPEN,
        who=found.proposer.name,
        actor_id=found.proposer.id,
        new_starts_at=found.proposal.new_starts_at,
        new_ends_at=found.proposal.new_ends_at,
        appointment_id=appointment.id,
    )


def require_not_expiring(session: Session, appointment: Appointment, now: datetime) -> None:
    """From its start on nothing but the expiry may happen to a session with an open request.

    Refused: REQUEST_EXPIRED (SPEC 6).
    """
    found = open_request(session, appointment.id)
    if found is not None:
        require_answers_count(found.thread.expires_at, now)


def require_answers_count(expires_at: datetime, now: datetime) -> None:
    """Answers count until the original start (not included). Refused: REQUEST_EXPIRED."""
    if now >= expires_at:
        raise Refusal(RefusalCode.REQUEST_EXPIRED, starts_at=expires_at)


def close_open_thread(session: Session, appointment: Appointment, actor: Actor) -> None:
    """An open request ends with what is done to the session in its place (SPEC 6)."""
    found = open_request(session, appointment.id)
    if found is not None:
        end(session, found, ThreadStatus.CLOSED, ProposalStatus.CLOSED, actor)


def end(
    session: Session,
    request: OpenRequest,
    thread_status: ThreadStatus,
    proposal_status: ProposalStatus,
    actor: Actor,
) -> None:
    """Close the thread and its open version; the caller holds the session's lock."""
    close_version(session, request.proposal, proposal_status, actor)
    session.exec(
        update(RescheduleThread)
        .where(col(RescheduleThread.id) == request.thread.id)
        .values(status=thread_status, closed_at=actor.now)
    )


def close_version(
    session: Session, proposal: RescheduleProposal, status: ProposalStatus, actor: Actor
) -> None:
    """One version is answered; its thread goes on, or is ended by the caller."""
    session.exec(
        update(RescheduleProposal)
        .where(
            col(RescheduleProposal.id) == proposal.id,
            text("reschedule_proposal.status = 'open'"),
        )
        .values(status=status, closed_at=actor.now, closed_by_id=actor.person_id)
    )
