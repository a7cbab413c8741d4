"""When a session took place, as people type it: "15:02-16:31" (SPEC 3). Pure.

    span = time ("-" | until) time         times as in `typed_clock`

When it shall take place: `services.rules.typed_slots`.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.refusals.typed import TimeNotClear, TimesNotRead
from services.rules.typed_clock import LONGEST_RANGE, Moment, is_range_sign, moments_at
from services.rules.typed_words import Kind, Token, Vocabulary, corrected, tokens_of

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NO_USUAL_TIME = 0
"""Stands for the time of "same time", which is no time here."""
NO_YEAR = 0
"""Where no date is typed, a number such as 2026 is a time."""

_OF_SPANS = frozenset(
    {Kind.NUMBER, Kind.SIGN, Kind.HALF, Kind.UNTIL, Kind.AFTER_HOUR, Kind.BEFORE_HOUR, Kind.NOON}
)

Span = tuple[datetime, datetime]


class _TypedSpan(NamedTuple):
    """Two times as they were typed."""

    first: Moment
    last: Moment

    @property
    def is_plain(self) -> bool:
        """Whether both are times as clocks show them; 13pm is none."""
        return all(one.possible() and not one.is_odd for one in self)


def is_span(text: str, vocabulary: Vocabulary) -> bool:
    """Whether the text has two times and nothing else, possible or not."""
    tokens = tokens_of(text, vocabulary)
    numbers = [one for one in tokens if one.kind in (Kind.NUMBER, Kind.NOON)]
    has_sign = any(is_range_sign(tokens, at) for at in range(len(tokens)))
    return has_sign and len(numbers) > 1 and all(one.kind in _OF_SPANS for one in tokens)


def read_span_near(text: str, start: datetime, zone: ZoneInfo, vocabulary: Vocabulary) -> Span:
    """Two times in `zone`, the first as near to `start` as it can be, the second soon after it.

    For a session at 23:30, "00:05-01:00" is after midnight; for one at 15:00, "3-4:30" is after
    noon. Refused: TimesNotRead, and TimeNotClear for a local time that a clock change skips or
    repeats.
    """
    tokens = tokens_of(text, vocabulary)
    for span, end in _spans_at(tokens, 0, NO_YEAR):
        if end == len(tokens) and span.is_plain:
            return _span_near(span, start, zone)
    raise TimesNotRead


def nearest_spans(text: str, start: datetime, zone: ZoneInfo, vocabulary: Vocabulary) -> list[Span]:
    """What a text can mean that is more than two times: those that it writes as a span, else its
    times where they are two. None is longer than a session can be.
    """
    tokens = corrected(tokens_of(text, vocabulary), vocabulary)
    this_year = start.astimezone(zone).year
    spans = list(_written_spans(tokens, this_year))
    if not spans and len(moments := list(_single_moments(tokens, this_year))) == 2:
        spans = [_TypedSpan(*moments)]
    found: list[Span] = []
    for span in spans:
        with suppress(TimesNotRead, TimeNotClear):
            found.append(_span_near(span, start, zone))
    return [
        (first, last)
        for first, last in dict.fromkeys(found)
        if last - first <= LONGEST_RANGE * MINUTE
    ]


def _written_spans(tokens: tuple[Token, ...], this_year: int) -> Iterator[_TypedSpan]:
    """Spans anywhere in a text, the longest from each place."""
    at = 0
    while at < len(tokens):
        span, at = next(_spans_at(tokens, at, this_year), (None, at + 1))
        if span is not None:
            yield span


def _spans_at(
    tokens: tuple[Token, ...], at: int, this_year: int
) -> Iterator[tuple[_TypedSpan, int]]:
    """Spans that begin at a token, longest first, each with the place behind it."""
    for first, end in moments_at(tokens, at, NO_USUAL_TIME, this_year):
        if is_range_sign(tokens, end):
            for last, after in moments_at(tokens, end + 1, NO_USUAL_TIME, this_year):
                yield _TypedSpan(first, last), after


def _single_moments(tokens: tuple[Token, ...], this_year: int) -> Iterator[Moment]:
    """Times anywhere in a text; the number of a length, such as "2 hours", is none."""
    at = 0
    while at < len(tokens):
        moment, at = next(moments_at(tokens, at, NO_USUAL_TIME, this_year), (None, at + 1))
        if moment is not None and not (at < len(tokens) and tokens[at].kind is Kind.UNIT):
            yield moment


def _span_near(span: _TypedSpan, start: datetime, zone: ZoneInfo) -> Span:
    """The span as near to `start` as it can be. Refused: TimesNotRead, TimeNotClear."""
    if not all(one.possible() for one in span):
        raise TimesNotRead
    booked = start.astimezone(zone).replace(tzinfo=None)
    midnight = datetime.combine(booked.date(), time())
    first = min(
        (
            midnight + days * DAY + minutes * MINUTE
            for minutes in span.first.possible()
            for days in (-1, 0, 1)
        ),
        key=lambda one: abs(one - booked),
    )
    same_day = [datetime.combine(first, time()) + one * MINUTE for one in span.last.possible()]
    last = min(one if one > first else one + DAY for one in same_day)
    return _local_instant(first, zone), _local_instant(last, zone)


def _local_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The one instant at which clocks in `zone` show this time. Refused: TimeNotClear."""
    try:
        return instant_of(local, zone).astimezone(zone)
    except (NonexistentTimeError, AmbiguousTimeError):
        raise TimeNotClear from None
