"""Days of leave as people type them: "7 dec", "7-11 dec", "fri to next mon" (SPEC 6, 7). Pure."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from services.rules.typed_days import Calendar, Doubt
from services.rules.typed_words import Kind, Token, Vocabulary, tokens_of

_BETWEEN = re.compile(r"\s+(?:to|until|till|bis)\s+|\s*(?:–|—|…|\.\.)\s*|\s+-\s+|-")
MOST_CHARACTERS = 60
WEEK = timedelta(weeks=1)
LONGEST = timedelta(days=183)
"""Longest range that is read: one that goes backwards would else be nearly a year."""
_NAMES_DAYS = frozenset({Kind.WEEKDAY, Kind.MONTH, Kind.DAYS_AHEAD, Kind.NEXT_WEEK, Kind.NUMBER})
_NO_SUCH_DAY = (Doubt.NEAREST, Doubt.NOTHING)


def read_days(
    text: str, today: date, vocabulary: Vocabulary, *, is_near: bool = False
) -> tuple[date, date] | None:
    """First and last day that a text means, a single day as both; None where it means none.

    If it `is_near`, it may be asked about: the last day of a month then stands for one that the
    month does not have, and a day without a year may be more than sixty days away.
    """
    typed = " ".join(text.split())[:MOST_CHARACTERS]
    if [token.kind for token in tokens_of(typed, vocabulary)] == [Kind.NEXT_WEEK]:
        monday = today + timedelta(days=7 - today.weekday())
        return monday, monday + WEEK - timedelta(days=1)
    if (day := _day(typed, today, vocabulary, is_near=is_near)) is not None:
        return day, day
    for found in _BETWEEN.finditer(typed):
        first, last = typed[: found.start()], typed[found.end() :]
        days = _both(first, last, today, vocabulary, is_near=is_near)
        if days is not None:
            return days
    return None


def no_such_day_in(text: str, today: date, vocabulary: Vocabulary) -> date | None:
    """Last day of a month of which a text names a day that it does not have; None for others."""
    tokens, calendar = tokens_of(text[:MOST_CHARACTERS], vocabulary), Calendar(today, today)
    days = (
        day for at in range(len(tokens)) for day, _ in calendar.days(tokens, at, is_loose=False)
    )
    return next((day.short_month for day in days if day.short_month), None)


def is_of_days(text: str, vocabulary: Vocabulary) -> bool:
    """Whether every word of a text is one of days, and at least one of them names some."""
    kinds = {token.kind for token in tokens_of(text, vocabulary)}
    return Kind.UNKNOWN not in kinds and not kinds.isdisjoint(_NAMES_DAYS)


def days_within(text: str, today: date, vocabulary: Vocabulary) -> list[tuple[date, date]]:
    """First and last days that parts of a text mean, where the whole of it means none for sure.

    A part of one that is read, such as the "8 dec" of "6 to 8 dec", is not read by itself.
    """
    words = text[:MOST_CHARACTERS].split()
    read: dict[tuple[int, int], tuple[date, date]] = {}
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            end = start + length
            if any(start < other_end and other < end for other, other_end in read):
                continue
            days = read_days(" ".join(words[start:end]), today, vocabulary, is_near=True)
            if days is not None:
                read[start, end] = days
    return list(dict.fromkeys(days for _, days in sorted(read.items())))


def _both(
    first: str, last: str, today: date, vocabulary: Vocabulary, *, is_near: bool
) -> tuple[date, date] | None:
    """Days of a range; of "7-11 dec" the first is of the last one's month, of "28-3 jan" not."""
    begins = _day(first, today, vocabulary, is_near=is_near)
    end = _day(last, today, vocabulary, is_near=is_near)
    if end is None:
        return None
    if begins is not None and end < begins:  # "mon to fri", said on a Wednesday
        again = _day(last, begins, vocabulary, is_near=is_near)
        end = again if again is not None and again - begins < WEEK else end
    if (number := _number_alone(first, vocabulary)) is not None:
        begins = _last_numbered(number, today, end)
    if begins is None or not begins <= end <= begins + LONGEST:
        return None
    return begins, end


def _number_alone(text: str, vocabulary: Vocabulary) -> int | None:
    """The number of a day, "7" or "the 7th", to which no month is said; None for other texts."""
    match tokens_of(text, vocabulary):
        case (Token(Kind.NUMBER, number, digits),) | (
            Token(Kind.NUMBER, number, digits),
            Token(Kind.DAY_MARK),
        ) if len(digits) <= 2:
            return number
    return None


def _last_numbered(number: int, today: date, end: date) -> date | None:
    """The last day of that number until `end`, in its month, or from today on in the one before."""
    month_before = end.replace(day=1) - timedelta(days=1)
    for month in (end, month_before):
        if 1 <= number <= monthrange(month.year, month.month)[1]:
            day = month.replace(day=number)
            if day <= end and (month is end or today <= day):
                return day
    return None


def _day(text: str, today: date, vocabulary: Vocabulary, *, is_near: bool = False) -> date | None:
    return next(_days(text, today, vocabulary, is_near=is_near), None)


def _days(text: str, today: date, vocabulary: Vocabulary, *, is_near: bool) -> Iterator[date]:
    """Days that the whole text can mean, the likeliest first."""
    tokens = tokens_of(text, vocabulary)
    if not tokens or any(token.kind is Kind.UNIT for token in tokens):
        return  # "2 days" can be how long it is, too
    for day, end in Calendar(today, today).days(tokens, 0, is_loose=True):
        if end != len(tokens):
            continue
        if day.doubt is Doubt.FAR:
            if is_near:
                yield day.dates[-1]  # the month that was typed; those before are of another
        elif day.doubt not in _NO_SUCH_DAY or (is_near and day.short_month is not None):
            yield from day.dates
