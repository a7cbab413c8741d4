"""Who may answer a request to move a session, and which slots can be (SPEC 6)."""

from datetime import UTC, datetime, timedelta

import pytest

from models.enums import Role
from services.rules.refusals.requests import NotYourProposal, OwnProposal, SameTime, SlotPassed
from services.rules.reschedule import (
    Answer,
    new_end,
    require_other_time,
    require_right_side,
    require_to_come,
)
from tests.builders import NOW
from tests.services.proofs import refused

SECOND = timedelta(seconds=1)
OTHERS_ANSWERS = (Answer.ACCEPT, Answer.REJECT, Answer.COUNTER)


@pytest.mark.parametrize("side", [Role.TUTOR, Role.PARENT])
@pytest.mark.parametrize("answer", OTHERS_ANSWERS)
def test_a_version_is_answered_by_the_other_side_alone(answer: Answer, side: Role) -> None:
    other = Role.PARENT if side is Role.TUTOR else Role.TUTOR
    require_right_side(answer, side, other)
    with refused(OwnProposal):
        require_right_side(answer, side, side)


@pytest.mark.parametrize("side", [Role.TUTOR, Role.PARENT])
def test_a_version_is_withdrawn_by_its_own_side_alone(side: Role) -> None:
    other = Role.PARENT if side is Role.TUTOR else Role.TUTOR
    require_right_side(Answer.WITHDRAW, side, side)
    with refused(NotYourProposal):
        require_right_side(Answer.WITHDRAW, side, other)


def test_the_new_start_is_in_the_future() -> None:
    require_to_come(NOW + SECOND, NOW)
    for passed in (NOW, NOW - SECOND):
        with refused(SlotPassed):
            require_to_come(passed, NOW)


def test_what_is_on_the_table_already_is_not_proposed_again() -> None:
    require_other_time(NOW + SECOND, NOW, NOW - SECOND)
    for known in (NOW, NOW - SECOND):
        with refused(SameTime):
            require_other_time(known, NOW, NOW - SECOND)


def test_the_length_that_elapses_is_kept_over_a_change_of_the_clocks() -> None:
    before = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    in_the_night_of_the_change = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    ends_at = new_end(before, before + timedelta(minutes=90), in_the_night_of_the_change)
    assert ends_at - in_the_night_of_the_change == timedelta(minutes=90)
