"""Billing months in the agency's zone, and lines that adjust closed ones (SPEC 7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.enums import LineKind, Side, Why
from services.rules.billing import (
    Line,
    Subject,
    adjustment,
    bounds_of_month,
    frozen_sum,
    month_of,
    months_between,
    next_month,
)
from services.rules.money import Currency, line_amount, read_amount

ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Singapore",
        "Europe/London",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Asia/Kathmandu",
    )
]
MONTHS = [date(2026, number, 1) for number in range(1, 13)]
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_months_follow_each_other_without_gap_over_clock_changes_and_years(
    zone: ZoneInfo, month: date
) -> None:
    begins, ends = bounds_of_month(month, zone)
    assert bounds_of_month(next_month(month), zone)[0] == ends
    assert (begins.tzinfo, ends.tzinfo) == (UTC, UTC)
    for at, wanted in (
        (begins, month),
        (begins - SECOND, (month - timedelta(days=1)).replace(day=1)),
        (ends - SECOND, month),
        (ends, next_month(month)),
    ):
        assert month_of(at, zone) == wanted
    days = (next_month(month) - month).days
    assert abs(ends - begins - timedelta(days=days)) <= timedelta(hours=1)


def test_months_from_one_to_another_over_a_year() -> None:
    assert months_between(date(2026, 11, 1), date(2027, 2, 1)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 2, 1),
    ]
    assert months_between(date(2027, 1, 1), date(2026, 12, 1)) == []


@pytest.mark.parametrize(
    ("currency", "typed", "minor", "minutes", "amount", "plain"),
    [
        (Currency("JPY", 0), "2750", 2750, 50, 2292, "2292"),
        (Currency("KWD", 3), "6.125", 6125, 50, 5104, "5.104"),
        (Currency("SGD", 2), "64,50", 6450, 75, 8063, "80.63"),
    ],
)
def test_currencies_without_minor_units_and_with_three_digits(
    currency: Currency, typed: str, minor: int, minutes: int, amount: int, plain: str
) -> None:
    assert read_amount(typed, currency) == minor
    assert line_amount(minor, minutes, by_hour=True) == amount
    assert currency.plain(amount) == plain


def line(**over: object) -> Line:
    about = Line(
        side=Side.FAMILY,
        kind=LineKind.REGULAR,
        subject_of=Subject(appointment_id=1),
        student_id=1,
        tutor_id=2,
        child="Emily",
        tutor="Grace",
        subject="Science",
        at=datetime(2026, 10, 1, tzinfo=UTC),
        minutes=60,
        sessions=1,
        amount=6000,
    )
    return replace(about, **over)  # type: ignore[arg-type]


def test_what_agrees_with_closed_months_adjusts_nothing() -> None:
    assert adjustment(line(), frozen_sum([line()])) is None
    halves = [line(sessions=1, amount=4000), line(sessions=0, minutes=0, amount=2000)]
    assert adjustment(line(), frozen_sum(halves)) is None
    assert adjustment(None, None) is None


def test_an_adjustment_makes_up_for_what_closed_months_say_otherwise() -> None:
    late = adjustment(line(), None)
    corrected = adjustment(line(amount=6500, minutes=90), frozen_sum([line()]))
    covered = adjustment(line(amount=None, credits=1), frozen_sum([line()]))
    gone = adjustment(None, frozen_sum([line()]))

    found = [late, corrected, covered, gone]
    assert [
        (one.sessions, one.minutes, one.credits, one.amount, one.why) for one in found if one
    ] == [
        (1, 60, 0, 6000, Why.LATE),
        (0, 30, 0, 500, Why.CORRECTED),
        (0, 0, 1, -6000, Why.COVERED),
        (-1, -60, 0, -6000, Why.REVERSED),
    ]


def test_credits_that_were_given_and_taken_back_come_to_nothing() -> None:
    about = {"subject_of": Subject(entry_id=7), "sessions": 0, "minutes": 0, "amount": None}
    given, taken = line(subject="+2", **about), line(subject="-2", **about)
    back = adjustment(None, frozen_sum([given]))
    assert back is not None
    assert (back.subject, back.why, back.amount) == ("-2", Why.REVERSED, None)
    assert adjustment(None, frozen_sum([given, taken])) is None
    assert adjustment(given, frozen_sum([given])) is None
