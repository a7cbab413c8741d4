"""Why something is not possible, and which of several reasons is given (SPEC 2, 3, 4, 6)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.enums import Action, Role, Status, ThreadStatus
from services.rules.actions import refusal_of, require, require_arrow
from services.rules.refusals import Refusal
from services.rules.refusals.attendance import (
    NotCheckedIn,
    TooEarlyToCheckIn,
    TooEarlyToCheckOut,
    TooLateToCheckIn,
    TooLateToCheckOut,
)
from services.rules.refusals.requests import (
    NotYourProposal,
    OwnProposal,
    ProposalOutdated,
    RequestExpired,
    RescheduleOpen,
    SlotPassed,
)
from services.rules.refusals.sessions import (
    ActedFirst,
    NotStartedYet,
    StaleButton,
    TooLateToChange,
    WrongStatus,
)
from services.rules.session_actions import SessionAction
from services.rules.session_facts import ClosedThread
from tests.rules.session_cases import (
    DAY_AFTER_END,
    END,
    FOUR_HOURS_BEFORE,
    HALF_AN_HOUR_BEFORE,
    HALF_AN_HOUR_BEFORE_END,
    LONG_BEFORE,
    MIDNIGHT,
    NEW_START,
    SECOND,
    START,
    a_request,
    a_session,
    done,
    instants,
    kind_of,
    told,
)
from tests.services.proofs import refused

DO = SessionAction
TUTOR, PARENT, COORDINATOR = Role.TUTOR, Role.PARENT, Role.COORDINATOR
SCHEDULED = Status.SCHEDULED
AWAITING = Status.AWAITING_APPROVAL_PARENT
LOST = {Status.NOT_COMPLETED, Status.CANCELLED_BY_TUTOR}

STATUSES: dict[tuple[SessionAction, Role], tuple[set[Status], Action]] = {
    (DO.CHECK_IN, TUTOR): ({SCHEDULED}, Action.CHECK_IN),
    (DO.REMIND_OF_CHECK_IN, TUTOR): ({SCHEDULED}, Action.CHECK_IN),
    (DO.CHECK_OUT, TUTOR): ({Status.CHECKED_IN}, Action.CHECK_OUT),
    (DO.MARK_ABSENT, TUTOR): ({AWAITING}, Action.MARK_ABSENT),
    (DO.CANCEL, TUTOR): ({SCHEDULED}, Action.CANCEL),
    (DO.CANCEL, PARENT): ({SCHEDULED}, Action.CANCEL),
    (DO.PROPOSE, TUTOR): ({SCHEDULED}, Action.PROPOSE),
    (DO.PROPOSE, PARENT): ({SCHEDULED}, Action.PROPOSE),
    (DO.ASK_REPLACEMENT, TUTOR): ({Status.NOT_COMPLETED}, Action.REPLACE),
    (DO.ASK_REPLACEMENT, PARENT): (LOST, Action.REPLACE),
    (DO.ACKNOWLEDGE, PARENT): ({AWAITING}, Action.ACKNOWLEDGE),
    (DO.DISPUTE, PARENT): ({AWAITING}, Action.DISPUTE),
    (DO.CORRECT_ATTENDANCE, COORDINATOR): (
        {SCHEDULED, Status.CHECKED_IN},
        Action.CORRECT_ATTENDANCE,
    ),
    (DO.CLEAR_CHECK_IN, COORDINATOR): ({Status.CHECKED_IN}, Action.CLEAR_CHECK_IN),
    (DO.VERIFY, COORDINATOR): ({AWAITING, Status.DISPUTED}, Action.VERIFY),
    (DO.CANCEL_FOR_TUTOR, COORDINATOR): ({SCHEDULED}, Action.CANCEL_FOR_TUTOR),
    (DO.CANCEL_FOR_PARENT, COORDINATOR): ({SCHEDULED}, Action.CANCEL_FOR_PARENT),
    (DO.MOVE, COORDINATOR): ({SCHEDULED}, Action.MOVE),
    (DO.REASSIGN, COORDINATOR): ({SCHEDULED}, Action.REASSIGN),
    (DO.REPLACE, COORDINATOR): (LOST, Action.REPLACE),
}
"""By what is done and by whom: the statuses that it needs, and what a refusal calls it."""

A_GOOD_TIME = {
    DO.CHECK_IN: START,
    DO.CHECK_OUT: END,
    DO.CANCEL: LONG_BEFORE,
    DO.PROPOSE: LONG_BEFORE,
}


# ------------------------------------------------------------------------------------- the status


@pytest.mark.parametrize(("action", "role"), STATUSES)
def test_in_any_other_status_it_is_said_who_was_first_or_how_the_session_stands(
    action: SessionAction, role: Role
) -> None:
    possible, called = STATUSES[action, role]
    first = done(Action.MOVE)
    who = {
        "who": first.who,
        "actor_id": first.actor_id,
        "action": first.action,
        "role": first.role,
        "at": first.at,
    }
    for status in Status:
        facts = a_session(status)
        now = A_GOOD_TIME.get(action, END)
        if status in possible:
            assert told(facts, action, role, now) is None, status
            continue
        if (action, status) == (DO.CHECK_OUT, SCHEDULED):
            assert told(facts, action, role, now) == (NotCheckedIn, {})
            continue
        stands = (WrongStatus, {"action": called, "status": status})
        by_system = replace(facts, last_move=replace(first, actor_id=None))
        assert told(facts, action, role, now) == stands
        assert told(by_system, action, role, now) == stands
        moved = replace(facts, last_move=first)
        assert told(moved, action, role, now) == (ActedFirst, who)


def test_notes_are_taken_from_check_in_on_whoever_moved_the_session_last() -> None:
    with_notes = {Status.CHECKED_IN, AWAITING, Status.APPROVED, Status.DISPUTED}
    for status in Status:
        facts = a_session(status, last_move=done(Action.MOVE))
        stands = (WrongStatus, {"action": Action.ADD_NOTE, "status": status})
        assert told(facts, DO.ADD_NOTES, TUTOR) == (None if status in with_notes else stands)


def test_before_a_reason_is_asked_for_only_the_status_counts() -> None:
    unattended = a_session(AWAITING, checked_out_at=None)
    require_arrow(unattended, Action.VERIFY, COORDINATOR, END)
    with refused(WrongStatus):
        require_arrow(a_session(Status.APPROVED), Action.VERIFY, COORDINATOR, END)


# -------------------------------------------------------------------------- windows and requests

WINDOWS: tuple[tuple[SessionAction, Role, Status, datetime, type[Refusal] | None], ...] = (
    (
        DO.CHECK_IN,
        TUTOR,
        SCHEDULED,
        HALF_AN_HOUR_BEFORE - SECOND,
        TooEarlyToCheckIn,
    ),
    (DO.CHECK_IN, TUTOR, SCHEDULED, HALF_AN_HOUR_BEFORE, None),
    (DO.CHECK_IN, TUTOR, SCHEDULED, MIDNIGHT - SECOND, None),
    (DO.CHECK_IN, TUTOR, SCHEDULED, MIDNIGHT, TooLateToCheckIn),
    (DO.REMIND_OF_CHECK_IN, TUTOR, SCHEDULED, LONG_BEFORE, None),
    (
        DO.CHECK_OUT,
        TUTOR,
        Status.CHECKED_IN,
        HALF_AN_HOUR_BEFORE_END - SECOND,
        TooEarlyToCheckOut,
    ),
    (DO.CHECK_OUT, TUTOR, Status.CHECKED_IN, HALF_AN_HOUR_BEFORE_END, None),
    (DO.CHECK_OUT, TUTOR, Status.CHECKED_IN, DAY_AFTER_END, None),
    (
        DO.CHECK_OUT,
        TUTOR,
        Status.CHECKED_IN,
        DAY_AFTER_END + SECOND,
        TooLateToCheckOut,
    ),
    (DO.CANCEL, PARENT, SCHEDULED, FOUR_HOURS_BEFORE - SECOND, None),
    (DO.CANCEL, PARENT, SCHEDULED, FOUR_HOURS_BEFORE, TooLateToChange),
    (DO.PROPOSE, TUTOR, SCHEDULED, FOUR_HOURS_BEFORE - SECOND, None),
    (DO.PROPOSE, TUTOR, SCHEDULED, FOUR_HOURS_BEFORE, TooLateToChange),
    (DO.TELL_COORDINATORS, PARENT, SCHEDULED, FOUR_HOURS_BEFORE - SECOND, StaleButton),
    (DO.TELL_COORDINATORS, PARENT, SCHEDULED, FOUR_HOURS_BEFORE, None),
    (DO.TELL_COORDINATORS, TUTOR, SCHEDULED, START - SECOND, None),
    (DO.TELL_COORDINATORS, TUTOR, SCHEDULED, START, StaleButton),
    (DO.TELL_COORDINATORS, TUTOR, Status.CHECKED_IN, START - SECOND, WrongStatus),
    (DO.TELL_COORDINATORS, PARENT, Status.CHECKED_IN, START - SECOND, None),
    (DO.TELL_COORDINATORS, PARENT, Status.CHECKED_IN, START, StaleButton),
    (DO.EXPLAIN_MISSED, TUTOR, SCHEDULED, START - SECOND, StaleButton),
    (DO.EXPLAIN_MISSED, TUTOR, SCHEDULED, START, None),
    (DO.EXPLAIN_MISSED, TUTOR, SCHEDULED, MIDNIGHT, None),
    (DO.EXPLAIN_MISSED, TUTOR, Status.CHECKED_IN, START - SECOND, None),
    (DO.EXPLAIN_MISSED, TUTOR, Status.CHECKED_IN, DAY_AFTER_END, None),
    (DO.EXPLAIN_MISSED, TUTOR, Status.CHECKED_IN, DAY_AFTER_END + SECOND, None),
    (DO.REPORT_PROBLEM, PARENT, SCHEDULED, START - SECOND, NotStartedYet),
    (DO.REPORT_PROBLEM, PARENT, SCHEDULED, START, None),
)


def test_windows_open_and_close_to_the_second() -> None:
    for action, role, status, now, kind in WINDOWS:
        assert kind_of(a_session(status), action, role, now) is kind, (action, now)


def test_who_comes_too_early_is_told_for_how_many_minutes_and_of_which_session() -> None:
    early = HALF_AN_HOUR_BEFORE - timedelta(minutes=16, seconds=1)

    assert told(a_session(SCHEDULED), DO.CHECK_IN, TUTOR, early) == (
        TooEarlyToCheckIn,
        {"minutes": 17, "opens_at": HALF_AN_HOUR_BEFORE, "appointment_id": 7},
    )


BLOCKED = (
    (DO.CHECK_IN, TUTOR),
    (DO.REMIND_OF_CHECK_IN, TUTOR),
    (DO.PROPOSE, TUTOR),
    (DO.PROPOSE, PARENT),
    (DO.CORRECT_ATTENDANCE, COORDINATOR),
)
ENDS_IT = (
    (DO.CANCEL_FOR_TUTOR, COORDINATOR),
    (DO.CANCEL_FOR_PARENT, COORDINATOR),
    (DO.MOVE, COORDINATOR),
    (DO.REASSIGN, COORDINATOR),
)
THEIR_ANSWERS = ((DO.ACCEPT, TUTOR), (DO.COUNTER, TUTOR), (DO.REJECT, TUTOR), (DO.WITHDRAW, PARENT))


def test_an_open_request_is_named_before_window_and_lockout_and_from_the_start_on_has_expired() -> (
    None
):
    asked = a_session(SCHEDULED, proposal=a_request(PARENT))
    expired = (RequestExpired, {"starts_at": START})
    is_open = {
        "who": "Tan Wei Ming",
        "actor_id": 1,
        "side": PARENT,
        "new_starts_at": NEW_START,
        "new_ends_at": NEW_START + (END - START),
        "appointment_id": 7,
    }
    for now in instants():
        for action, role in BLOCKED:
            blocks = expired if now >= START else (RescheduleOpen, is_open | {"role": role})
            assert told(asked, action, role, now) == blocks, (action, now)
        for action, role in ENDS_IT:
            assert told(asked, action, role, now) == (expired if now >= START else None), action
        for action, role in THEIR_ANSWERS[1:]:
            assert told(asked, action, role, now) == (expired if now >= START else None), action


def test_a_cancellation_by_a_side_looks_at_the_four_hours_alone() -> None:
    asked = a_session(SCHEDULED, proposal=a_request(PARENT))

    assert kind_of(asked, DO.CANCEL, TUTOR, FOUR_HOURS_BEFORE - SECOND) is None
    assert kind_of(asked, DO.CANCEL, TUTOR, START) is TooLateToChange


# --------------------------------------------------------------------------- answers to a request


def test_a_time_that_has_passed_is_accepted_no_more_but_declined_or_countered() -> None:
    asked = a_session(SCHEDULED, proposal=a_request(PARENT))

    assert kind_of(asked, DO.ACCEPT, TUTOR, NEW_START - SECOND) is None
    assert kind_of(asked, DO.ACCEPT, TUTOR, NEW_START) is SlotPassed
    assert kind_of(asked, DO.REJECT, TUTOR, NEW_START) is None
    assert kind_of(asked, DO.COUNTER, TUTOR, NEW_START) is None


def test_nobody_answers_their_own_version_or_withdraws_that_of_the_other_side() -> None:
    asked = a_session(SCHEDULED, proposal=a_request(PARENT))

    for action in (DO.ACCEPT, DO.COUNTER, DO.REJECT):
        assert kind_of(asked, action, PARENT, LONG_BEFORE) is OwnProposal
    assert kind_of(asked, DO.WITHDRAW, TUTOR, LONG_BEFORE) is NotYourProposal


def test_an_older_version_is_answered_no_more_and_the_newer_one_is_named() -> None:
    asked = a_session(SCHEDULED, proposal=a_request(PARENT))
    newer: dict[str, object] = {
        "who": "Tan Wei Ming",
        "actor_id": 1,
        "new_starts_at": NEW_START,
        "new_ends_at": NEW_START + (END - START),
    }
    for action, role in THEIR_ANSWERS:
        require(asked, action, role, LONG_BEFORE, proposal_id=5)
        with refused(ProposalOutdated, **newer):
            require(asked, action, role, LONG_BEFORE, proposal_id=4)


def test_a_settled_request_says_who_settled_it_whatever_is_open_by_now() -> None:
    rejected = done(Action.REJECT, TUTOR)
    settled = ClosedThread(ThreadStatus.REJECTED, START, rejected)
    expired = ClosedThread(ThreadStatus.EXPIRED, START)
    for proposal in (None, a_request(PARENT)):
        facts = a_session(SCHEDULED, proposal=proposal, closed_thread=settled)
        gone = a_session(Status.NOT_COMPLETED, proposal=proposal, closed_thread=expired)
        for action, role in THEIR_ANSWERS:
            refusal = refusal_of(facts, action, role, LONG_BEFORE)
            assert isinstance(refusal, ActedFirst)
            assert refusal.action is Action.REJECT
            assert kind_of(gone, action, role, LONG_BEFORE) is RequestExpired


def test_without_a_request_there_is_nothing_to_answer() -> None:
    for action, role in THEIR_ANSWERS:
        assert kind_of(a_session(SCHEDULED), action, role) is StaleButton


def test_a_refusal_is_raised_as_it_is_answered() -> None:
    facts = a_session(SCHEDULED)

    with pytest.raises(Refusal) as caught:
        require(facts, DO.CHECK_OUT, TUTOR, END)
    assert isinstance(caught.value, NotCheckedIn)
