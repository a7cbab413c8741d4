"""The open request to move a session, and how it ends (SPEC 6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text, update
from sqlmodel import col, select

from models import Appointment, Person, RescheduleProposal, RescheduleThread
from models.enums import Action, ChangeReason, ProposalStatus, Role, ThreadStatus
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.prepared import Prepared
from services.rules.reschedule import passes_at
from services.rules.session_changes import other_side


@dataclass(frozen=True)
class AskedToMove:
    """Open thread with its open version."""

    thread: RescheduleThread
    proposal: RescheduleProposal

    @property
    def passes_at(self) -> datetime | None:
        """When the proposed time begins, if the request is still open then."""
        return passes_at(self.proposal.new_starts_at, self.thread.expires_at)

    @property
    def owed_by(self) -> Role:
        """Side that owes the answer: the one that did not propose."""
        return other_side(self.proposal.side)


@dataclass(frozen=True)
class OpenRequest(AskedToMove):
    """Open request with its proposer."""

    proposer: Person


def open_request(session: Session, appointment_id: int) -> OpenRequest | None:
    """Open request to move the session, if there is one."""
    row = _OPEN.first(session, appointment_id=appointment_id)
    return OpenRequest(*row) if row else None


_OPEN = Prepared(
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


def proposal_of(request: AskedToMove | None) -> int | None:
    """Id of a request's open version."""
    return None if request is None else request.proposal.id


def open_thread(
    session: Session,
    appointment: Appointment,
    actor: Actor,
    side: Role,
    slot: tuple[datetime, datetime],
    reason: ChangeReason,
    text: str | None,
) -> RescheduleProposal:
    """Ask for another slot on behalf of `side`; the caller has checked that it can be asked for.

    The session is locked, and has no open request.
    """
    thread = RescheduleThread(
        appointment_id=appointment.id, opened_at=actor.now, expires_at=appointment.starts_at
    )
    session.add(thread)
    session.flush()
    version = RescheduleProposal(
        thread_id=thread.id,
        side=side,
        proposed_by_id=actor.identified,
        new_starts_at=slot[0],
        new_ends_at=slot[1],
        reason=reason,
        text=text,
        proposed_at=actor.now,
    )
    session.add(version)
    record_version(session, Action.PROPOSE, side, actor, appointment, version)
    return version


def record_version(
    session: Session,
    action: Action,
    side: Role,
    actor: Actor,
    appointment: Appointment,
    version: RescheduleProposal,
) -> None:
    """Record in the audit trail what was done with a version of a request, and why."""
    details: dict[str, Any] = {
        "version": version.version,
        "starts_at": appointment.starts_at.isoformat(),
        "new_starts_at": version.new_starts_at.isoformat(),
    }
    is_new = action in (Action.PROPOSE, Action.COUNTER)
    if is_new and version.text:
        details["text"] = version.text
    record(
        session,
        action,
        side,
        actor,
        appointment_id=appointment.id,
        reason=version.reason.value if is_new and version.reason else None,
        details=details,
    )


def close_open_thread(session: Session, appointment: Appointment, actor: Actor) -> None:
    """Close the open request, because another change of the session replaces it (SPEC 6)."""
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
    """Close one version; the caller closes its thread or goes on with it."""
    session.exec(
        update(RescheduleProposal)
        .where(
            col(RescheduleProposal.id) == proposal.id,
            text("reschedule_proposal.status = 'open'"),
        )
        .values(status=status, closed_at=actor.now, closed_by_id=actor.person_id)
    )
