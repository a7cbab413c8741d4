"""The demo's sessions: what can be done in the first minute, whenever the sandbox is started."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.demo import AGENCY_TIME_ZONE
from sandbox.demo.tables import tables
from services.rules.windows import check_in_window, check_out_window

ZONE = ZoneInfo(AGENCY_TIME_ZONE)
STARTS = [
    datetime(2026, 11, 25, hour, minute, second, tzinfo=UTC)
    for hour in (0, 7, 15, 16)
    for minute, second in ((0, 0), (0, 1), (14, 30), (29, 59), (30, 0), (45, 0), (59, 59))
]


def window(row: dict[str, str]) -> tuple[datetime, datetime]:
    starts_at = datetime.fromisoformat(row["starts_at"])
    return starts_at, starts_at + timedelta(minutes=int(row["duration_minutes"]))


@pytest.mark.parametrize("now", STARTS, ids=str)
def test_every_session_starts_at_a_full_or_half_hour(now: datetime) -> None:
    starts = [window(row)[0].astimezone(ZONE) for row in tables(now)["sessions"]]
    assert {(at.minute % 30, at.second, at.microsecond) for at in starts} == {(0, 0, 0)}


@pytest.mark.parametrize("now", STARTS, ids=str)
def test_the_next_session_is_too_early_to_check_in_to_for_half_an_hour_at_most(
    now: datetime,
) -> None:
    sessions = {row["ref"]: row for row in tables(now)["sessions"]}
    opens_at = check_in_window(*window(sessions["a-soon"]), ZONE).opens_at
    assert timedelta() < opens_at - now <= timedelta(minutes=30)


@pytest.mark.parametrize("now", STARTS, ids=str)
def test_the_running_session_can_be_checked_out_of_and_ends_before_the_next_one(
    now: datetime,
) -> None:
    sessions = {row["ref"]: row for row in tables(now)["sessions"]}
    starts_at, ends_at = window(sessions["a-running"])
    assert starts_at < now < ends_at < window(sessions["a-soon"])[0]
    assert check_out_window(ends_at).is_open(now)
