"""Instants as whole minutes: what a button or an address holds of them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.rules.minutes import instant_of, minute_of

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        (NOON, NOON),
        (NOON + timedelta(seconds=59), NOON),
        (NOON + timedelta(seconds=60), NOON + timedelta(minutes=1)),
        (NOON.astimezone(timezone(timedelta(hours=8))), NOON),
    ],
)
def test_an_instant_is_known_again_by_its_minute(at: datetime, begins: datetime) -> None:
    assert instant_of(minute_of(at)) == begins
