"""What somebody may do with a session now: the only place that says so (SPEC 2 to 6, 9).

Cards, lists and pages show `available_actions`; dialogues and use cases call `require` with the
same facts, and raise the same refusal. Each action has its checks in a row of `_CHECKS`: the first
that fails is what is said. What depends on what was chosen (a slot, a tutor, a reason) is checked
by the use case afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from models.enums import Action, Role, Status
from services.rules import action_checks as checks
from services.rules.action_checks import Check, Question
from services.rules.attendance import missed
from services.rules.refusals import Refusal
from services.rules.reschedule import Answer
from services.rules.session_facts import SessionFacts


class SessionAction(StrEnum):
    """Everything that can be offered to somebody who looks at a session."""

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


# ---------------------------------------------------------------------------------- the questions


def available_actions(facts: SessionFacts, role: Role, now: datetime) -> tuple[SessionAction, ...]:
    """What the session's card offers now to somebody who sees it in this role, in its order."""
    return tuple(one for one in CARD[role] if _is_offered(facts, one, role, now))


def available_judgements(facts: SessionFacts, role: Role) -> tuple[SessionAction, ...]:
    """What can be said of the summary: only by the tutor, and not what they have said already."""
    if role is not Role.TUTOR or facts.summary is None:
        return ()
    said = {True: SessionAction.SUMMARY_IS_RIGHT, False: SessionAction.SUMMARY_IS_WRONG, None: None}
    return tuple(one for one in JUDGEMENTS if one is not said[facts.summary.is_right])


def due_tap(facts: SessionFacts, now: datetime) -> SessionAction | None:
    """The check-in or check-out for which the time is right, for lists and commands.

    An open request does not hide it: the answer to the tap tells of the request (SPEC 3).
    """
    unasked = replace(facts, proposal=None)
    taps = (SessionAction.CHECK_IN, SessionAction.CHECK_OUT)
    return next((one for one in taps if refusal_of(unasked, one, Role.TUTOR, now) is None), None)


def refusal_of(
    facts: SessionFacts,
    action: SessionAction,
    role: Role,
    now: datetime,
    *,
    proposal_id: int | None = None,
) -> Refusal | None:
    """Why this is not possible now for somebody in this role; None where it is.

    `proposal_id`: the version of a request that is answered; None: the open one.
    """
    try:
        require(facts, action, role, now, proposal_id=proposal_id)
    except Refusal as refusal:
        return refusal
    return None


def require(
    facts: SessionFacts,
    action: SessionAction,
    role: Role,
    now: datetime,
    *,
    proposal_id: int | None = None,
) -> None:
    """Raise the refusal that `refusal_of` gives."""
    question = Question(facts, role, now, proposal_id)
    for check in _CHECKS[action]:
        check(question)


def require_arrow(facts: SessionFacts, action: Action, role: Role, now: datetime) -> None:
    """The status table has an arrow for this step (SPEC 2). Refused: ACTED_FIRST, WRONG_STATUS."""
    checks.arrow(action)(Question(facts, role, now))


# -------------------------------------------------------------------------------------- the rules

_LOST = checks.only_while(Status.NOT_COMPLETED, Action.REPLACE)

