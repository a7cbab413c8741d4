"""Start of a session as people type it: "thu 4pm", "4pm tmr", "26/11 16:00" (SPEC 6; UX 10, 19).

Pure. `services.rules.typed_days` and `typed_clock` have the grammar of a day and of a time; here
they are put together in any order, and reckoned into instants. What was not understood is left
out, and then what is left is only asked about.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.typed_clock import HOUR, Clock, clocks
from services.rules.typed_days import A_DAY, FURTHEST, WEEK, Calendar, Day, Doubt
from services.rules.typed_words import Kind, Token, Vocabulary, corrected, tokens_of

MOST_CHARACTERS = 100
"""Length of the longest text that is read."""
MOST_TOKENS = 16
"""Words and numbers of the longest text that is read."""
MOST_READINGS = 6
ROUNDED_TO = timedelta(minutes=5)
"""A time that is counted from now is rounded up to these."""


@dataclass(frozen=True)
class Frame:
    """What a typed time is reckoned from: now, the session, and the day that was chosen."""

    now: datetime
    zone: ZoneInfo
    """The reader's."""
    starts_at: datetime
    """When the session starts now."""
    chosen_day: date | None = None
    """The day of which a time was asked; None: the session's own."""
    chosen: datetime | None = None
    """The time that was chosen before: "an hour later" is later than that."""

    @property
    def local_now(self) -> datetime:
        """Clock time of now, a naive one."""
        return self.now.astimezone(self.zone).replace(tzinfo=None)

    @property
    def local_start(self) -> datetime:
        """Clock time of the session's start, a naive one."""
        return self.starts_at.astimezone(self.zone).replace(tzinfo=None)

    @property
    def day(self) -> date:
        """The day of a time alone."""
        return self.chosen_day or self.local_start.date()


@dataclass(frozen=True)
class TypedSlot:
    """What a typed text can mean; without a doubt it has one start."""

    starts: tuple[datetime, ...] = ()
    """In order, in UTC; empty where no time was typed."""
    doubt: Doubt | None = None
    days: tuple[date, ...] = ()
    """The days that can be meant, in order."""
    is_range: bool = False
    """Whether an end was typed, too; a session that is moved keeps its length."""
    minutes: int | None = None
    """The length that was typed with an end; None where it is not clear."""
    is_whole: bool = False
    """Whether every word of the text is part of a day or time."""
    is_over: bool = False
    """Whether a day was typed that is over; the days are those to come in its place."""
    short_month: date | None = None
    """Last day of a month that does not have the day that was typed; the days are the nearest."""
    is_broken: bool = False
    """Whether it has nothing but words and numbers of a time, and yet is none: "tue 25:00"."""


@dataclass(frozen=True)
class _Parts:
    """Parts of a text found so far."""

    day: Day | None = None
    clock: Clock | None = None
    half: int | None = None
    loose: int = 0
    """Halves of the day and dashes that stand by themselves."""
    skipped: int = 0

    @property
    def is_empty(self) -> bool:
        return self.day is None and self.clock is None

    @property
    def lacks(self) -> tuple[int, bool, bool]:
        """What it wants: the better of two readings wants less."""
        return self.skipped, self.clock is None, self.day is None


def read_typed_slot(text: str, frame: Frame, vocabulary: Vocabulary) -> TypedSlot:
    """Read a typed day and time, or a time alone, as nearly as it can be (SPEC 6)."""
    tokens = tokens_of(text[: MOST_CHARACTERS + 1], vocabulary)
    if len(text) > MOST_CHARACTERS or not 0 < len(tokens) <= MOST_TOKENS:
        return TypedSlot(doubt=Doubt.NOTHING)
    if moved := _moved(tokens, frame) or _from_now(tokens, frame):
        return moved
    tokens = tuple(one for one in tokens if one.kind is not Kind.FROM_NOW)  # as in "in 2 days"
    known = corrected(tokens, vocabulary)
    for candidate in dict.fromkeys([tokens, known]):
        if found := _whole(candidate, frame):
            doubt = None if candidate == tokens else Doubt.NEAREST
            is_whole = candidate == tokens or found.clock is not None
            return replace(_reckoned(found, frame, doubt), is_whole=is_whole)
    if either := _alternatives(known, frame):
        return replace(either, is_whole=known == tokens or bool(either.starts))
    return replace(_nearest(known, frame), is_broken=_is_broken(known))


def _is_broken(tokens: tuple[Token, ...]) -> bool:
    """Whether tokens that make no time are all of such as times have, with a number."""
    kinds = {token.kind for token in tokens}
    return Kind.NUMBER in kinds and Kind.UNKNOWN not in kinds


