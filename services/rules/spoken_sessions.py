"""Sessions of which a text speaks: "ryan's thursday lesson", "the 4pm one" (UX 19). Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.rules.typed_clock import HOUR, clocks
from services.rules.typed_days import WEEK, Calendar, Day, Doubt
from services.rules.typed_past import PastCalendar
from services.rules.typed_words import Kind, Token, Vocabulary, corrected, tokens_of

MOST_CHARACTERS = 300
"""Characters of a text that are read."""

_NO_DAYS = ((Kind.LATER,), (Kind.NEXT_WEEK,))
"""What is a day only where a time is asked for."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Known:
    """A session that a text can speak of."""

    id: int
    name: str
    """The child's."""
    starts_at: datetime


@dataclass(frozen=True)
class Spoken:
    """Sessions of which a text speaks."""

    ids: tuple[int, ...] = ()
    """Those of which it says most; of the day that it names first before others, then by start."""
    names_day: bool = False
    """Whether it names their day."""
    names_child: bool = False
    """Whether it names their child."""
    has_day: bool = False
    """Whether it names any day."""


def spoken_sessions(
    text: str,
    known: Sequence[Known],
    now: datetime,
    zone: ZoneInfo,
    vocabulary: Vocabulary,
    *,
    are_over: bool = False,
) -> Spoken:
    """Sessions whose child, day or, where no day is named, time a text names.

    `zone`: where it was written. `are_over`: "friday" is the last one.
    """
    said, today = text[:MOST_CHARACTERS], now.astimezone(zone).date()
    tokens = corrected(tokens_of(said, vocabulary), vocabulary)
    calendar = PastCalendar(today, today) if are_over else Calendar(today, today)
    days, times = _days(tokens, calendar), _times(tokens, today.year)
    found = []
    for one in known:
        start = one.starts_at.astimezone(zone)
        day, time = start.date(), start.hour * HOUR + start.minute
        named, dated = is_named(said, one.name), day in days
        timed = not days and time in times
        if named or dated or timed:
            found.append((named + dated + timed, days.index(day) if dated else len(days), one))
    most = max((says for says, _, _ in found), default=0)
    best = sorted(
        ((order, one) for says, order, one in found if says == most),
        key=lambda each: (each[0], each[1].starts_at, each[1].id),
    )
    names_day = any(order < len(days) for order, _ in best)
    names_child = any(is_named(said, one.name) for _, one in best)
    return Spoken(tuple(one.id for _, one in best), names_day, names_child, bool(days))


def _days(tokens: tuple[Token, ...], calendar: Calendar) -> list[date]:
    """Days that are named, in this order; of a weekday that is today, this one and the next."""
    at, found = 0, list[date]()
    while at < len(tokens):
        read = next(calendar.days(tokens, at, is_loose=False), None)
        if read is None or not _is_day(read[0], tokens[at : read[1]]):
            at += 1
            continue
        day, at = read
        found += [*day.dates, *_week_beside(day, calendar)]
    return list(dict.fromkeys(found))


def _is_day(day: Day, tokens: tuple[Token, ...]) -> bool:
    """Whether tokens name a day; "8.30" may be a date, "later" is none, nor is "next week"."""
    is_open = day.doubt not in (None, Doubt.WHICH_DAY)
    return not is_open and tuple(one.kind for one in tokens) not in _NO_DAYS


def _week_beside(day: Day, calendar: Calendar) -> list[date]:
    """The other day that a weekday can be that is today: a week after it, or before it."""
    if not (day.is_weekly and calendar.today in day.dates):
        return []
    week = timedelta(days=WEEK)
    return [calendar.today + (-week if isinstance(calendar, PastCalendar) else week)]


def _times(tokens: tuple[Token, ...], this_year: int) -> set[int]:
    """Minutes since midnight at which it can be; a number by itself is no time."""
    found: set[int] = set()
    for at in range(len(tokens)):
        for clock, end in clocks(tokens, at, 0, this_year):
            if end - at > 1 and tokens[at].kind is not Kind.SAME_TIME:
                found.update(clock.starts(None))
    return found


def is_named(text: str, name: str) -> bool:
    """Whether a text has a part of a name, as a word; in scripts without spaces, anywhere."""
    parts, text = name.casefold().split(), text.casefold()
    words = set(_WORD.findall(text))
    return any(part in words if part.isascii() else part in text for part in parts)
