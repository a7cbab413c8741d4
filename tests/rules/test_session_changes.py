"""When people change their session, and which reasons they have (SPEC 6)."""

from datetime import UTC, datetime, timedelta

import pytest

from models.enums import ChangeReason, Role
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import TooLateToChange
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.rules.session_changes import (
    REASONS,
    can_change,
    require_change_reason,
    require_changeable,
)
from services.rules.texts import REASON_LIMIT

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
FOUR_HOURS_BEFORE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_second_more_than_four_hours_before_the_start_it_can_be_changed() -> None:
    assert can_change(START, FOUR_HOURS_BEFORE - SECOND)
    require_changeable(START, FOUR_HOURS_BEFORE - SECOND, appointment_id=7)


@pytest.mark.parametrize(
    "now", [FOUR_HOURS_BEFORE, FOUR_HOURS_BEFORE + SECOND, START, START + SECOND]
)
def test_exactly_four_hours_and_less_are_refused(now: datetime) -> None:
    with pytest.raises(Refusal) as caught:
        require_changeable(START, now, appointment_id=7)

    assert not can_change(START, now)
    assert isinstance(caught.value, TooLateToChange)
    assert vars(caught.value) == {"starts_at": START, "appointment_id": 7}


def test_each_side_has_its_own_list_with_other_at_its_end() -> None:
    assert [reason.value for reason in REASONS[Role.TUTOR]] == [
        "unwell",
        "emergency",
        "schedule_conflict",
        "student_unavailable",
        "other",
    ]
    assert [reason.value for reason in REASONS[Role.PARENT]] == [
        "child_unwell",
        "school_event",
        "family_matter",
        "schedule_conflict",
        "other",
    ]


@pytest.mark.parametrize("side", [Role.TUTOR, Role.PARENT])
@pytest.mark.parametrize("reason", ChangeReason)
def test_a_reason_of_the_other_sides_list_is_none(side: Role, reason: ChangeReason) -> None:
    if reason in REASONS[side]:
        assert require_change_reason(side, reason, " Fever. ") == "Fever."
    else:
        with pytest.raises(Refusal) as caught:
            require_change_reason(side, reason, "Fever.")
        assert isinstance(caught.value, ReasonRequired)


@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_only_other_needs_a_text(text: str | None) -> None:
    assert require_change_reason(Role.TUTOR, ChangeReason.UNWELL, text) is None
    with pytest.raises(Refusal) as caught:
        require_change_reason(Role.TUTOR, ChangeReason.OTHER, text)
    assert isinstance(caught.value, ReasonRequired)


def test_a_text_has_its_limit() -> None:
    with pytest.raises(Refusal) as caught:
        require_change_reason(Role.PARENT, ChangeReason.OTHER, "x" * (REASON_LIMIT + 1))
    assert isinstance(caught.value, TextTooLong)
