"""Who may answer an open request to move a session, and who was first if it is settled (SPEC 6)."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlmodel import col, select

from models import Appointment, AuditEvent, Person, RescheduleProposal, RescheduleThread
from models.enums import Action, Role, ThreadStatus
from services.db import Session
from services.lifecycle.access import for_update, side_of
from services.lifecycle.actors import Actor
from services.lifecycle.open_requests import OpenRequest, open_request, require_answers_count
from services.lifecycle.status import Outcome
from services.rules.refusals import Refusal, RefusalCode
from services.rules.reschedule import Answer, require_right_side

SETTLED_BY = MappingProxyType(
    {
        ThreadStatus.AGREED: (Action.ACCEPT,),
        ThreadStatus.REJECTED: (Action.REJECT,),
        ThreadStatus.WITHDRAWN: (Action.WITHDRAW,),
        ThreadStatus.CLOSED: (
            Action.CANCEL,
            Action.CANCEL_FOR_TUTOR,
            Action.CANCEL_FOR_PARENT,
            Action.MOVE,
            Action.REASSIGN,
        ),
    }
)
"""What somebody has done to a request that stands so; time alone lets it expire."""


@dataclass(frozen=True)
class Case:
    """An open version that is being answered: by whom, as which side."""

    appointment: Appointment
    request: OpenRequest
    side: Role


def answerable(
    session: Session,
    proposal_id: int,
    actor: Actor,
    answer: Answer,
    new_starts_at: datetime | None = None,
) -> Case | Outcome:
    """The version, if this person can answer it so; the earlier outcome where they have.

    `new_starts_at`: the time of a counter-proposal, since another time is another answer.
    Refused: NOT_FOUND, NOT_YOUR_CHILD, OWN_SESSION, ACTED_FIRST (the request is settled),
    REQUEST_EXPIRED (from the original start on), PROPOSAL_OUTDATED (a newer version counts),
    OWN_PROPOSAL, NOT_YOUR_PROPOSAL.
    """
    appointment = for_update(session, appointment_of(session, proposal_id))
    side = side_of(session, appointment, actor)
    found = session.exec(
        select(RescheduleProposal, RescheduleThread)
        .join(RescheduleThread, col(RescheduleThread.id) == RescheduleProposal.thread_id)
        .where(RescheduleProposal.id == proposal_id)
        .execution_options(populate_existing=True)
    )
    proposal, thread = found.one()
    if _has_said_so(session, proposal, actor, answer, new_starts_at):
        return Outcome(appointment, proposal.closed_at or actor.now, repeated=True)
    if thread.status is not ThreadStatus.OPEN:
        raise _settled(session, thread)
    require_answers_count(thread.expires_at, actor.now)
    request = open_request(session, appointment.id)
    if request is None or request.proposal.id != proposal_id:
        raise outdated(session, appointment.id)
    require_right_side(answer, request.proposal.side, side)
    return Case(appointment, request, side)


def appointment_of(session: Session, proposal_id: int) -> int:
    """The session that a version is about. Refused: NOT_FOUND."""
    found = session.exec(
        select(RescheduleThread.appointment_id)
        .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
        .where(RescheduleProposal.id == proposal_id)
    )
    appointment_id = found.one_or_none()
    if appointment_id is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return appointment_id


def _has_said_so(
    session: Session,
    proposal: RescheduleProposal,
    actor: Actor,
    answer: Answer,
    new_starts_at: datetime | None,
) -> bool:
    """Whether this person has given this very answer to this version already."""
    said = (proposal.closed_by_id, proposal.status) == (actor.person_id, answer.version_becomes)
    if not said or new_starts_at is None:
        return said
    found = session.exec(
        select(RescheduleProposal.new_starts_at).where(
            RescheduleProposal.thread_id == proposal.thread_id,
            RescheduleProposal.version == proposal.version + 1,
        )
    )
    return found.one() == new_starts_at


def _settled(session: Session, thread: RescheduleThread) -> Refusal:
    """Who settled a request that is open no more, or that nobody did in time."""
    if thread.status is ThreadStatus.EXPIRED:
        return Refusal(RefusalCode.REQUEST_EXPIRED, starts_at=thread.expires_at)
    closed_last = (
        select(RescheduleProposal.closed_by_id)
        .where(RescheduleProposal.thread_id == thread.id)
        .order_by(col(RescheduleProposal.version).desc())
        .limit(1)
    )
    found = session.exec(  # another request may have been settled at the same instant
        select(AuditEvent, Person.name)
        .join(Person, col(Person.id) == AuditEvent.actor_id)
        .where(
            AuditEvent.appointment_id == thread.appointment_id,
            AuditEvent.at == thread.closed_at,
            AuditEvent.actor_id == closed_last.scalar_subquery(),
            col(AuditEvent.action).in_(SETTLED_BY[thread.status]),
        )
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    )
    event, name = found.one()
    return Refusal(
        RefusalCode.ACTED_FIRST,
        who=name,
        actor_id=event.actor_id,
        action=event.action,
        role=event.role,
        at=event.at,
    )


def outdated(session: Session, appointment_id: int) -> Refusal:
    """The refusal that shows which version counts by now, or that none does any more."""
    request = open_request(session, appointment_id)
    if request is None:
        return Refusal(RefusalCode.STALE_BUTTON)
    return Refusal(
        RefusalCode.PROPOSAL_OUTDATED,
        who=request.proposer.name,
        actor_id=request.proposer.id,
        new_starts_at=request.proposal.new_starts_at,
        new_ends_at=request.proposal.new_ends_at,
    )
