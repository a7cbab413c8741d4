"""Missed check-ins and check-outs, and corrected times (SPEC 2, 3)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.enums import MissedKind, Status
from services.rules.attendance import missed, require_possible_attendance
from services.rules.refusals import Refusal
from services.rules.refusals.attendance import AttendanceImpossible

ZONE = ZoneInfo("Asia/Singapore")
START = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
END = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
DAY_AFTER_END = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
LONG_AFTER = datetime(2027, 6, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_session_left_scheduled_misses_its_check_in_when_its_day_is_over() -> None:
    assert missed(Status.SCHEDULED, START, END, ZONE, MIDNIGHT - SECOND) is None
    assert missed(Status.SCHEDULED, START, END, ZONE, MIDNIGHT) is MissedKind.CHECK_IN


def test_a_session_across_midnight_misses_its_check_in_at_its_end() -> None:
    start, end = MIDNIGHT - timedelta(minutes=30), MIDNIGHT + timedelta(hours=1)

    assert missed(Status.SCHEDULED, start, end, ZONE, end - SECOND) is None
    assert missed(Status.SCHEDULED, start, end, ZONE, end) is MissedKind.CHECK_IN


def test_a_session_left_checked_in_misses_its_check_out_after_a_day() -> None:
    assert missed(Status.CHECKED_IN, START, END, ZONE, DAY_AFTER_END) is None
    assert missed(Status.CHECKED_IN, START, END, ZONE, DAY_AFTER_END + SECOND) is (
        MissedKind.CHECK_OUT
    )


@pytest.mark.parametrize("status", set(Status) - {Status.SCHEDULED, Status.CHECKED_IN})
def test_no_other_session_misses_anything(status: Status) -> None:
    assert missed(status, START, END, ZONE, LONG_AFTER) is None


def test_corrected_times_may_end_at_this_very_instant() -> None:
    require_possible_attendance(START, END, now=END)


@pytest.mark.parametrize(
    ("checked_in_at", "checked_out_at", "now"),
    [
        pytest.param(END, START, LONG_AFTER, id="out of order"),
        pytest.param(START, START, LONG_AFTER, id="no time at all"),
        pytest.param(START, END, END - SECOND, id="checked out in the future"),
        pytest.param(LONG_AFTER, LONG_AFTER + SECOND, END, id="all in the future"),
    ],
)
def test_corrected_times_are_in_order_and_not_in_the_future(
    checked_in_at: datetime, checked_out_at: datetime, now: datetime
) -> None:
    with pytest.raises(Refusal) as caught:
        require_possible_attendance(checked_in_at, checked_out_at, now)

    assert isinstance(caught.value, AttendanceImpossible)
