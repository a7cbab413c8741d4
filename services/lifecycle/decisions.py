"""Whether a person may act on a session now, or has done so already (SPEC 2).

`services.rules.actions` decides, from facts that the use case has read. Who acted first is read
only where the status rules the action out.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import Appointment, AuditEvent, Person
from models.enums import Action, Role, Status
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.beyond_status import action_of
from services.lifecycle.facts import facts_of_row, open_proposal
from services.lifecycle.open_requests import open_request
from services.lifecycle.status import Outcome
from services.rules.actions import refusal_of, require, require_arrow
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import NotFound, WrongStatus
from services.rules.repetitions import done_at
from services.rules.session_actions import SessionAction
from services.rules.session_facts import Done, SessionFacts


def decide(
    session: Session,
    appointment: Appointment,
    facts: SessionFacts,
    action: SessionAction,
    role: Role,
    actor: Actor,
) -> Outcome | None:
    """Decide about an action: None to go on; the earlier outcome if this person has done it.

    Refused: as `services.rules.actions` says.
    """
    refusal = refusal_of(facts, action, role, actor.now)
    if refusal is None:
        return None
    if isinstance(refusal, WrongStatus):
        facts = _with_last_move(session, facts)
    if at := done_at(facts, action, role, actor.person_id):
        return Outcome(appointment, at, repeated=True)
    require(facts, action, role, actor.now)
    return None


def require_possible(
    session: Session,
    facts: SessionFacts,
    action: SessionAction,
    role: Role,
    now: datetime,
    *,
    proposal_id: int | None = None,
) -> None:
    """Check that a person who has not done it can do it now; also asked before a dialogue.

    Refused: as `services.rules.actions` says, and ActedFirst where they have done it themselves.
    """

    def rule(known: SessionFacts) -> None:
        require(known, action, role, now, proposal_id=proposal_id)

    _apply(session, facts, rule)


def require_step(
    session: Session, appointment_id: int, action: Action, role: Role, now: datetime
) -> None:
    """Check only that the session's status allows this step.

    Refused: NotFound, WrongStatus, ActedFirst.
    """
    facts = facts_of_row(read_appointment(session, appointment_id))
    _apply(session, facts, lambda known: require_arrow(known, action, role, now))


def read_appointment(session: Session, appointment_id: int) -> Appointment:
    """Appointment, not locked: for questions. Refused: NotFound."""
    appointment = session.get(Appointment, appointment_id)
    if appointment is None:
        raise NotFound
    return appointment


def with_request(session: Session, facts: SessionFacts) -> SessionFacts:
    """Facts with the open request to move the session; only a scheduled session can have one."""
    if facts.status is not Status.SCHEDULED:
        return facts
    request = open_request(session, facts.appointment_id)
    return facts if request is None else replace(facts, proposal=open_proposal(request))


def _apply(session: Session, facts: SessionFacts, rule: Callable[[SessionFacts], None]) -> None:
    """Apply a rule; if the status rules the action out, again with who changed the status."""
    try:
        rule(facts)
    except Refusal as refusal:
        if isinstance(refusal, WrongStatus):
            rule(_with_last_move(session, facts))
        raise


def _with_last_move(session: Session, facts: SessionFacts) -> SessionFacts:
    """Facts with the newest status change, if a person made it."""
    row = session.execute(_LAST_MOVE, {"appointment_id": facts.appointment_id}).first()
    if row is None or row[0].actor_id is None or row[0].from_status is None:
        return facts
    event, who = row
    action = action_of(session, event)
    return replace(facts, last_move=Done(action, event.role, event.at, event.actor_id, who))


_LAST_MOVE = (
    select(AuditEvent, Person.name)
    .join(Person, col(Person.id) == AuditEvent.actor_id, isouter=True)
    .where(
        AuditEvent.appointment_id == bindparam("appointment_id"),
        col(AuditEvent.to_status).is_not(None),
    )
    .order_by(col(AuditEvent.id).desc())
    .limit(1)
)
