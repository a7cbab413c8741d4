"""How long a lease holds (SPEC 11)."""

import pytest

from services.rules.lease import LeaseTimes


@pytest.mark.parametrize(
    ("asked_at", "now", "is_certain"),
    [(None, 0.0, False), (100.0, 100.0, True), (100.0, 104.9, True), (100.0, 105.0, False)],
)
def test_a_lease_is_certain_for_as_long_as_it_lasts_from_when_it_was_asked_for(
    asked_at: float | None, now: float, is_certain: bool
) -> None:
    assert LeaseTimes(lasts=5.0).is_certain(asked_at, now) is is_certain


def test_another_process_takes_over_within_ten_seconds() -> None:
    """Renewed just before the owner froze, it runs out, and is looked at once more."""
    times = LeaseTimes()
    assert times.lasts + 2 * times.look_every < 10
    assert times.lasts >= 5 * times.look_every, "a slow renewal or two are no freeze"
