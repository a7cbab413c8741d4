"""What coordinators may do with a problem report, in every status (SPEC 5)."""

from datetime import timedelta

import pytest

from models.enums import Action, ProblemStatus, Role
from services.rules.problem_reports import (
    ACTIONS,
    ReportFacts,
    available,
    done_at,
    next_status,
    status_added_to,
)
from services.rules.refusals.sessions import ActedFirst
from services.rules.session_facts import Done
from tests.builders import NOW
from tests.services.proofs import refused

PRIYA, MARCUS = 1, 2
CLAIM, ANSWER, CLOSE = ACTIONS
TABLE: dict[tuple[ProblemStatus, Action], ProblemStatus | None] = {
    (ProblemStatus.OPEN, CLAIM): ProblemStatus.CLAIMED,
    (ProblemStatus.OPEN, ANSWER): ProblemStatus.ANSWERED,
    (ProblemStatus.OPEN, CLOSE): ProblemStatus.CLOSED,
    (ProblemStatus.CLAIMED, CLAIM): None,
    (ProblemStatus.CLAIMED, ANSWER): ProblemStatus.ANSWERED,
    (ProblemStatus.CLAIMED, CLOSE): ProblemStatus.CLOSED,
    (ProblemStatus.ANSWERED, CLAIM): None,
    (ProblemStatus.ANSWERED, ANSWER): ProblemStatus.ANSWERED,
    (ProblemStatus.ANSWERED, CLOSE): ProblemStatus.CLOSED,
    (ProblemStatus.CLOSED, CLAIM): None,
    (ProblemStatus.CLOSED, ANSWER): None,
    (ProblemStatus.CLOSED, CLOSE): None,
}


def facts(status: ProblemStatus) -> ReportFacts:
    """A report that Priya took up, and that Marcus closed if it is closed."""
    claimed = Done(CLAIM, Role.COORDINATOR, NOW, PRIYA, "Priya Nair")
    later = NOW + timedelta(hours=1)
    closed = Done(CLOSE, Role.COORDINATOR, later, MARCUS, "Marcus Lee")
    return ReportFacts(
        status,
        claimed=None if status is ProblemStatus.OPEN else claimed,
        closed=closed if status is ProblemStatus.CLOSED else None,
    )


def test_the_table_names_every_status_and_action() -> None:
    assert set(TABLE) == {(status, action) for status in ProblemStatus for action in ACTIONS}


@pytest.mark.parametrize(("status", "action"), TABLE)
def test_each_action_leads_on_or_names_who_was_first(status: ProblemStatus, action: Action) -> None:
    after = TABLE[status, action]
    if after is not None:
        assert next_status(facts(status), action) is after
        return
    is_closed = status is ProblemStatus.CLOSED
    who = (MARCUS, CLOSE) if is_closed else (PRIYA, CLAIM)
    with refused(ActedFirst, actor_id=who[0], action=who[1]):
        next_status(facts(status), action)


@pytest.mark.parametrize("status", list(ProblemStatus))
def test_buttons_are_what_is_possible(status: ProblemStatus) -> None:
    possible = tuple(action for action in ACTIONS if TABLE[status, action] is not None)
    assert available(status) == possible


@pytest.mark.parametrize(
    ("status", "action", "person", "is_done"),
    [
        (ProblemStatus.OPEN, CLAIM, PRIYA, False),
        (ProblemStatus.CLAIMED, CLAIM, PRIYA, True),
        (ProblemStatus.ANSWERED, CLAIM, PRIYA, True),
        (ProblemStatus.CLAIMED, CLAIM, MARCUS, False),
        (ProblemStatus.CLOSED, CLAIM, PRIYA, False),
        (ProblemStatus.CLOSED, CLOSE, MARCUS, True),
        (ProblemStatus.CLOSED, CLOSE, PRIYA, False),
        (ProblemStatus.ANSWERED, ANSWER, PRIYA, False),
    ],
)
def test_a_repetition_by_the_same_person_is_told_from_somebody_elses(
    status: ProblemStatus, action: Action, person: int, is_done: bool
) -> None:
    assert (done_at(facts(status), action, person) is not None) is is_done


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (ProblemStatus.OPEN, ProblemStatus.OPEN),
        (ProblemStatus.CLAIMED, ProblemStatus.CLAIMED),
        (ProblemStatus.ANSWERED, ProblemStatus.CLAIMED),
    ],
)
def test_what_its_author_adds_waits_for_the_coordinators(
    status: ProblemStatus, after: ProblemStatus
) -> None:
    assert status_added_to(facts(status)) is after


def test_an_answered_report_that_nobody_claimed_is_open_again_once_it_is_added_to() -> None:
    assert status_added_to(ReportFacts(ProblemStatus.ANSWERED)) is ProblemStatus.OPEN


def test_nothing_is_added_to_a_report_that_is_closed() -> None:
    with refused(ActedFirst, actor_id=MARCUS, action=CLOSE):
        status_added_to(facts(ProblemStatus.CLOSED))
