"""Repeated actions: a person who repeats an action gets the earlier answer, no refusal (SPEC 2).

Asked before `services.rules.actions.require`. Use cases compare the actions that depend on a chosen
slot or tutor (a request, its answers, a move, another tutor).
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from models.enums import Action, DisputeStatus, Role
from services.rules.lifecycle import next_status
from services.rules.session_actions import SessionAction
from services.rules.session_facts import DisputeRecord, SessionFacts

_MOVES: Mapping[SessionAction, Action] = MappingProxyType(
    {
        SessionAction.CHECK_IN: Action.CHECK_IN,
        SessionAction.CHECK_OUT: Action.CHECK_OUT,
        SessionAction.ACKNOWLEDGE: Action.ACKNOWLEDGE,
        SessionAction.DISPUTE: Action.DISPUTE,
        SessionAction.CANCEL: Action.CANCEL,
        SessionAction.CORRECT_ATTENDANCE: Action.CORRECT_ATTENDANCE,
        SessionAction.CLEAR_CHECK_IN: Action.CLEAR_CHECK_IN,
        SessionAction.VERIFY: Action.VERIFY,
        SessionAction.VERIFY_DISPUTE: Action.VERIFY,
        SessionAction.CANCEL_FOR_TUTOR: Action.CANCEL_FOR_TUTOR,
        SessionAction.CANCEL_FOR_PARENT: Action.CANCEL_FOR_PARENT,
    }
)
"""Action in the audit trail for each action that changes the status."""


def done_at(
    facts: SessionFacts, action: SessionAction, role: Role, person_id: int | None
) -> datetime | None:
    """When this person did this, if it still holds; None where it is to be done now."""
    move = _MOVES.get(action)
    if move is not None and next_status(facts.status, move, role) is not None:
        return None
    by, at = _doer(facts, action, move)
    return at if by is not None and by == person_id else None


def _doer(
    facts: SessionFacts, action: SessionAction, move: Action | None
) -> tuple[int | None, datetime | None]:
    """Person who did it, and when; (None, None) where nobody did."""
    if move is not None:
        last = facts.last_move
        return (last.actor_id, last.at) if last and last.action is move else (None, None)
    match action:
        case SessionAction.WAIVE_PENALTY if facts.penalty and facts.penalty.waived:
            return facts.penalty.waived.actor_id, facts.penalty.waived.at
        case SessionAction.ASK_REPLACEMENT if facts.replacement_asked:
            return facts.replacement_asked.actor_id, facts.replacement_asked.at
        case SessionAction.REPLACE if facts.replaced_by:
            return facts.replaced_by.actor_id, facts.replaced_by.at
    return _dealt_with(facts.dispute, action) if facts.dispute else (None, None)


def _dealt_with(
    dispute: DisputeRecord, action: SessionAction
) -> tuple[int | None, datetime | None]:
    match action, dispute.status:
        case SessionAction.CLAIM_DISPUTE, DisputeStatus.CLAIMED:
            return dispute.claimed_by_id, dispute.claimed_at
        case (SessionAction.UPHOLD_DISPUTE, DisputeStatus.UPHELD) | (
            SessionAction.RETURN_DISPUTE,
            DisputeStatus.RETURNED,
        ):
            return dispute.settled_by_id, dispute.settled_at
    return None, None
