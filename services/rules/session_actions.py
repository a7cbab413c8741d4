"""Every action on a session that can be offered, and the order on its card (UX 2)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models.enums import Role


class SessionAction(StrEnum):
    """Action that can be offered to a person who looks at a session.

    The audit trail has `models.enums.Action` instead: some of these actions are not written there,
    and some are different ways to the same entry.
    """

    ACCEPT = "accept"
    COUNTER = "counter"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CHECK_IN = "check_in"
    REMIND_OF_CHECK_IN = "remind_of_check_in"
    CHECK_OUT = "check_out"
    REMIND_OF_CHECK_OUT = "remind_of_check_out"
    ADD_NOTES = "add_notes"
    VIEW_NOTES = "view_notes"
    VIEW_SUMMARY = "view_summary"
    SUMMARY_IS_RIGHT = "summary_is_right"
    SUMMARY_IS_WRONG = "summary_is_wrong"
    MARK_ABSENT = "mark_absent"
    ACKNOWLEDGE = "acknowledge"
    DISPUTE = "dispute"
    REPORT_PROBLEM = "report_problem"
    PROPOSE = "propose"
    CANCEL = "cancel"
    TELL_COORDINATORS = "tell_coordinators"
    EXPLAIN_MISSED = "explain_missed"
    ASK_REPLACEMENT = "ask_replacement"
    CLAIM_DISPUTE = "claim_dispute"
    VERIFY_DISPUTE = "verify_dispute"
    UPHOLD_DISPUTE = "uphold_dispute"
    RETURN_DISPUTE = "return_dispute"
    CORRECT_ATTENDANCE = "correct_attendance"
    CLEAR_CHECK_IN = "clear_check_in"
    VERIFY = "verify"
    CANCEL_FOR_TUTOR = "cancel_for_tutor"
    CANCEL_FOR_PARENT = "cancel_for_parent"
    MOVE = "move"
    REASSIGN = "reassign"
    WAIVE_PENALTY = "waive_penalty"
    REPLACE = "replace"


ANSWERS = (
    SessionAction.WITHDRAW,
    SessionAction.ACCEPT,
    SessionAction.COUNTER,
    SessionAction.REJECT,
)
"""Answers to an open request to move the session."""

SETTLEMENTS = (
    SessionAction.CLAIM_DISPUTE,
    SessionAction.VERIFY_DISPUTE,
    SessionAction.UPHOLD_DISPUTE,
    SessionAction.RETURN_DISPUTE,
)
"""Coordinators' actions on a dispute that is not settled; also on the group's card."""

JUDGEMENTS = (SessionAction.SUMMARY_IS_RIGHT, SessionAction.SUMMARY_IS_WRONG)
"""Tutor's judgements of a summary."""

CARD: Mapping[Role, tuple[SessionAction, ...]] = MappingProxyType(
    {
        Role.TUTOR: (
            *ANSWERS,
            SessionAction.CHECK_IN,
            SessionAction.CHECK_OUT,
            SessionAction.ADD_NOTES,
            SessionAction.VIEW_NOTES,
            SessionAction.VIEW_SUMMARY,
            SessionAction.MARK_ABSENT,
            SessionAction.PROPOSE,
            SessionAction.CANCEL,
            SessionAction.TELL_COORDINATORS,
            SessionAction.EXPLAIN_MISSED,
            SessionAction.ASK_REPLACEMENT,
        ),
        Role.PARENT: (
            *ANSWERS,
            SessionAction.ACKNOWLEDGE,
            SessionAction.DISPUTE,
            SessionAction.VIEW_NOTES,
            SessionAction.VIEW_SUMMARY,
            SessionAction.REPORT_PROBLEM,
            SessionAction.PROPOSE,
            SessionAction.CANCEL,
            SessionAction.TELL_COORDINATORS,
            SessionAction.ASK_REPLACEMENT,
        ),
        Role.COORDINATOR: (
            *SETTLEMENTS,
            SessionAction.CORRECT_ATTENDANCE,
            SessionAction.CLEAR_CHECK_IN,
            SessionAction.VERIFY,
            SessionAction.VIEW_NOTES,
            SessionAction.VIEW_SUMMARY,
            SessionAction.CANCEL_FOR_TUTOR,
            SessionAction.CANCEL_FOR_PARENT,
            SessionAction.MOVE,
            SessionAction.REASSIGN,
            SessionAction.WAIVE_PENALTY,
            SessionAction.REPLACE,
        ),
    }
)
"""Actions that a session's card can offer to each role, in the card's order."""