def _nearest(tokens: tuple[Token, ...], frame: Frame) -> TypedSlot:
    """All that tokens can mean of which something is left out."""
    readings = list(_parts_of(tokens, frame, 0, _Parts(), is_loose=True))
    least = min(one.lacks for one in readings)
    first, *others = (one for one in dict.fromkeys(readings) if one.lacks == least)
    if first.is_empty:
        return TypedSlot(doubt=Doubt.NOTHING)
    if first.clock is None:
        return _reckoned(first, frame, Doubt.NEAREST)
    nearest = [first, *(one for one in others if one.day == first.day or one.clock == first.clock)]
    return _any_of(nearest, frame)


def _alternatives(tokens: tuple[Token, ...], frame: Frame) -> TypedSlot | None:
    """All that is said with "or" between, "4 or 5pm", "tue or wed 4pm"; None for other texts.

    What one of them lacks it has from those beside it: a day rather from the one before it, and a
    time rather from the one after it.
    """
    ends = [at for at, one in enumerate(tokens) if one.kind is Kind.OR]
    spans = pairwise((-1, *ends, len(tokens)))
    said = [one for first, end in spans if (one := _whole(tokens[first + 1 : end], frame))]
    if not ends or len(said) <= len(ends):
        return None
    each = []
    for at, one in enumerate(said):
        before, after = said[:at][::-1], said[at + 1 :]
        dated = next((other for other in (one, *before, *after) if other.day), one)
        timed = next((other for other in (one, *after, *before) if other.clock), one)
        each.append(_Parts(dated.day, timed.clock, one.half or timed.half))
    return _any_of(each, frame)


def _any_of(readings: list[_Parts], frame: Frame) -> TypedSlot:
    """All that readings can mean of which each is as near as the others."""
    slots = [_reckoned(one, frame, Doubt.NEAREST) for one in readings]
    starts = _likely(sorted({start for one in slots for start in one.starts}), frame)
    days = sorted({day for one in slots for day in one.days})
    return replace(slots[0], starts=tuple(starts[:MOST_READINGS]), days=tuple(days))


def _moved(tokens: tuple[Token, ...], frame: Frame) -> TypedSlot | None:
    """The session's own time, or the one that was chosen, moved by a length, "an hour later"; None
    for any other text.
    """
    match sorted(tokens, key=lambda one: one.kind is Kind.LATER):
        case [count, unit, Token(Kind.LATER, sign)] if length := _length(count, unit):
            by = sign * length
        case _:
            return None
    if abs(by) >= timedelta(days=1):
        start = frame.local_start + by
    elif frame.chosen is not None:
        start = frame.chosen.astimezone(frame.zone).replace(tzinfo=None) + by
    else:
        start = datetime.combine(frame.day, frame.local_start.time()) + by
    starts, changed = _instants([start], frame.zone)
    doubt = Doubt.PASSED if starts[0] <= frame.now else changed
    if doubt is Doubt.PASSED:
        starts = _later(starts, frame)
    return TypedSlot(tuple(sorted(starts)), doubt, (start.date(),), is_whole=True)


def _from_now(tokens: tuple[Token, ...], frame: Frame) -> TypedSlot | None:
    """The time a length from now, "in 2 hours"; None for any other text, days included."""
    match tokens:
        case (Token(Kind.FROM_NOW), count, unit) if unit.number < A_DAY:
            length = _length(count, unit)
        case _:
            return None
    if not length:
        return None
    start = (frame.now + length).astimezone(UTC)
    start += (datetime.min.replace(tzinfo=UTC) - start) % ROUNDED_TO
    return TypedSlot((start,), days=(start.astimezone(frame.zone).date(),), is_whole=True)


def _length(count: Token, unit: Token) -> timedelta | None:
    """What "2 hours" or "2 h" lasts; None where it is no length, or one of more than a year."""
    is_unit = unit.kind is Kind.UNIT or (unit.kind is Kind.AFTER_HOUR and not unit.number)
    minutes = count.number * (unit.number or HOUR)
    if count.kind is not Kind.NUMBER or not is_unit or minutes > FURTHEST:
        return None
    return timedelta(minutes=minutes)


def _whole(tokens: tuple[Token, ...], frame: Frame) -> _Parts | None:
    """The best reading of all tokens: one that has a time, else a day; of several the one in which
    the least stands by itself, and of these the first.
    """
    found = [
        one for one in _parts_of(tokens, frame, 0, _Parts(), is_loose=False) if not one.is_empty
    ]
    return min(found, key=lambda one: (one.clock is None, one.loose), default=None)


def _parts_of(
    tokens: tuple[Token, ...], frame: Frame, at: int, found: _Parts, *, is_loose: bool
) -> Iterator[_Parts]:
    """Every way to read the tokens from a place on, likelier ones first."""
    if at == len(tokens):
        yield found
        return
    for more, end in _next_parts(tokens, frame, at, found, is_loose=is_loose):
        yield from _parts_of(tokens, frame, end, more, is_loose=is_loose)


