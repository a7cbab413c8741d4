"""Clock times as people type them: "4.30pm", "1600", "10-11" (SPEC 6). Pure.

    clock  = moment [("-" | until) moment]
    moment = number [(":" | "." | "h") number] [half] | 1600 [half] | "half past" number [half]
           | noon | same time

Times are minutes since midnight.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from services.rules.typed_words import Kind, Token

HOUR = 60
NOON = 12
"""Hours of half a day."""
EARLIEST, LATEST = 8 * HOUR, 21 * HOUR
"""Between these a time is meant where nothing says which half of the day it is of."""
LONGEST_RANGE = 6 * HOUR
"""The longest session that a range can mean."""


@dataclass(frozen=True)
class Moment:
    """A time as it was typed; `half` is that of `Kind.HALF`, None where nothing says it."""

    hour: int
    minute: int = 0
    half: int | None = None
    is_exact: bool = False
    """Whether it is of a clock of twenty-four hours for certain."""

    @property
    def is_open(self) -> bool:
        """Whether nothing says which half of the day it is of."""
        return self.half is None and not self.is_exact

    @property
    def is_odd(self) -> bool:
        """Whether it is written as no clock shows it, such as 13pm."""
        return self.half is not None and self.hour > NOON

    def possible(self) -> tuple[int, ...]:
        """Times that it can be, as the clock goes; empty where there is none."""
        if self.half is not None and self.hour <= NOON:
            hours = [self.hour % NOON + NOON * self.half] if self.hour else []
        elif self.half == 0:
            hours = []
        elif self.is_exact or self.half is not None:
            hours = [self.hour]
        else:
            hours = [self.hour % NOON, self.hour % NOON + NOON]
        return tuple(hour * HOUR + self.minute for hour in hours)


@dataclass(frozen=True)
class Clock:
    """A start, and an end if a range was typed."""

    first: Moment
    last: Moment | None = None

    @property
    def is_odd(self) -> bool:
        """Whether its start is written as no clock shows it."""
        return self.first.is_odd

    def starts(self, half: int | None) -> tuple[int, ...]:
        """Starts that it can mean; `half` is what was said beside it, "tomorrow evening at 7"."""
        if self.last is not None:
            return tuple(dict.fromkeys(start for start, _ in self.spans(half)))
        first = _in_half(self.first, half)
        return _likely(first.possible(), is_open=first.is_open)

    def minutes(self, half: int | None) -> int | None:
        """The one length that a range can mean; None without an end, or where there are several."""
        lengths = {end - start for start, end in self.spans(half)}
        return lengths.pop() if len(lengths) == 1 else None

    def spans(self, half: int | None) -> tuple[tuple[int, int], ...]:
        """Starts and ends that a range can mean, as long as a session can be; none without an end.

        So 11-1pm begins before noon.
        """
        if self.last is None:
            return ()
        first, last = _in_half(self.first, half), _in_half(self.last, half)
        likely = _likely(first.possible(), is_open=first.is_open and last.is_open)
        return tuple(
            (start, end)
            for start, end in product(likely, _ends(last))
            if 0 < end - start <= LONGEST_RANGE
        )


def clocks(
    tokens: tuple[Token, ...], at: int, own: int, this_year: int
) -> Iterator[tuple[Clock, int]]:
    """Clock times that begin at a token, longest first, each with the place behind it.

    `own` is the time of "same time". A number that is this year or the next is no time.
    """
    for first, end in moments_at(tokens, at, own, this_year):
        if is_range_sign(tokens, end):
            for last, after in moments_at(tokens, end + 1, own, this_year):
                clock = Clock(first, last)
                if clock.starts(None):
                    yield clock, after
        if first.hour < NOON * 2:
            yield Clock(first), end


def moments_at(
    tokens: tuple[Token, ...], at: int, own: int, this_year: int
) -> Iterator[tuple[Moment, int]]:
    """Single times that begin at a token, longest first, each with the place behind it."""
    for moment, end in _bare_moments(tokens, at, own, this_year):
        if moment.hour > NOON * 2 or moment.minute >= HOUR:
            continue
        if _kind(tokens, end) is Kind.HALF and moment.half is None:
            yield replace(moment, half=tokens[end].number), end + 1
        yield moment, end


def _bare_moments(
    tokens: tuple[Token, ...], at: int, own: int, this_year: int
) -> Iterator[tuple[Moment, int]]:
    match _kinds(tokens, at, 3):
        case (Kind.BEFORE_HOUR, Kind.NUMBER, *_):
            minutes = tokens[at + 1].number * HOUR + tokens[at].number
            yield Moment(*divmod(minutes, HOUR)), at + 2
        case (Kind.NUMBER, *_):
            yield from _numbered(tokens, at, this_year)
        case (Kind.NOON, *_):
            yield Moment(NOON, is_exact=True), at + 1
        case (Kind.SAME_TIME, *_):
            yield Moment(*divmod(own, HOUR), is_exact=True), at + 1


def _numbered(tokens: tuple[Token, ...], at: int, this_year: int) -> Iterator[tuple[Moment, int]]:
    """Times that begin with a number."""
    first = tokens[at]
    digits, kinds = len(first.text), _kinds(tokens, at + 1, 2)
    is_exact = first.text.startswith("0") or first.number > NOON
    if digits > 2:  # 430, 1600
        if digits <= 4 and first.number not in (this_year, this_year + 1):
            is_exact = first.text.startswith("0") or first.number >= (NOON + 1) * 100
            hour, minute = divmod(first.number, 100)
            yield from _with_mark(tokens, Moment(hour, minute, is_exact=is_exact), at + 1)
        return
    if kinds == [Kind.NUMBER, Kind.HALF] and len(tokens[at + 1].text) == 2:  # 4 30 pm
        yield Moment(first.number, tokens[at + 1].number), at + 2
    if len(kinds) == 2 and kinds[1] is Kind.NUMBER and _parts_minutes(tokens[at + 1]):
        second = tokens[at + 2]
        if len(second.text) == 2:  # 4:30, 16h30
            moment = Moment(first.number, second.number, is_exact=is_exact)
            yield from _with_mark(tokens, moment, at + 3)
    if first.number == NOON and kinds[:1] == [Kind.NOON]:
        yield Moment(NOON, is_exact=True), at + 2
    if first.number:
        yield from _with_mark(tokens, Moment(first.number, is_exact=is_exact), at + 1)


def _with_mark(tokens: tuple[Token, ...], moment: Moment, end: int) -> Iterator[tuple[Moment, int]]:
    """The time, also with what may follow an hour."""
    if _kind(tokens, end) is Kind.AFTER_HOUR:
        added = tokens[end].number
        yield replace(moment, minute=moment.minute + added), end + 1
    yield moment, end


def _likely(times: tuple[int, ...], *, is_open: bool) -> tuple[int, ...]:
    """Those by day, if nothing says which half of it is meant."""
    return tuple(one for one in times if EARLIEST <= one <= LATEST) if is_open else times


def _ends(last: Moment) -> tuple[int, ...]:
    """Ends that a time can be; one at midnight closes the day."""
    return tuple(one or NOON * 2 * HOUR for one in last.possible())


def _in_half(moment: Moment, half: int | None) -> Moment:
    """The time in a half of the day that was said beside it."""
    return replace(moment, half=half) if moment.is_open else moment


def is_range_sign(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a token stands between a start and an end."""
    kind = _kind(tokens, at)
    return kind is Kind.UNTIL or (kind is Kind.SIGN and tokens[at].text == "-")


def _parts_minutes(token: Token) -> bool:
    """Whether this stands between hours and minutes."""
    return token.kind is Kind.AFTER_HOUR or (token.kind is Kind.SIGN and token.text in ":.")


def _kind(tokens: tuple[Token, ...], at: int) -> Kind | None:
    return tokens[at].kind if at < len(tokens) else None


def _kinds(tokens: tuple[Token, ...], at: int, count: int) -> list[Kind]:
    return [token.kind for token in tokens[at : at + count]]
