"""Which buttons a session has, for whom and when, written from SPEC 2 to 6 and not from the code.

A row of a table says what is offered from an instant on (that instant included) until the next
row's. Every row is tried a second before each boundary, at it and a second after it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from models.enums import Role, Status
from services.rules.actions import due_tap
from services.rules.session_actions import CARD
from services.rules.session_facts import MadeSummary, OpenProposal
from tests.rules.session_cases import (
    DAY_AFTER_END,
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
    buttons,
    instants,
)

ALWAYS = LONG_BEFORE - SECOND

Rows = tuple[tuple[datetime, str], ...]

FOR_A_SIDE = "cancel_for_tutor cancel_for_parent move reassign"

TABLE: dict[tuple[str, str], Rows] = {
    ("scheduled", "tutor"): (
        (ALWAYS, "propose cancel"),
        (FOUR_HOURS_BEFORE, "tell_coordinators"),
        (HALF_AN_HOUR_BEFORE, "check_in"),
        (MIDNIGHT, "explain_missed"),
    ),
    ("scheduled", "parent"): (
        (ALWAYS, "propose cancel"),
        (FOUR_HOURS_BEFORE, "tell_coordinators"),
        (START, "report_problem"),
    ),
    ("scheduled", "coordinator"): (
        (ALWAYS, FOR_A_SIDE),
        (MIDNIGHT, f"correct_attendance {FOR_A_SIDE}"),
    ),
    ("checked_in", "tutor"): (
        (ALWAYS, "add_notes"),
        (HALF_AN_HOUR_BEFORE_END, "check_out add_notes"),
        (DAY_AFTER_END + SECOND, "add_notes explain_missed"),
    ),
    ("checked_in", "parent"): (
        (ALWAYS, ""),
        (FOUR_HOURS_BEFORE, "tell_coordinators"),
        (START, "report_problem"),
    ),
    ("checked_in", "coordinator"): ((ALWAYS, "correct_attendance clear_check_in"),),
    ("awaiting_approval_parent", "tutor"): ((ALWAYS, "add_notes mark_absent"),),
    ("awaiting_approval_parent", "parent"): (
        (ALWAYS, "acknowledge dispute"),
        (START, "acknowledge dispute report_problem"),
    ),
    ("awaiting_approval_parent", "coordinator"): ((ALWAYS, "verify"),),
    ("approved", "tutor"): ((ALWAYS, "add_notes"),),
    ("approved", "parent"): ((ALWAYS, ""), (START, "report_problem")),
    ("approved", "coordinator"): ((ALWAYS, ""),),
    ("disputed", "tutor"): ((ALWAYS, "add_notes"),),
    ("disputed", "parent"): ((ALWAYS, ""), (START, "report_problem")),
    ("disputed", "coordinator"): (
        (ALWAYS, "claim_dispute verify_dispute uphold_dispute return_dispute"),
    ),
    ("cancelled_by_tutor", "tutor"): ((ALWAYS, ""),),
    ("cancelled_by_tutor", "parent"): (
        (ALWAYS, "ask_replacement"),
        (START, "report_problem ask_replacement"),
    ),
    ("cancelled_by_tutor", "coordinator"): ((ALWAYS, "replace"),),
    ("cancelled_by_parent", "tutor"): ((ALWAYS, ""),),
    ("cancelled_by_parent", "parent"): ((ALWAYS, ""), (START, "report_problem")),
    ("cancelled_by_parent", "coordinator"): ((ALWAYS, ""),),
    ("not_completed", "tutor"): ((ALWAYS, "ask_replacement"),),
    ("not_completed", "parent"): (
        (ALWAYS, "ask_replacement"),
        (START, "report_problem ask_replacement"),
    ),
    ("not_completed", "coordinator"): ((ALWAYS, "replace"),),
}
"""By (status, role), of a session without an open request."""

REQUESTS: dict[tuple[str, str], Rows] = {
    ("tutor", "tutor"): (
        (ALWAYS, "withdraw cancel"),
        (FOUR_HOURS_BEFORE, "withdraw tell_coordinators"),
        (START, ""),
    ),
    ("tutor", "parent"): (
        (ALWAYS, "accept counter reject cancel"),
        (FOUR_HOURS_BEFORE, "accept counter reject tell_coordinators"),
        (NEW_START, "counter reject tell_coordinators"),
        (START, "report_problem"),
    ),
    ("tutor", "coordinator"): (
        (ALWAYS, FOR_A_SIDE),
        (START, ""),
        (MIDNIGHT, "correct_attendance"),
    ),
    ("parent", "tutor"): (
        (ALWAYS, "accept counter reject cancel"),
        (FOUR_HOURS_BEFORE, "accept counter reject tell_coordinators"),
        (NEW_START, "counter reject tell_coordinators"),
        (START, ""),
    ),
    ("parent", "parent"): (
        (ALWAYS, "withdraw cancel"),
        (FOUR_HOURS_BEFORE, "withdraw tell_coordinators"),
        (START, "report_problem"),
    ),
    ("parent", "coordinator"): (
        (ALWAYS, FOR_A_SIDE),
        (START, ""),
        (MIDNIGHT, "correct_attendance"),
    ),
}
"""By (side that proposed, role), of a scheduled session with an open request (SPEC 6)."""


def said_of(rows: Rows, now: datetime) -> str:
    """What the last row says that has begun by now."""
    return [buttons for since, buttons in rows if since <= now][-1]


def in_order(role: Role, *names: str) -> str:
    """The names as the card has them."""
    said = " ".join(names).split()
    return " ".join(one for one in CARD[role] if one in said)


# -------------------------------------------------------------------------------------- the table


def test_the_table_has_every_status_and_every_role() -> None:
    roles = (Role.TUTOR, Role.PARENT, Role.COORDINATOR)

    assert set(TABLE) == {(status.value, role.value) for status, role in product(Status, roles)}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", CARD)
def test_a_session_without_a_request_has_the_buttons_of_the_table(
    status: Status, role: Role
) -> None:
    rows = TABLE[status.value, role.value]

    for now in instants():
        assert buttons(a_session(status), role, now) == said_of(rows, now), now


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", CARD)
def test_where_there_are_notes_everybody_can_view_them_and_their_summary(
    status: Status, role: Role
) -> None:
    facts = a_session(status, has_notes=True, summary=MadeSummary())

    for now in instants():
        known = said_of(TABLE[status.value, role.value], now)
        assert buttons(facts, role, now) == in_order(role, known, "view_notes view_summary"), now


@pytest.mark.parametrize("side", [Role.TUTOR, Role.PARENT])
@pytest.mark.parametrize("role", CARD)
def test_a_request_is_answered_by_the_other_side_until_the_start_and_blocks_attendance(
    side: Role, role: Role
) -> None:
    facts = a_session(Status.SCHEDULED, proposal=a_request(side))
    rows = REQUESTS[side.value, role.value]

    for now in instants():
        assert buttons(facts, role, now) == said_of(rows, now), now


# ------------------------------------------------------------------ what else a button depends on


def test_the_buttons_stand_in_one_order() -> None:
    awaiting = a_session(Status.AWAITING_APPROVAL_PARENT, has_notes=True, summary=MadeSummary())
    running = replace(awaiting, status=Status.CHECKED_IN)

    assert buttons(awaiting, Role.TUTOR) == "add_notes view_notes view_summary mark_absent"
    assert buttons(running, Role.TUTOR) == "check_out add_notes view_notes view_summary"
    assert buttons(awaiting, Role.PARENT) == (
        "acknowledge dispute view_notes view_summary report_problem"
    )
    assert buttons(awaiting, Role.COORDINATOR) == "verify view_notes view_summary"
    assert buttons(running, Role.COORDINATOR) == (
        "correct_attendance clear_check_in view_notes view_summary"
    )


def test_a_session_over_midnight_can_be_checked_into_until_its_end() -> None:
    ends_at = MIDNIGHT + timedelta(minutes=30)
    facts = a_session(Status.SCHEDULED, starts_at=MIDNIGHT - timedelta(minutes=30), ends_at=ends_at)

    assert buttons(facts, Role.TUTOR, ends_at - SECOND) == "check_in"
    assert buttons(facts, Role.TUTOR, ends_at) == "explain_missed"
    assert "correct_attendance" not in buttons(facts, Role.COORDINATOR, ends_at - SECOND)
    assert "correct_attendance" in buttons(facts, Role.COORDINATOR, ends_at)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("proposal", [None, a_request(Role.PARENT)], ids=["free", "asked"])
def test_a_list_offers_the_tap_whose_time_it_is_whether_or_not_a_request_blocks_it(
    status: Status, proposal: OpenProposal | None
) -> None:
    facts = a_session(status, proposal=proposal)

    for now in instants():
        known = said_of(TABLE[status.value, "tutor"], now).split()
        taps = [tap for tap in ("check_in", "check_out") if tap in known]
        assert due_tap(facts, now) == next(iter(taps), None), now


def test_nobody_was_absent_from_an_extra_session_that_was_logged() -> None:
    held = a_session(Status.AWAITING_APPROVAL_PARENT)
    logged = replace(held, is_logged=True)

    assert "mark_absent" in buttons(held, Role.TUTOR, LONG_BEFORE)
    assert "mark_absent" not in buttons(logged, Role.TUTOR, LONG_BEFORE)
