"""Waiving the penalty of a cancellation (SPEC 6)."""

from dataclasses import replace

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models import Appointment, Cancellation, Person
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import for_update, people_of, require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import decide, read_appointment
from services.lifecycle.facts import facts_of_row, named_penalty
from services.lifecycle.status import Outcome, record
from services.notifications.announcements import give_cards
from services.rules.actions import require
from services.rules.refusals.sessions import NoPenalty
from services.rules.session_actions import SessionAction
from services.rules.session_facts import SessionFacts
from services.rules.texts import require_reason


def waive_penalty(session: Session, appointment_id: int, actor: Actor, reason: str) -> Outcome:
    """Waive the penalty of a cancelled session, as a coordinator (SPEC 6).

    The side that cancelled gets a new card. Refused: NotCoordinator, NoPenalty, ActedFirst
    (somebody else waived it), ReasonRequired, TextTooLong.
    """
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    cancellation, facts = _penalty(session, appointment)
    action = SessionAction.WAIVE_PENALTY
    if earlier := decide(session, appointment, facts, action, Role.COORDINATOR, actor):
        return earlier
    checked_reason = require_reason(reason)
    session.exec(
        update(Cancellation)
        .where(col(Cancellation.id) == cancellation.id)
        .values(waived_at=actor.now, waived_by_id=actor.identified, waiver_reason=checked_reason)
        .execution_options(synchronize_session=False)
    )
    record(
        session,
        Action.WAIVE_PENALTY,
        Role.COORDINATOR,
        actor,
        appointment_id=appointment_id,
        reason=checked_reason,
        details={"penalty": cancellation.penalty},
    )
    side = people_of(session, appointment, cancellation.side)
    others = [person_id for person_id in side if person_id != actor.person_id]
    give_cards(session, appointment, others, actor)
    return Outcome(appointment, actor.now)


def require_waivable(session: Session, appointment_id: int, actor: Actor) -> Cancellation:
    """Cancellation whose penalty a coordinator could waive now; asked before the reason.

    Refused as `waive_penalty` would be, and ActedFirst where they have waived it themselves.
    """
    require_coordinator(session, actor)
    cancellation, facts = _penalty(session, read_appointment(session, appointment_id))
    require(facts, SessionAction.WAIVE_PENALTY, Role.COORDINATOR, actor.now)
    return cancellation


def _penalty(session: Session, appointment: Appointment) -> tuple[Cancellation, SessionFacts]:
    """Session's cancellation, and its facts with the penalty. Refused: NoPenalty."""
    row = session.execute(_CANCELLATION, {"appointment_id": appointment.id}).one_or_none()
    if row is None:
        raise NoPenalty
    cancellation, waived_by = row
    penalty = named_penalty(cancellation, waived_by)
    return cancellation, replace(facts_of_row(appointment), penalty=penalty)


_CANCELLATION = (
    select(Cancellation, Person.name)
    .join(Person, col(Person.id) == Cancellation.waived_by_id, isouter=True)
    .where(Cancellation.appointment_id == bindparam("appointment_id"))
    .execution_options(populate_existing=True)
)
