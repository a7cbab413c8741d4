"""Days that are over as people type them: "20/11", "fri", "yesterday" (SPEC 7). Pure.

The grammar is that of `services.rules.typed_days`, but a weekday is the last one, and a date
without a year the nearest one: what lies ahead is read as it is, so that it can be said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.rules.typed_clock import Clock, clocks
from services.rules.typed_days import (
    LAST_OF_MONTH,
    MONTHS,
    WEEK,
    Calendar,
    Day,
    Doubt,
    last_of_month,
)
from services.rules.typed_words import Kind, Token

NO_USUAL_TIME = 0
"""Stands for the time of "same time", which is no time here."""


@dataclass(frozen=True)
class PastCalendar(Calendar):
    """Days reckoned back from today."""

    def _coming(self, weekday: int) -> date:
        return self.today - timedelta(days=(self.today.weekday() - weekday) % WEEK)

    def _next(self, weekday: int) -> Day:
        return self._of_next_week(weekday)

    def _day(self, day: int, month: int, year: int | None = None) -> Day | None:
        if not (1 <= day <= LAST_OF_MONTH and 1 <= month <= MONTHS):
            return None
        years = [year] if year is not None else [self.today.year + one for one in (-1, 0, 1)]
        dates = (_date(one, month, day) for one in years)
        near = min(
            (one for one in dates if one is not None),
            key=lambda one: abs(one - self.today),
            default=None,
        )
        if near is not None:
            return Day((near,))
        last = last_of_month(years[len(years) // 2], month)
        return Day((last,), Doubt.NEAREST, short_month=last)

    def _next_numbered(self, number: int) -> date | None:
        if not 1 <= number <= LAST_OF_MONTH:
            return None
        back = (self.today - timedelta(days=days) for days in range(2 * LAST_OF_MONTH + 1))
        return next(one for one in back if one.day == number)


@dataclass(frozen=True)
class PastMoment:
    """A day and a clock time that were typed together."""

    day: date
    clock: Clock
    half: int | None = None
    """Half of the day that was said beside the time."""
    short_month: date | None = None
    """Last day of a month that does not have the day that was typed."""


def moments(tokens: tuple[Token, ...], today: date) -> Iterator[PastMoment]:
    """Every way to read all tokens as one day and one time, in either order."""
    if any(token.kind is Kind.SAME_TIME for token in tokens):
        return
    calendar = PastCalendar(today, today)
    for day, after_day in calendar.days(tokens, 0, is_loose=False):
        if len(day.dates) == 1:
            half, at = _half(tokens, after_day)
            yield from (
                PastMoment(day.dates[0], clock, half, day.short_month)
                for clock in _clocks(tokens, at, today)
            )
    for clock, after_clock in clocks(tokens, 0, NO_USUAL_TIME, today.year):
        half, at = _half(tokens, after_clock)
        for day, end in calendar.days(tokens, at, is_loose=False):
            if end == len(tokens) and len(day.dates) == 1:
                yield PastMoment(day.dates[0], clock, half, day.short_month)


def _clocks(tokens: tuple[Token, ...], at: int, today: date) -> Iterator[Clock]:
    """Clock times that begin at a token and end the text."""
    for clock, end in clocks(tokens, at, NO_USUAL_TIME, today.year):
        if end == len(tokens):
            yield clock


def _half(tokens: tuple[Token, ...], at: int) -> tuple[int | None, int]:
    """Half of the day that stands by itself, as in "yesterday evening 7", and the place behind."""
    if at < len(tokens) and tokens[at].kind is Kind.HALF:
        return tokens[at].number, at + 1
    return None, at


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
