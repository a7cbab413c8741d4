"""What a person may do with a session now: the only place that decides it (SPEC 2 to 6, 9).

Cards, lists and pages show `available_actions`; dialogues and use cases call `require` with the
same facts and raise the same refusal. Each action has a row of checks in `_CHECKS`, and the first
check that fails gives the refusal. Use cases check afterwards what depends on the person's choice:
a slot, a tutor, a reason.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from types import MappingProxyType

from models.enums import Action, Role, Status
from services.rules.action_checks import (
    LIVE,
    LOST,
    ByStatus,
    Check,
    Question,
    answerable,
    arrow,
    attended,
    changeable,
    check_in_is_open,
    check_out_is_open,
    checked_in,
    has_started,
    has_summary,
    live_dispute,
    lost_to_its_side,
    no_open_request,
    nobody_asked_to_replace,
    not_expiring,
    not_logged,
    not_replaced,
    not_upheld,
    only_while,
    summary_is_newest,
    takes_notes,
    time_is_to_come,
    too_late_to_change,
    unclaimed,
    unwaived_penalty,
)
from services.rules.attendance import missed
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import StaleButton
from services.rules.reschedule import Answer
from services.rules.session_actions import ANSWERS, CARD, JUDGEMENTS, SessionAction
from services.rules.session_facts import SessionFacts
from services.rules.windows import CHECK_IN_LEAD

# ---------------------------------------------------------------------------------- the questions


def available_actions(
    facts: SessionFacts,
    role: Role,
    now: datetime,
    among: Collection[SessionAction] | None = None,
) -> tuple[SessionAction, ...]:
    """Actions that the session's card offers now to a person in this role, in the card's order.

    `among`: those of interest, where the others need not be judged.
    """
    question = Question(facts, role, now, None)
    possible = _not_ruled_out(facts.status, role, is_asked=facts.proposal is not None)
    return tuple(
        [one for one in possible if (among is None or one in among) and _is_offered(question, one)]
    )


def available_judgements(facts: SessionFacts, role: Role) -> tuple[SessionAction, ...]:
    """Judgements that the tutor can give on the summary: not the one that is already given."""
    if role is not Role.TUTOR or facts.summary is None:
        return ()
    said = {True: SessionAction.SUMMARY_IS_RIGHT, False: SessionAction.SUMMARY_IS_WRONG, None: None}
    return tuple(one for one in JUDGEMENTS if one is not said[facts.summary.is_right])


def due_tap(facts: SessionFacts, now: datetime) -> SessionAction | None:
    """Check-in or check-out, if its window is open: for lists and commands.

    An open request does not hide it: the answer to the tap explains the request (SPEC 3).
    """
    unasked = facts if facts.proposal is None else replace(facts, proposal=None)
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
    """Refusal of this action for a person in this role at `now`; None where it is possible.

    `proposal_id`: version of a request that is being answered; None for the open one.
    """
    return _refusal(Question(facts, role, now, proposal_id), action)


def _refusal(question: Question, action: SessionAction) -> Refusal | None:
    try:
        _check(question, action)
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
    _check(Question(facts, role, now, proposal_id), action)


def _check(question: Question, action: SessionAction) -> None:
    for check in _CHECKS[action]:
        check(question)


def require_arrow(facts: SessionFacts, action: Action, role: Role, now: datetime) -> None:
    """Check that the status table allows this step (SPEC 2). Refused: ActedFirst, WrongStatus."""
    arrow(action)(Question(facts, role, now))


# -------------------------------------------------------------------------------------- the rules


def _is_under_way(question: Question) -> None:
    """Check that the tutor has checked in, or that the session has begun without that (SPEC 3).

    Refused: StaleButton.
    """
    facts = question.facts
    if facts.status is Status.SCHEDULED and question.now < facts.starts_at:
        raise StaleButton


def _may_be_too_late(status: Status, role: Role) -> bool:
    """Whether a session can be one that only coordinators change: for its parents also where the
    tutor has checked in before the start.
    """
    return status is Status.SCHEDULED or (status is Status.CHECKED_IN and role is Role.PARENT)


def _is_missed(facts: SessionFacts, _role: Role, now: datetime) -> bool:
    return missed(facts.status, facts.starts_at, facts.ends_at, facts.zone, now) is not None


_LOST = only_while(Action.REPLACE, *LOST)

_CHECKS: Mapping[SessionAction, tuple[Check, ...]] = MappingProxyType(
    {
        SessionAction.ACCEPT: (answerable(Answer.ACCEPT), time_is_to_come),
        SessionAction.COUNTER: (answerable(Answer.COUNTER),),
        SessionAction.REJECT: (answerable(Answer.REJECT),),
        SessionAction.WITHDRAW: (answerable(Answer.WITHDRAW),),
        SessionAction.CHECK_IN: (arrow(Action.CHECK_IN), no_open_request, check_in_is_open),
        SessionAction.REMIND_OF_CHECK_IN: (arrow(Action.CHECK_IN), no_open_request),
        SessionAction.CHECK_OUT: (checked_in, arrow(Action.CHECK_OUT), check_out_is_open),
        SessionAction.REMIND_OF_CHECK_OUT: (checked_in, arrow(Action.CHECK_OUT)),
        SessionAction.ADD_NOTES: (takes_notes,),
        SessionAction.VIEW_NOTES: (),
        SessionAction.VIEW_SUMMARY: (has_summary,),
        SessionAction.SUMMARY_IS_RIGHT: (summary_is_newest,),
        SessionAction.SUMMARY_IS_WRONG: (summary_is_newest,),
        SessionAction.MARK_ABSENT: (
            only_while(Action.MARK_ABSENT, Status.AWAITING_APPROVAL_PARENT),
            not_logged,
        ),
        SessionAction.ACKNOWLEDGE: (arrow(Action.ACKNOWLEDGE), attended),
        SessionAction.DISPUTE: (arrow(Action.DISPUTE),),
        SessionAction.REPORT_PROBLEM: (has_started,),
        SessionAction.PROPOSE: (
            no_open_request,
            only_while(Action.PROPOSE, Status.SCHEDULED),
            changeable,
        ),
        SessionAction.CANCEL: (arrow(Action.CANCEL), changeable),
        SessionAction.TELL_COORDINATORS: (
            ByStatus(Action.TELL_COORDINATORS, _may_be_too_late),
            too_late_to_change,
        ),
        SessionAction.EXPLAIN_MISSED: (
            only_while(Action.TELL_COORDINATORS, Status.SCHEDULED, Status.CHECKED_IN),
            not_expiring,
            _is_under_way,
        ),
        SessionAction.ASK_REPLACEMENT: (
            nobody_asked_to_replace,
            _LOST,
            lost_to_its_side,
            not_replaced,
        ),
        SessionAction.CLAIM_DISPUTE: (live_dispute, unclaimed),
        SessionAction.VERIFY_DISPUTE: (arrow(Action.VERIFY), live_dispute, attended),
        SessionAction.UPHOLD_DISPUTE: (live_dispute,),
        SessionAction.RETURN_DISPUTE: (live_dispute, arrow(Action.RETURN)),
        SessionAction.CORRECT_ATTENDANCE: (arrow(Action.CORRECT_ATTENDANCE), no_open_request),
        SessionAction.CLEAR_CHECK_IN: (arrow(Action.CLEAR_CHECK_IN),),
        SessionAction.VERIFY: (arrow(Action.VERIFY), not_upheld, attended),
        SessionAction.CANCEL_FOR_TUTOR: (arrow(Action.CANCEL_FOR_TUTOR), not_expiring),
        SessionAction.CANCEL_FOR_PARENT: (arrow(Action.CANCEL_FOR_PARENT), not_expiring),
        SessionAction.MOVE: (only_while(Action.MOVE, Status.SCHEDULED), not_expiring),
        SessionAction.REASSIGN: (only_while(Action.REASSIGN, Status.SCHEDULED), not_expiring),
        SessionAction.WAIVE_PENALTY: (unwaived_penalty,),
        SessionAction.REPLACE: (_LOST, not_replaced),
    }
)
"""Conditions of each action, in the order in which they are checked."""


def _awaits_parents(facts: SessionFacts, _role: Role, _now: datetime) -> bool:
    return facts.status is Status.AWAITING_APPROVAL_PARENT


def _lacks_a_tap(facts: SessionFacts, _role: Role, now: datetime) -> bool:
    late = missed(facts.status, facts.starts_at, facts.ends_at, facts.zone, now)
    return late is not None or facts.status is Status.CHECKED_IN


def _is_disputed(facts: SessionFacts, _role: Role, _now: datetime) -> bool:
    return facts.dispute is not None and facts.dispute.status in LIVE


def _is_too_near(facts: SessionFacts, role: Role, now: datetime) -> bool:
    """Whether coordinators can be told of a change; a tutor's card that checks in does no more.

    One that cannot, since a request is open, still does.
    """
    is_for_check_in = now >= facts.starts_at - CHECK_IN_LEAD and facts.proposal is None
    if role is Role.TUTOR and is_for_check_in:
        return False
    return refusal_of(facts, SessionAction.TELL_COORDINATORS, role, now) is None


def _was_missed(facts: SessionFacts, role: Role, now: datetime) -> bool:
    """Whether a tap was missed that can be explained; before that the card has the tap itself."""
    is_missed = _is_missed(facts, role, now)
    return is_missed and refusal_of(facts, SessionAction.EXPLAIN_MISSED, role, now) is None


_OFFERED: Mapping[SessionAction, Callable[[SessionFacts, Role, datetime], bool]] = MappingProxyType(
    {
        SessionAction.VIEW_NOTES: lambda facts, _role, _now: facts.has_notes,
        SessionAction.ACKNOWLEDGE: _awaits_parents,
        SessionAction.VERIFY: _awaits_parents,
        SessionAction.VERIFY_DISPUTE: _is_disputed,
        SessionAction.CORRECT_ATTENDANCE: _lacks_a_tap,
        SessionAction.TELL_COORDINATORS: _is_too_near,
        SessionAction.EXPLAIN_MISSED: _was_missed,
    }
)
"""Actions that a card offers by a rule of their own, not simply where they are possible.

To approve is offered where attendance is missing, too: the answer says that it has to be corrected
first. A disputed session is verified by the buttons of its dispute.
"""


@cache
def _not_ruled_out(status: Status, role: Role, *, is_asked: bool) -> tuple[SessionAction, ...]:
    """Actions of a card that may be offered in this status: a handful of the dozen and more.

    `is_asked`: a request to move the session is open, which is all that can be answered.
    """

    def may_be(action: SessionAction) -> bool:
        if action in ANSWERS and not is_asked:
            return False
        checks = (check for check in _CHECKS[action] if isinstance(check, ByStatus))
        return action in _OFFERED or all(check.allows(status, role) for check in checks)

    return tuple(one for one in CARD[role] if may_be(one))


def _is_offered(question: Question, action: SessionAction) -> bool:
    offered = _OFFERED.get(action)
    if offered is not None:
        return offered(question.facts, question.role, question.now)
    return _refusal(question, action) is None
