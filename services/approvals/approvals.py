"""Approval of a session, by a parent or by a coordinator (SPEC 5)."""

from dataclasses import replace
from datetime import datetime

from models.enums import Action, DisputeStatus, Role
from services.approvals.disputes import dispute_of, latest_dispute, record_of, settle
from services.db import Session
from services.lifecycle.access import for_update, require_coordinator, require_guardian
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import decide
from services.lifecycle.facts import facts_of_row
from services.lifecycle.status import Outcome, change_status
from services.notifications.announcements import refresh_cards, tell_settled, tell_verified
from services.packages.ledger import charge
from services.rules.session_actions import SessionAction


def acknowledge(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    """Approve a session as a parent, who confirms that it took place; final (SPEC 5).

    Refused: NotYourChild, OwnSession, WrongStatus, ActedFirst, AttendanceMissing.
    """
    appointment = for_update(session, appointment_id)
    require_guardian(session, appointment, actor)
    facts, action = facts_of_row(appointment), SessionAction.ACKNOWLEDGE
    if earlier := decide(session, appointment, facts, action, Role.PARENT, actor):
        return earlier
    outcome = change_status(session, appointment, Action.ACKNOWLEDGE, Role.PARENT, actor)
    charge(session, outcome.appointment, actor)
    refresh_cards(session, appointment, actor, event_id=outcome.event_id, is_answered=True)
    return outcome


def verify(
    session: Session,
    appointment_id: int,
    actor: Actor,
    reason: str,
    *,
    dispute_id: int | None = None,
    told_at: datetime | None = None,
) -> Outcome:
    """Approve in the parents' place as a coordinator, and settle the dispute, if any (SPEC 2).

    `dispute_id`: dispute that is meant; if it was settled meanwhile, for example by a return to the
    parents, nothing is verified. `told_at`: when those whom it concerns are told, where that is not
    at once. Refused: NotCoordinator, ReasonRequired, WrongStatus,
    ActedFirst, DisputeSettled, AttendanceMissing (it must be corrected first).
    """
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    if dispute_id is None:
        action, dispute = SessionAction.VERIFY, latest_dispute(session, appointment_id)
    else:
        action, dispute = SessionAction.VERIFY_DISPUTE, dispute_of(session, dispute_id)
    facts = replace(facts_of_row(appointment), dispute=record_of(session, dispute))
    if earlier := decide(session, appointment, facts, action, Role.COORDINATOR, actor):
        return earlier
    outcome = change_status(
        session, appointment, Action.VERIFY, Role.COORDINATOR, actor, reason=reason
    )
    charge(session, outcome.appointment, actor)
    if dispute is not None and settle(session, dispute, DisputeStatus.VERIFIED, actor, reason):
        tell_settled(session, outcome.appointment, dispute, actor)
    else:
        tell_verified(session, outcome.appointment, actor, told_at)
    refresh_cards(session, outcome.appointment, actor)
    return outcome
