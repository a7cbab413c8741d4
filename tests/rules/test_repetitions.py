"""What is repeated by who did it has the answer that it had (SPEC 2)."""

from dataclasses import replace

import pytest

from models.enums import Action, DisputeStatus, Role, Status
from services.rules.repetitions import done_at
from services.rules.session_actions import SessionAction
from services.rules.session_facts import (
    BookedInstead,
    DisputeRecord,
    NamedPenalty,
    SessionFacts,
)
from tests.rules.session_cases import END, START, a_session, done

WHO, SOMEBODY_ELSE = 1, 2

CLAIMED = DisputeRecord(DisputeStatus.CLAIMED, claimed_by_id=WHO, claimed_at=START)
UPHELD = DisputeRecord(DisputeStatus.UPHELD, settled_by_id=WHO, settled_at=START)
RETURNED = replace(UPHELD, status=DisputeStatus.RETURNED)

DONE: tuple[tuple[SessionAction, Role, SessionFacts], ...] = (
    *(
        (action, role, a_session(status, last_move=done(move)))
        for action, role, status, move in (
            (SessionAction.CHECK_IN, Role.TUTOR, Status.CHECKED_IN, Action.CHECK_IN),
            (
                SessionAction.CHECK_OUT,
                Role.TUTOR,
                Status.AWAITING_APPROVAL_PARENT,
                Action.CHECK_OUT,
            ),
            (SessionAction.ACKNOWLEDGE, Role.PARENT, Status.APPROVED, Action.ACKNOWLEDGE),
            (SessionAction.DISPUTE, Role.PARENT, Status.DISPUTED, Action.DISPUTE),
            (SessionAction.CANCEL, Role.TUTOR, Status.CANCELLED_BY_TUTOR, Action.CANCEL),
            (SessionAction.VERIFY, Role.COORDINATOR, Status.APPROVED, Action.VERIFY),
            (SessionAction.VERIFY_DISPUTE, Role.COORDINATOR, Status.APPROVED, Action.VERIFY),
            (
                SessionAction.CLEAR_CHECK_IN,
                Role.COORDINATOR,
                Status.SCHEDULED,
                Action.CLEAR_CHECK_IN,
            ),
            (
                SessionAction.CORRECT_ATTENDANCE,
                Role.COORDINATOR,
                Status.AWAITING_APPROVAL_PARENT,
                Action.CORRECT_ATTENDANCE,
            ),
            (
                SessionAction.CANCEL_FOR_PARENT,
                Role.COORDINATOR,
                Status.CANCELLED_BY_PARENT,
                Action.CANCEL_FOR_PARENT,
            ),
        )
    ),
    (SessionAction.CLAIM_DISPUTE, Role.COORDINATOR, a_session(Status.DISPUTED, dispute=CLAIMED)),
    (SessionAction.UPHOLD_DISPUTE, Role.COORDINATOR, a_session(Status.DISPUTED, dispute=UPHELD)),
    (
        SessionAction.RETURN_DISPUTE,
        Role.COORDINATOR,
        a_session(Status.AWAITING_APPROVAL_PARENT, dispute=RETURNED),
    ),
    (
        SessionAction.WAIVE_PENALTY,
        Role.COORDINATOR,
        a_session(Status.CANCELLED_BY_TUTOR, penalty=NamedPenalty(done(Action.WAIVE_PENALTY))),
    ),
    (
        SessionAction.ASK_REPLACEMENT,
        Role.PARENT,
        a_session(Status.NOT_COMPLETED, replacement_asked=done(Action.ASK_REPLACEMENT)),
    ),
    (
        SessionAction.REPLACE,
        Role.COORDINATOR,
        a_session(
            Status.NOT_COMPLETED, replaced_by=BookedInstead("Priya Nair", WHO, START, START, END)
        ),
    ),
)


@pytest.mark.parametrize(("action", "role", "facts"), DONE, ids=[action for action, _, _ in DONE])
def test_only_who_has_done_it_hears_when(
    action: SessionAction, role: Role, facts: SessionFacts
) -> None:
    assert done_at(facts, action, role, WHO) == START
    assert done_at(facts, action, role, SOMEBODY_ELSE) is None
    assert done_at(facts, action, role, None) is None


def test_what_can_be_done_again_is_no_repetition() -> None:
    """A session that was returned to its parents, say, who dispute it a second time."""
    again: tuple[tuple[SessionAction, Role, Status, Action], ...] = (
        (SessionAction.CHECK_IN, Role.TUTOR, Status.SCHEDULED, Action.CHECK_IN),
        (SessionAction.DISPUTE, Role.PARENT, Status.AWAITING_APPROVAL_PARENT, Action.DISPUTE),
        (SessionAction.VERIFY, Role.COORDINATOR, Status.DISPUTED, Action.VERIFY),
    )
    for action, role, status, move in again:
        assert done_at(a_session(status, last_move=done(move)), action, role, WHO) is None


def test_something_else_of_theirs_is_none_either() -> None:
    moved = a_session(Status.APPROVED, last_move=done(Action.VERIFY))
    settled = a_session(Status.DISPUTED, dispute=UPHELD)

    assert done_at(moved, SessionAction.ACKNOWLEDGE, Role.PARENT, WHO) is None
    assert done_at(settled, SessionAction.CLAIM_DISPUTE, Role.COORDINATOR, WHO) is None
    assert done_at(settled, SessionAction.RETURN_DISPUTE, Role.COORDINATOR, WHO) is None


def test_where_nothing_was_done_there_is_nothing_to_repeat() -> None:
    for action, role, facts in DONE:
        bare = a_session(facts.status, dispute=None)
        assert done_at(bare, action, role, WHO) is None, action