def _next_parts(
    tokens: tuple[Token, ...], frame: Frame, at: int, found: _Parts, *, is_loose: bool
) -> Iterator[tuple[_Parts, int]]:
    today, own = frame.local_now.date(), frame.local_start
    if found.day is None:
        for day, end in Calendar(today, own.date()).days(tokens, at, is_loose=is_loose):
            yield replace(found, day=day), end
    if found.clock is None:
        for clock, end in clocks(tokens, at, own.hour * HOUR + own.minute, today.year):
            yield replace(found, clock=clock), end
    token = tokens[at]
    if token.kind is Kind.HALF and found.half in (None, token.number):
        yield replace(found, half=token.number, loose=found.loose + 1), at + 1
    elif token.kind is Kind.SIGN and token.text == "-" and 0 < at < len(tokens) - 1:
        yield replace(found, loose=found.loose + 1), at + 1
    elif is_loose:
        yield replace(found, skipped=found.skipped + 1), at + 1


# ------------------------------------------------------------------------------ into instants


def _reckoned(found: _Parts, frame: Frame, doubt: Doubt | None) -> TypedSlot:
    """The instants that a reading can mean, and the greatest doubt about them."""
    day = found.day or Day((frame.day,))
    days = tuple(sorted(dict.fromkeys(day.dates)))
    times = found.clock.starts(found.half) if found.clock else ()
    if found.clock is None or not times:
        return replace(_of_days(days, frame), short_month=day.short_month)
    local = [
        _to_come(datetime.combine(one, time(*divmod(at, HOUR))), day, frame)
        for one in day.dates
        for at in times
    ]
    starts, changed = _instants(local, frame.zone)
    if starts == [frame.starts_at] and day.week_after is not None:
        return _reckoned(replace(found, day=Day((day.week_after,))), frame, doubt)
    starts = _likely(starts, frame)
    doubts = [doubt, day.doubt, changed]
    doubts.append(Doubt.NEAREST if found.clock.is_odd else None)
    if all(start <= frame.now for start in starts):
        starts = _later(starts, frame)
        doubts.append(Doubt.PASSED)
    if len(times) > 1 and len(starts) > 1:
        doubts.append(Doubt.HALF)
    return TypedSlot(
        tuple(sorted(starts)[:MOST_READINGS]),
        max((one for one in doubts if one is not None), default=None),
        days,
        is_range=found.clock.last is not None,
        minutes=found.clock.minutes(found.half),
        short_month=day.short_month,
    )


def _of_days(days: tuple[date, ...], frame: Frame) -> TypedSlot:
    """Days without a time; if they are over, today and the same weekday to come."""
    today = frame.local_now.date()
    if days and max(days) < today:
        same = max(days)
        to_come = same + timedelta(days=-(-(today - same).days // WEEK) * WEEK)
        days = tuple(sorted({today, to_come}))
        return TypedSlot(doubt=Doubt.NO_TIME, days=days, is_over=True)
    return TypedSlot(doubt=Doubt.NO_TIME, days=days)


def _to_come(local: datetime, day: Day, frame: Frame) -> datetime:
    """The time; if it is of any such weekday, the next one to come."""
    if day.is_weekly and local <= frame.local_now:
        return local + timedelta(days=WEEK)
    return local


def _instants(local: Iterable[datetime], zone: ZoneInfo) -> tuple[list[datetime], Doubt | None]:
    """Instants of local times, and whether the clocks change then.

    A time that they skip becomes the two beside it, one that they show twice the two that it is.
    """
    starts: dict[datetime, None] = {}
    doubt = None
    for one in local:
        try:
            starts[instant_of(one, zone)] = None
        except (NonexistentTimeError, AmbiguousTimeError) as error:
            both = sorted(one.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
            starts.update(dict.fromkeys(both))
            doubt = Doubt.TWICE if isinstance(error, AmbiguousTimeError) else Doubt.SKIPPED
    return list(starts), doubt


def _likely(starts: list[datetime], frame: Frame) -> list[datetime]:
    """Those that are to come and not the session's own, if there are such."""
    to_come = [start for start in starts if start > frame.now]
    other = [start for start in to_come if start != frame.starts_at]
    return other or to_come or starts


def _later(starts: list[datetime], frame: Frame) -> list[datetime]:
    """The same times on the next day on which they are to come, and a week after their own."""
    later: dict[datetime, None] = {}
    for start in starts:
        local = start.astimezone(frame.zone).replace(tzinfo=None)
        for days in (1, WEEK):
            behind = max(timedelta(), frame.local_now - local)
            ahead = timedelta(days=-(-behind // timedelta(days=days)) * days or days)
            later.update(dict.fromkeys(_instants([local + ahead], frame.zone)[0]))
    return [start for start in later if start > frame.now]
