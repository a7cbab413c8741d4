"""What waiting costs, and until when something is put off (SPEC 10)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.matters import Matter
from services.rules.queue import KIND_OF, LATER, QueueKind, Snooze, rank_of, snoozed_until, snoozes

SINGAPORE = ZoneInfo("Asia/Singapore")
WEDNESDAY = datetime(2026, 11, 25, 7, tzinfo=UTC)  # 15:00 in Singapore


def test_requests_come_first_then_what_costs_most() -> None:
    order = sorted(Matter, key=rank_of)

    assert [KIND_OF[matter] for matter in order][:4] == [*QueueKind][:4]
    assert {KIND_OF[matter] for matter in Matter} == set(QueueKind)
    assert max(map(rank_of, Matter)) < LATER


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        (Snooze.HOUR, datetime(2026, 11, 25, 8, tzinfo=UTC)),
        (Snooze.TOMORROW, datetime(2026, 11, 26, 1, tzinfo=UTC)),
        (Snooze.MONDAY, datetime(2026, 11, 30, 1, tzinfo=UTC)),
        (Snooze.WEEK, datetime(2026, 12, 2, 1, tzinfo=UTC)),
    ],
)
def test_what_is_put_off_for_days_comes_back_in_the_agencys_morning(
    choice: Snooze, until: datetime
) -> None:
    assert snoozed_until(choice, WEDNESDAY, SINGAPORE) == until


@pytest.mark.parametrize(
    ("runs_out_after", "possible"),
    [
        (timedelta(hours=1), []),
        (timedelta(hours=1, seconds=1), [Snooze.HOUR]),
        (timedelta(hours=18, seconds=1), [Snooze.HOUR, Snooze.TOMORROW]),
        (timedelta(days=7), [Snooze.HOUR, Snooze.TOMORROW, Snooze.MONDAY, Snooze.WEEK]),
    ],
)
def test_what_runs_out_is_put_off_until_before_that_only(
    runs_out_after: timedelta, possible: list[Snooze]
) -> None:
    at = WEDNESDAY + runs_out_after

    assert snoozes(Matter.REQUEST, at, WEDNESDAY, SINGAPORE) == possible
    assert snoozes(Matter.LATE_CHANGE, at, WEDNESDAY, SINGAPORE) == possible
    assert snoozes(Matter.DISPUTE, at, WEDNESDAY, SINGAPORE) == list(Snooze)


def test_on_a_monday_monday_is_the_next_one() -> None:
    monday = datetime(2026, 11, 30, 1, tzinfo=UTC)

    assert snoozed_until(Snooze.MONDAY, monday, SINGAPORE) == datetime(2026, 12, 7, 1, tzinfo=UTC)
