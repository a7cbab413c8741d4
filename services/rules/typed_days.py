"""Days as people type them: "fri", "next friday", "26/11", "26 nov" (SPEC 6). Pure.

day  = part [part]                     two of them have to mean the same day
part = today | tomorrow | weekday | "next" weekday | weekday "next week" | date
date = 26/11 [/2026] | 2026-11-26 | 26[th] nov [2026] | nov 26[th] [2026] | 26th
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum, auto

from services.rules.typed_words import Kind, Token

WEEK = 7
FAR = timedelta(days=60)
"""A day without a year that is further away is asked about."""
OWN_WEEK_FROM = timedelta(days=14)
"""From so far ahead on a session has a week of its own, of which "sat" can be as well."""
YEARS_AHEAD = 8
"""Years within which every calendar day occurs, 29 February too."""
MONTHS = 12
LAST_OF_MONTH = 31
CENTURY = 100
A_DAY = 24 * 60
FURTHEST = 366 * A_DAY
"""Minutes of the longest length that is counted from a day."""


class Doubt(IntEnum):
    """Why a text has to be asked about; the greatest one is said."""

    HALF = auto()
    """It can be of either half of the day."""
    WHICH_DAY = auto()
    """It can be this week's day or the next week's."""
    WHICH_WEEK = auto()
    """It can be reckoned from today, or from the day of a session that is weeks ahead."""
    FAR = auto()
    """The day has no year, and the next one to come is more than sixty days away."""
    TWICE = auto()
    """The clocks show this time twice that night."""
    SKIPPED = auto()
    """The clocks skip this time that night."""
    PASSED = auto()
    NEAREST = auto()
    """Not all of it was understood, or there is no such day."""
    NO_TIME = auto()
    NOTHING = auto()


@dataclass(frozen=True)
class Day:
    """Days that a text can mean."""

    dates: tuple[date, ...]
    doubt: Doubt | None = None
    is_weekly: bool = False
    """Whether it is any day of that weekday: if the time has passed, a week later is meant."""
    week_after: date | None = None
    """Day that "next week" means where it cannot be the first: the session is then already."""
    short_month: date | None = None
    """Last day of a month that does not have the day that was typed, "31 nov"."""


@dataclass(frozen=True)
class Calendar:
    """What days are reckoned from."""

    today: date
    own: date
    """The session's day."""

    def days(
        self, tokens: tuple[Token, ...], at: int, *, is_loose: bool
    ) -> Iterator[tuple[Day, int]]:
        """Days that begin at a token, longest first, each with the place behind it.

        If it `is_loose`, a number by itself can be a day of the month.
        """
        for day, end in self._parts(tokens, at):
            for other, after in self._parts(tokens, end):
                yield _both(day, other), after
            dated = self._day_of_month(tokens, end, marked=False) if day.is_weekly else None
            if dated and any(one.weekday() == day.dates[0].weekday() for one in dated[0].dates):
                yield _both(day, dated[0]), dated[1]
            yield day, end
        if is_loose and (dated := self._day_of_month(tokens, at, marked=False)):
            yield dated

    def _parts(self, tokens: tuple[Token, ...], at: int) -> Iterator[tuple[Day, int]]:
        yield from self._counted(tokens, at)
        match tokens[at : at + 2]:
            case (Token(Kind.DAYS_AHEAD, ahead), *_):
                yield Day((self.today + timedelta(days=ahead),)), at + 1
            case (Token(Kind.LATER, 1), *_):
                yield Day((self.today,)), at + 1
            case (Token(Kind.NEXT), Token(Kind.WEEKDAY, weekday)):
                yield self._or_of_own(self._next(weekday), _after(self.own, weekday)), at + 2
            case (Token(Kind.NEXT_WEEK), Token(Kind.WEEKDAY, weekday)) | (
                Token(Kind.WEEKDAY, weekday),
                Token(Kind.NEXT_WEEK),
            ):
                of_own = _in_week_after(self.own, weekday)
                yield self._or_of_own(self._of_next_week(weekday), of_own), at + 2
            case (Token(Kind.WEEKDAY, weekday), *_):
                coming = Day((self._coming(weekday),), is_weekly=True)
                yield self._or_of_own(coming, _nearest_weekday(self.own, weekday)), at + 1
            case (Token(Kind.NEXT_WEEK), *_):
                week_after = self.own + timedelta(days=WEEK)
                day = replace(self._of_next_week(self.own.weekday()), week_after=week_after)
                yield _either(day, week_after) if day.dates[0] < self.own else day, at + 1
            case _:
                yield from self._dates(tokens, at)

    def _counted(self, tokens: tuple[Token, ...], at: int) -> Iterator[tuple[Day, int]]:
        """2 days later, which is after the session's day; in 2 days, which is after today."""
        match tokens[at : at + 3]:
            case (Token(Kind.NUMBER, count), Token(Kind.UNIT, unit), *rest) if (
                unit % A_DAY == 0 and count * unit <= FURTHEST
            ):
                days = timedelta(minutes=count * unit)
                match rest:
                    case [Token(Kind.LATER, sign)]:
                        yield Day((self.own + sign * days,)), at + 3
                    case _:
                        yield Day((self.today + days,)), at + 2

    def _coming(self, weekday: int) -> date:
        return self.today + timedelta(days=(weekday - self.today.weekday()) % WEEK)

    def _next(self, weekday: int) -> Day:
        """Next week's day, unless this week's is still to come, too: people mean either."""
        coming, of_next_week = self._coming(weekday), self._of_next_week(weekday)
        if coming in (self.today, *of_next_week.dates):
            return of_next_week
        return Day((coming, *of_next_week.dates), Doubt.WHICH_DAY)

    def _of_next_week(self, weekday: int) -> Day:
        return Day((_in_week_after(self.today, weekday),))

    def _or_of_own(self, day: Day, of_own: date) -> Day:
        """A day reckoned from today, or from a session that is weeks ahead: people mean either."""
        return _either(day, of_own) if has_own_week(self.today, self.own) else day

    # --------------------------------------------------------------------------------- dates

    def _dates(self, tokens: tuple[Token, ...], at: int) -> Iterator[tuple[Day, int]]:
        if tokens[at : at + 1] and tokens[at].kind in (Kind.NUMBER, Kind.MONTH):
            yield from self._in_numbers(tokens, at)
            yield from self._named(tokens, at)
            if marked := self._day_of_month(tokens, at, marked=True):
                yield marked

    def _in_numbers(self, tokens: tuple[Token, ...], at: int) -> Iterator[tuple[Day, int]]:
        """26/11, 26.11.2026, 2026-11-26; with the month first where it can be no other way."""
        match tokens[at : at + 5]:
            case (
                Token(Kind.NUMBER, a, first),
                Token(Kind.SIGN, text=sign),
                Token(Kind.NUMBER, b),
                Token(Kind.SIGN, text=other),
                Token(Kind.NUMBER, c, last),
            ) if sign == other != ":":
                if len(first) == 4:
                    yield from self._with_end(self._in_figures(c, b, a), at + 5)
                elif len(last) in (2, 4):
                    yield from self._with_end(self._in_figures(a, b, self._full_year(c)), at + 5)
        match tokens[at : at + 3]:
            case (Token(Kind.NUMBER, a), Token(Kind.SIGN, text=sign), Token(Kind.NUMBER, b)) if (
                sign != ":"
            ):
                yield from self._with_end(self._in_figures(a, b), at + 3)

    def _named(self, tokens: tuple[Token, ...], at: int) -> Iterator[tuple[Day, int]]:
        """26 nov, 26th nov 2026, nov 26th, and 11月26日."""
        unmarked = [one for one in enumerate(tokens) if one[1].kind is not Kind.DAY_MARK]
        places = [(place, token) for place, token in unmarked if place >= at][:4]
        match [token for _, token in places]:
            case (Token(Kind.NUMBER, day), Token(Kind.MONTH, month), *rest):
                yield from self._perhaps_in_year(tokens, places, day, month, rest, 2)
            case (Token(Kind.MONTH, month), Token(Kind.NUMBER, day), *rest):
                yield from self._perhaps_in_year(tokens, places, day, month, rest, 2)
            case (Token(Kind.NUMBER, month), Token(Kind.MONTH_MARK), Token(Kind.NUMBER, day), *_):
                yield from self._perhaps_in_year(tokens, places, day, month, [], 3)

    def _perhaps_in_year(
        self,
        tokens: tuple[Token, ...],
        places: list[tuple[int, Token]],
        day: int,
        month: int,
        rest: list[Token],
        length: int,
    ) -> Iterator[tuple[Day, int]]:
        """The date with the year that follows it, if one does, and without."""
        if rest and rest[0].kind is Kind.NUMBER and len(rest[0].text) == 4:
            yield from self._with_end(self._day(day, month, rest[0].number), places[length][0] + 1)
        end = places[length - 1][0] + 1
        while end < len(tokens) and tokens[end].kind is Kind.DAY_MARK:
            end += 1
        yield from self._with_end(self._day(day, month), end)

    def _day_of_month(
        self, tokens: tuple[Token, ...], at: int, *, marked: bool
    ) -> tuple[Day, int] | None:
        """The next day of that number, "26th"."""
        match tokens[at : at + 2]:
            case (Token(Kind.NUMBER, number), Token(Kind.DAY_MARK)):
                end = at + 2
            case (Token(Kind.NUMBER, number, text), *_) if (
                not marked and len(text) <= 2 and not _is_of_clock(tokens, at)
            ):
                end = at + 1
            case _:
                return None
        found = self._next_numbered(number)
        if found is None:
            return None
        near_own = _nearest_numbered(self.own, number)
        return self._or_of_own(Day((found,)), near_own), end

    def _with_end(self, day: Day | None, end: int) -> Iterator[tuple[Day, int]]:
        if day is not None:
            yield day, end

    def _in_figures(self, day: int, month: int, year: int | None = None) -> Day | None:
        """A date whose month is a number; it may come first, at least where it has to."""
        if month > MONTHS >= day:
            swapped = self._day(month, day, year)
            return replace(swapped, doubt=Doubt.NEAREST) if swapped else None
        found = self._day(day, month, year)
        if found is not None and found.doubt is Doubt.FAR:
            years = (self.today.year, self.today.year + 1)
            swaps = (_date(one, day, month) for one in years)
            soon = (one for one in swaps if one and timedelta() <= one - self.today <= FAR)
            return replace(found, dates=tuple(sorted({*found.dates, *soon})))
        return found

    def _day(self, day: int, month: int, year: int | None = None) -> Day | None:
        """A date, or those nearest to one that the calendar does not have; None if none is near."""
        if not (1 <= day <= LAST_OF_MONTH and 1 <= month <= MONTHS):
            return None
        if year is not None:
            if not -1 <= year - self.today.year <= YEARS_AHEAD:
                return None
            there = _date(year, month, day)
            return Day((there,)) if there else _no_such_day(year, month)
        years = range(self.today.year, self.today.year + YEARS_AHEAD + 1)
        dates = (_date(one, month, day) for one in years)
        coming = next((one for one in dates if one is not None and one >= self.today), None)
        if coming is None:
            ends = (_no_such_day(one, month) for one in years)
            return next(one for one in ends if one.dates[0] >= self.today)
        if coming - self.today <= FAR:
            return Day((coming,))
        of_nearest_month = self._next_numbered(day)
        return Day(tuple(sorted({of_nearest_month or coming, coming})), Doubt.FAR)

    def _next_numbered(self, number: int) -> date | None:
        """The next day that is the so-manyth of a month."""
        if not 1 <= number <= LAST_OF_MONTH:
            return None
        ahead = (self.today + timedelta(days=days) for days in range(2 * LAST_OF_MONTH + 1))
        return next(one for one in ahead if one.day == number)

    def _full_year(self, year: int) -> int:
        return year + (self.today.year // CENTURY * CENTURY if year < CENTURY else 0)


def _is_of_clock(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a colon stands beside a number: "25:00" is a time that no clock shows, and no day."""
    beside = (*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2])
    return any(token.kind is Kind.SIGN and token.text == ":" for token in beside)


def _both(one: Day, other: Day) -> Day:
    """The day that two parts mean, "fri 27 nov"; what either means where they differ."""
    weekly, dated = (one, other) if one.is_weekly else (other, one)
    if not weekly.is_weekly:
        both = tuple(day for day in one.dates if day in other.dates)
        short = one.short_month or other.short_month
        dates = both if len(both) == 1 else (*one.dates, *other.dates)
        doubt = None if len(both) == 1 and short is None else Doubt.NEAREST
        return Day(dates, doubt, short_month=short)
    weekday = weekly.dates[0].weekday()
    if same := tuple(day for day in dated.dates if day.weekday() == weekday):
        is_known = len(same) == 1 and dated.doubt is Doubt.WHICH_WEEK
        return replace(dated, dates=same, doubt=None if is_known else dated.doubt)
    nearest = (_nearest_weekday(day, weekday) for day in dated.dates)
    return Day((*dated.dates, *nearest), Doubt.NEAREST, short_month=dated.short_month)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _no_such_day(year: int, month: int) -> Day:
    """The last day of a month, which does not have the day that was typed, and the day after it."""
    last = last_of_month(year, month)
    return Day((last, last + timedelta(days=1)), Doubt.NEAREST, short_month=last)


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def has_own_week(today: date, own: date) -> bool:
    """Whether a session is so far ahead that a weekday can be of its own week as well."""
    return own - today >= OWN_WEEK_FROM


def _either(day: Day, of_own: date) -> Day:
    """A day as it is reckoned from today, and as it is from the session's."""
    if of_own in day.dates:
        return day
    return replace(day, dates=(*day.dates, of_own), doubt=Doubt.WHICH_WEEK)


def _after(day: date, weekday: int) -> date:
    """The first day of that weekday after another day."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % WEEK + 1)


def _in_week_after(day: date, weekday: int) -> date:
    """The day of that weekday in the week after that of another day."""
    return day + timedelta(days=WEEK - day.weekday() + weekday)


def _nearest_numbered(day: date, number: int) -> date:
    """The day that is the so-manyth of a month, nearest to another day."""
    days = (day + timedelta(days=ahead) for ahead in range(-LAST_OF_MONTH, LAST_OF_MONTH + 1))
    return min((one for one in days if one.day == number), key=lambda one: abs(one - day))


def _nearest_weekday(day: date, weekday: int) -> date:
    """The day of that weekday that is nearest to another day."""
    ahead = (weekday - day.weekday()) % WEEK
    return day + timedelta(days=ahead if ahead <= WEEK // 2 else ahead - WEEK)