_CHECKS: Mapping[SessionAction, tuple[Check, ...]] = MappingProxyType(
    {
        SessionAction.ACCEPT: (checks.answerable(Answer.ACCEPT), checks.time_is_to_come),
        SessionAction.COUNTER: (checks.answerable(Answer.COUNTER),),
        SessionAction.REJECT: (checks.answerable(Answer.REJECT),),
        SessionAction.WITHDRAW: (checks.answerable(Answer.WITHDRAW),),
        SessionAction.CHECK_IN: (
            checks.arrow(Action.CHECK_IN),
            checks.no_open_request,
            checks.check_in_is_open,
        ),
        SessionAction.REMIND_OF_CHECK_IN: (checks.arrow(Action.CHECK_IN), checks.no_open_request),
        SessionAction.CHECK_OUT: (
            checks.checked_in,
            checks.arrow(Action.CHECK_OUT),
            checks.check_out_is_open,
        ),
        SessionAction.ADD_NOTES: (checks.takes_notes,),
        SessionAction.VIEW_NOTES: (),
        SessionAction.VIEW_SUMMARY: (checks.has_summary,),
        SessionAction.SUMMARY_IS_RIGHT: (checks.summary_is_newest,),
        SessionAction.SUMMARY_IS_WRONG: (checks.summary_is_newest,),
        SessionAction.MARK_ABSENT: (
            checks.only_while(Status.AWAITING_APPROVAL_PARENT, Action.MARK_ABSENT),
        ),
        SessionAction.ACKNOWLEDGE: (checks.arrow(Action.ACKNOWLEDGE), checks.attended),
        SessionAction.DISPUTE: (checks.arrow(Action.DISPUTE),),
        SessionAction.REPORT_PROBLEM: (checks.begun,),
        SessionAction.PROPOSE: (
            checks.no_open_request,
            checks.only_while(Status.SCHEDULED, Action.PROPOSE),
            checks.changeable,
        ),
        SessionAction.CANCEL: (checks.arrow(Action.CANCEL), checks.changeable),
        SessionAction.ASK_REPLACEMENT: (
            checks.nobody_asked_to_replace,
            _LOST,
            checks.not_replaced,
        ),
        SessionAction.CLAIM_DISPUTE: (checks.live_dispute, checks.unclaimed),
        SessionAction.VERIFY_DISPUTE: (
            checks.arrow(Action.VERIFY),
            checks.live_dispute,
            checks.attended,
        ),
        SessionAction.UPHOLD_DISPUTE: (checks.live_dispute,),
        SessionAction.RETURN_DISPUTE: (checks.live_dispute, checks.arrow(Action.RETURN)),
        SessionAction.CORRECT_ATTENDANCE: (
            checks.arrow(Action.CORRECT_ATTENDANCE),
            checks.no_open_request,
        ),
        SessionAction.CLEAR_CHECK_IN: (checks.arrow(Action.CLEAR_CHECK_IN),),
        SessionAction.VERIFY: (checks.arrow(Action.VERIFY), checks.not_upheld, checks.attended),
        SessionAction.CANCEL_FOR_TUTOR: (
            checks.arrow(Action.CANCEL_FOR_TUTOR),
            checks.not_expiring,
        ),
        SessionAction.CANCEL_FOR_PARENT: (
            checks.arrow(Action.CANCEL_FOR_PARENT),
            checks.not_expiring,
        ),
        SessionAction.MOVE: (
            checks.only_while(Status.SCHEDULED, Action.MOVE),
            checks.not_expiring,
        ),
        SessionAction.REASSIGN: (
            checks.only_while(Status.SCHEDULED, Action.REASSIGN),
            checks.not_expiring,
        ),
        SessionAction.WAIVE_PENALTY: (checks.unwaived_penalty,),
        SessionAction.REPLACE: (_LOST, checks.not_replaced),
    }
)
"""What has to be so for each action, in the order in which it is asked."""


def _awaits_parents(facts: SessionFacts, _now: datetime) -> bool:
    return facts.status is Status.AWAITING_APPROVAL_PARENT


def _lacks_a_tap(facts: SessionFacts, now: datetime) -> bool:
    late = missed(facts.status, facts.starts_at, facts.ends_at, facts.zone, now)
    return late is not None or facts.status is Status.CHECKED_IN


def _is_disputed(facts: SessionFacts, _now: datetime) -> bool:
    return facts.dispute is not None and facts.dispute.status in checks.LIVE


_OFFERED: Mapping[SessionAction, Callable[[SessionFacts, datetime], bool]] = MappingProxyType(
    {
        SessionAction.VIEW_NOTES: lambda facts, _now: facts.has_notes,
        SessionAction.ACKNOWLEDGE: _awaits_parents,
        SessionAction.VERIFY: _awaits_parents,
        SessionAction.VERIFY_DISPUTE: _is_disputed,
        SessionAction.RETURN_DISPUTE: _is_disputed,
        SessionAction.CORRECT_ATTENDANCE: _lacks_a_tap,
    }
)
"""When a card offers what is not offered exactly where it is possible.

To approve is offered where attendance is missing, too: the answer says that it has to be corrected
first. A disputed session is verified by the buttons of its dispute.
"""


def _is_offered(facts: SessionFacts, action: SessionAction, role: Role, now: datetime) -> bool:
    offered = _OFFERED.get(action)
    if offered is not None:
        return offered(facts, now)
    return refusal_of(facts, action, role, now) is None
