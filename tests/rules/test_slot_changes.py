"""What a change of weekly slots moves, adds, drops and leaves alone (SPEC 7)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from services.rules.slot_changes import Booked, Plan, Spared, plan
from services.rules.weekly import Hindrance, Occurrence, WeeklyTime

MONDAY = date(2026, 11, 30)
OLD, NEW = 1, 2
"""Ids of the slots before and after."""


def booked(number: int, day: int, hour: int, spared: Spared | None = None) -> Booked:
    """Session of the old slot, `day` days after Monday."""
    starts_at = _instant(day, hour)
    return Booked(number, OLD, _day(day), starts_at, starts_at + timedelta(hours=1), spared)


def wanted(
    day: int, hour: int, *, slot: int = NEW, hindrance: Hindrance | None = None
) -> Occurrence:
    at = WeeklyTime(_day(day).isoweekday(), time(hour), 60)
    if hindrance is not None:
        return Occurrence(slot, _day(day), at, None, None, hindrance)
    starts_at = _instant(day, hour)
    return Occurrence(slot, _day(day), at, starts_at, starts_at + timedelta(hours=1))


def _day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def _instant(day: int, hour: int) -> datetime:
    return datetime.combine(_day(day), time(hour), tzinfo=UTC)


def told(found: Plan) -> list[str]:
    """The plan, in short: which session, and to which day of the new slots."""
    lines = [f"keep {one.booked.id}" for one in found.kept]
    lines += [f"move {one.booked.id} to {(one.to.day - MONDAY).days}" for one in found.moved]
    for one, day in found.spared:
        lines.append(f"leave {one.id}" + (f" for {(day.day - MONDAY).days}" if day else ""))
    lines += [f"drop {one.id}" for one in found.dropped]
    lines += [f"add {(one.day - MONDAY).days}" for one in found.added]
    return lines + [f"none {(one.day - MONDAY).days}" for one in found.hindered]


BY_HAND, ASKED, HELD = Spared.MOVED_BY_HAND, Spared.REQUEST_OPEN, Spared.NOT_SCHEDULED


@pytest.mark.parametrize(
    ("there", "then", "expected"),
    [
        # Another time on the same day, another day, nothing at all.
        ([booked(1, 0, 15)], [wanted(0, 16)], ["move 1 to 0"]),
        ([booked(1, 0, 15)], [wanted(3, 15)], ["move 1 to 3"]),
        ([booked(1, 0, 15)], [wanted(0, 15)], ["keep 1"]),
        ([booked(1, 0, 15)], [wanted(0, 15, slot=OLD)], ["keep 1"]),
        # More or fewer sessions a week.
        ([booked(1, 0, 15)], [wanted(0, 15), wanted(3, 15)], ["keep 1", "add 3"]),
        ([booked(1, 0, 15), booked(2, 3, 15)], [wanted(3, 15)], ["keep 2", "drop 1"]),
        ([booked(1, 0, 15), booked(2, 3, 15)], [wanted(4, 9)], ["move 1 to 4", "drop 2"]),
        ([booked(1, 0, 15)], [], ["drop 1"]),
        ([], [wanted(0, 15)], ["add 0"]),
        # Week by week: a session does not move into another week.
        ([booked(1, 0, 15)], [wanted(7, 15)], ["drop 1", "add 7"]),
        ([booked(1, 6, 15)], [wanted(0, 15)], ["move 1 to 0"]),
        # What is left alone takes the place of one that is wanted.
        ([booked(1, 1, 9, BY_HAND)], [wanted(3, 15)], ["leave 1 for 3"]),
        ([booked(1, 0, 15, ASKED)], [wanted(3, 15)], ["leave 1 for 3"]),
        ([booked(1, 0, 15, HELD)], [wanted(3, 15)], ["leave 1 for 3"]),
        ([booked(1, 0, 15, ASKED)], [], ["leave 1"]),
        ([booked(1, 0, 15, HELD)], [wanted(0, 15)], ["leave 1 for 0"]),
        (
            [booked(1, 0, 15, ASKED), booked(2, 3, 15)],
            [wanted(1, 15), wanted(4, 15)],
            ["move 2 to 4", "leave 1 for 1"],
        ),
        (
            [booked(1, 0, 15), booked(2, 3, 15, ASKED)],
            [wanted(1, 15)],
            ["leave 2 for 1", "drop 1"],
        ),
        # Days without a session are told, and take no part.
        (
            [booked(1, 0, 15)],
            [wanted(1, 15, hindrance=Hindrance.HOLIDAY)],
            ["drop 1", "none 1"],
        ),
    ],
)
def test_a_change_is_planned_week_by_week(
    there: list[Booked], then: list[Occurrence], expected: list[str]
) -> None:
    assert told(plan(there, then)) == expected


def test_every_session_and_every_wanted_day_is_in_the_plan_once() -> None:
    there = [booked(7 * week + day, 7 * week + day, 15) for week in range(8) for day in (0, 3)]
    then = [wanted(7 * week + day, 9) for week in range(8) for day in (1, 2, 5)]

    found = plan(there, then)

    assert sorted(one.booked.id for one in found.moved) == sorted(one.id for one in there)
    assert len(found.moved) + len(found.added) == len(then)
    assert {one.to.day for one in found.moved} | {one.day for one in found.added} == {
        one.day for one in then
    }


def test_the_digest_differs_wherever_the_plan_does() -> None:
    plans = [
        plan([booked(1, 0, 15)], [wanted(0, 16)]),
        plan([booked(2, 0, 15)], [wanted(0, 16)]),
        plan([booked(1, 0, 14)], [wanted(0, 16)]),
        plan([booked(1, 0, 15)], [wanted(0, 17)]),
        plan([booked(1, 0, 15, ASKED)], [wanted(0, 16)]),
        plan([booked(1, 0, 15, BY_HAND)], [wanted(0, 16)]),
        plan([booked(1, 0, 15)], []),
        plan([], [wanted(0, 16)]),
        plan([], [wanted(0, 16, hindrance=Hindrance.LEAVE)]),
    ]
    again = plan([booked(1, 0, 15)], [wanted(0, 16)])

    assert len({one.digest for one in plans}) == len(plans)
    assert again.digest == plans[0].digest
