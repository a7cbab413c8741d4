"""One more session: its length, kind and subject (SPEC 2)."""

from datetime import UTC, datetime, timedelta

import pytest

from models.enums import Kind
from services.rules.refusals.sessions import LengthNotPossible, StaleButton
from services.rules.refusals.typed import TextTooLong
from services.rules.scheduling import (
    like_yesterday,
    read_length,
    require_kind,
    require_length,
    require_subject,
)
from tests.builders import NOW, ZONE


@pytest.mark.parametrize(
    ("minutes", "is_possible"),
    [(-60, False), (0, False), (14, False), (15, True), (90, True), (480, True), (481, False)],
)
def test_a_session_lasts_a_quarter_of_an_hour_to_eight_hours(
    minutes: int, is_possible: bool
) -> None:
    if is_possible:
        assert require_length(minutes) == timedelta(minutes=minutes)
        return
    with pytest.raises(LengthNotPossible) as refusal:
        require_length(minutes)
    assert (refusal.value.shortest, refusal.value.longest) == (15, 480)


def test_a_coordinator_schedules_regular_and_trial_sessions_only() -> None:
    require_kind(Kind.REGULAR)
    require_kind(Kind.TRIAL)
    with pytest.raises(StaleButton):
        require_kind(Kind.ADHOC)


def test_a_subject_is_one_line_of_sixty_characters() -> None:
    assert require_subject("  Additional\n Mathematics ") == "Additional Mathematics"
    assert require_subject("x" * 60) == "x" * 60
    with pytest.raises(TextTooLong):
        require_subject("x" * 61)
    with pytest.raises(StaleButton):
        require_subject(" \n")


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("90", 90),
        (" 90 min ", 90),
        ("45m", 45),
        ("2h", 120),
        ("2 hours", 120),
        ("1.5 h", 90),
        ("1,5h", 90),
        ("1.25h", 75),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("1:30", 90),
        ("4pm", None),
        ("long", None),
        ("", None),
        ("1000", None),
        ("-5", None),
    ],
)
def test_a_length_is_read_as_people_type_it(typed: str, minutes: int | None) -> None:
    assert read_length(typed) == minutes


@pytest.mark.parametrize(
    ("habit", "at"),
    [
        (None, datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        (datetime(2026, 3, 4, 10, 30, tzinfo=UTC), datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        (datetime(2027, 3, 4, 10, 30, tzinfo=UTC), datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
    ],
)
def test_times_are_offered_from_yesterday_on_as_they_are_known(
    habit: datetime | None, at: datetime
) -> None:
    assert like_yesterday(habit, NOW, ZONE) == at
