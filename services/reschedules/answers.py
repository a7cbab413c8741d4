"""Who may answer an open request to move a session, and who settled it first (SPEC 6)."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sqlmodel import col, select

from models import Appointment, AuditEvent, Person, RescheduleProposal, RescheduleThread
from models.enums import Action, Role, ThreadStatus
from services.db import Session
from services.lifecycle.access import for_update, side_of
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import read_appointment
from services.lifecycle.facts import facts_of_row, open_proposal
from services.lifecycle.open_requests import OpenRequest, open_request
from services.lifecycle.status import Outcome
from services.rules.actions import require
from services.rules.refusals.sessions import NotFound, StaleButton
from services.rules.reschedule import Answer
from services.rules.session_actions import SessionAction
from services.rules.session_facts import ClosedThread, Done

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
"""Actions that settle a request with this status; it expires by time alone."""


@dataclass(frozen=True)
class Case:
    """Open version that is being answered, by whom, and for which side."""

    appointment: Appointment
    request: OpenRequest
    side: Role


@dataclass(frozen=True)
class Asked:
    """Version of a session's request that is answered, the answer, and the side."""

    appointment: Appointment
    proposal_id: int
    answer: Answer
    side: Role


def answerable(
    session: Session,
    proposal_id: int,
    actor: Actor,
    answer: Answer,
    new_starts_at: datetime | None = None,
) -> Case | Outcome:
    """Open version, if this person can answer it so; the earlier outcome if they have done so.

    `new_starts_at`: time of a counter-proposal; another time is another answer. Refused: NotFound,
    NotYourChild, OwnSession, ActedFirst (the request is settled), RequestExpired (from the
    original start on), ProposalOutdated (a newer version counts), OwnProposal, NotYourProposal.
    """
    appointment = for_update(session, appointment_of(session, proposal_id))
    side = side_of(session, appointment, actor)
    proposal, thread = _version(session, proposal_id)
    if _has_answered_so(session, proposal, actor, answer, new_starts_at):
        return Outcome(appointment, proposal.closed_at or actor.now, repeated=True)
    closed = _closed(session, thread)
    return _case(session, Asked(appointment, proposal_id, answer, side), closed, actor.now)


def require_answerable(
    session: Session,
    proposal_id: int,
    actor: Actor,
    answer: Answer,
    new_starts_at: datetime | None = None,
) -> Case:
    """Open version, if this person can answer it so; asked before a dialogue.

    Refused as `answerable`. A person who has given this answer learns which version counts now
    (ProposalOutdated), or that none does (StaleButton).
    """
    appointment = read_appointment(session, appointment_of(session, proposal_id))
    side = side_of(session, appointment, actor)
    proposal, thread = _version(session, proposal_id)
    has_answered = _has_answered_so(session, proposal, actor, answer, new_starts_at)
    closed = None if has_answered else _closed(session, thread)
    return _case(session, Asked(appointment, proposal_id, answer, side), closed, actor.now)


def appointment_of(session: Session, proposal_id: int) -> int:
    """Id of the session that a version would move. Refused: NotFound."""
    found = session.exec(
        select(RescheduleThread.appointment_id)
        .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
        .where(RescheduleProposal.id == proposal_id)
    )
    appointment_id = found.one_or_none()
    if appointment_id is None:
        raise NotFound
    return appointment_id


def _has_answered_so(
    session: Session,
    proposal: RescheduleProposal,
    actor: Actor,
    answer: Answer,
    new_starts_at: datetime | None,
) -> bool:
    """Whether this person has already given this answer to this version."""
    is_same = (proposal.closed_by_id, proposal.status) == (actor.person_id, answer.version_becomes)
    if not is_same or new_starts_at is None:
        return is_same
    found = session.exec(
        select(RescheduleProposal.new_starts_at).where(
            RescheduleProposal.thread_id == proposal.thread_id,
            RescheduleProposal.version == proposal.version + 1,
        )
    )
    return found.one() == new_starts_at


def _case(session: Session, asked: Asked, closed: ClosedThread | None, now: datetime) -> Case:
    appointment = asked.appointment
    request = None if closed else open_request(session, appointment.id)
    facts = replace(
        facts_of_row(appointment), closed_thread=closed, proposal=open_proposal(request)
    )
    action = SessionAction(asked.answer.value)
    require(facts, action, asked.side, now, proposal_id=asked.proposal_id)
    if request is None:
        raise StaleButton
    return Case(appointment, request, asked.side)


def _version(session: Session, proposal_id: int) -> tuple[RescheduleProposal, RescheduleThread]:
    found = session.exec(
        select(RescheduleProposal, RescheduleThread)
        .join(RescheduleThread, col(RescheduleThread.id) == RescheduleProposal.thread_id)
        .where(RescheduleProposal.id == proposal_id)
        .execution_options(populate_existing=True)
    )
    proposal, thread = found.one()
    return proposal, thread


def _closed(session: Session, thread: RescheduleThread) -> ClosedThread | None:
    """Settled request and who settled it; None while it is open."""
    if thread.status is ThreadStatus.OPEN:
        return None
    settled = None if thread.status is ThreadStatus.EXPIRED else _settled(session, thread)
    return ClosedThread(thread.status, thread.expires_at, settled)


def _settled(session: Session, thread: RescheduleThread) -> Done:
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
    return Done(event.action, event.role, event.at, event.actor_id, name)
