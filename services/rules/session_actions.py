"""Everything that can be offered of a session, and in which order its card has it (UX 2)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models.enums import Role


class SessionAction(StrEnum):
    """What can be offered to somebody who looks at a session.

    What is written into the audit trail is `models.enums.Action`: some of these are no step of
    it, and some are different ways to one.
    """

    ACCEPT = "accept"
    COUNTER = "counter"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CHECK_IN = "check_in"
    REMIND_OF_CHECK_IN = "remind_of_check_in"
    CHECK_OUT = "check_out"
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
"""What is done about an open request to move the session."""

SETTLEMENTS = (
    SessionAction.CLAIM_DISPUTE,
    SessionAction.VERIFY_DISPUTE,
    SessionAction.UPHOLD_DISPUTE,
    SessionAction.RETURN_DISPUTE,
)
"""What a coordinator does with a live dispute; on the group's card, too."""

JUDGEMENTS = (SessionAction.SUMMARY_IS_RIGHT, SessionAction.SUMMARY_IS_WRONG)
"""What a tutor says below a summary."""

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
"""What a session's card can offer to a role, in its order."""
