"""The status machine, written from the table of SPEC 2 and not from the code."""

from itertools import product

import pytest

from models.enums import Action, Role, Status
from services.rules.lifecycle import REASON_REQUIRED, next_status

NOTHING_YET = "(none)"

TABLE = {
    (NOTHING_YET, "create", "system"): "scheduled",
    (NOTHING_YET, "replace", "coordinator"): "scheduled",
    (NOTHING_YET, "schedule", "coordinator"): "scheduled",
    (NOTHING_YET, "log_adhoc", "tutor"): "awaiting_approval_parent",
    ("scheduled", "check_in", "tutor"): "checked_in",
    ("scheduled", "cancel", "tutor"): "cancelled_by_tutor",
    ("scheduled", "cancel", "parent"): "cancelled_by_parent",
    ("scheduled", "expire", "system"): "not_completed",
    ("scheduled", "cancel_for_tutor", "coordinator"): "cancelled_by_tutor",
    ("scheduled", "cancel_for_parent", "coordinator"): "cancelled_by_parent",
    ("scheduled", "correct_attendance", "coordinator"): "awaiting_approval_parent",
    ("checked_in", "check_out", "tutor"): "awaiting_approval_parent",
    ("checked_in", "correct_attendance", "coordinator"): "awaiting_approval_parent",
    ("checked_in", "clear_check_in", "coordinator"): "scheduled",
    ("awaiting_approval_parent", "acknowledge", "parent"): "approved",
    ("awaiting_approval_parent", "dispute", "parent"): "disputed",
    ("awaiting_approval_parent", "verify", "coordinator"): "approved",
    ("disputed", "verify", "coordinator"): "approved",
    ("disputed", "return", "coordinator"): "awaiting_approval_parent",
}
"""SPEC 2, row by row, in the words that are stored. An import is in no table: any status."""

STATUSES = (
    "scheduled",
    "checked_in",
    "awaiting_approval_parent",
    "approved",
    "disputed",
    "cancelled_by_tutor",
    "cancelled_by_parent",
    "not_completed",
)

STEPS = list(
    product((NOTHING_YET, *STATUSES), (action.value for action in Action), (r.value for r in Role))
)


def test_the_statuses_are_the_eight_of_the_specification() -> None:
    assert tuple(status.value for status in Status) == STATUSES


@pytest.mark.parametrize("status", [NOTHING_YET, *(status.value for status in Status)])
def test_a_step_is_allowed_exactly_where_the_table_has_an_arrow(status: str) -> None:
    before = None if status == NOTHING_YET else Status(status)
    steps = [(action, role) for of_status, action, role in STEPS if of_status == status]

    after = {step: next_status(before, Action(step[0]), Role(step[1])) for step in steps}

    assert len(after) == len(Action) * len(Role)
    assert after == {step: TABLE.get((status, *step)) for step in steps}


@pytest.mark.parametrize(
    "status", ["approved", "cancelled_by_tutor", "cancelled_by_parent", "not_completed"]
)
def test_nothing_leaves_a_session_that_is_approved_cancelled_or_not_completed(status: str) -> None:
    ways_on = [
        (action, role)
        for action, role in product(Action, Role)
        if next_status(Status(status), action, role)
    ]

    assert ways_on == []


@pytest.mark.parametrize(
    "action",
    [
        "verify",
        "return",
        "uphold",
        "cancel",
        "cancel_for_tutor",
        "cancel_for_parent",
        "correct_attendance",
        "clear_check_in",
        "replace",
        "dispute",
    ],
)
def test_an_override_a_cancellation_and_a_dispute_need_a_reason(action: str) -> None:
    assert Action(action) in REASON_REQUIRED


@pytest.mark.parametrize("action", ["check_in", "check_out", "acknowledge", "log_adhoc", "expire"])
def test_what_tutors_and_parents_do_every_day_needs_none(action: str) -> None:
    assert Action(action) not in REASON_REQUIRED
