"""When a tutor may check out (SPEC 3): both ends of the window belong to it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.rules.refusals import Refusal
from services.rules.refusals.attendance import TooEarlyToCheckOut, TooLateToCheckOut
from services.rules.windows import check_out_window

END = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
OPENS = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("now", [OPENS, OPENS + SECOND, END, CLOSES - SECOND, CLOSES])
def test_check_out_is_open_from_thirty_minutes_before_the_end_to_a_day_after_it(
    now: datetime,
) -> None:
    assert check_out_window(END).is_open(now)
    check_out_window(END).require_open(now, appointment_id=7)


def test_a_second_before_is_too_early_and_the_minutes_are_told() -> None:
    with pytest.raises(Refusal) as caught:
        check_out_window(END).require_open(OPENS - SECOND, appointment_id=7)

    assert not check_out_window(END).is_open(OPENS - SECOND)
    assert isinstance(caught.value, TooEarlyToCheckOut)
    assert vars(caught.value) == {"minutes": 1, "opens_at": OPENS, "appointment_id": 7}


def test_a_second_after_is_too_late() -> None:
    with pytest.raises(Refusal) as caught:
        check_out_window(END).require_open(CLOSES + SECOND, appointment_id=7)

    assert not check_out_window(END).is_open(CLOSES + SECOND)
    assert isinstance(caught.value, TooLateToCheckOut)
    assert vars(caught.value) == {"closed_at": CLOSES}
