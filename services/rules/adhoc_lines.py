"""Extra sessions as tutors type them: "20/11 15:00 90 exam revision" (SPEC 7). Pure.

    line   = moment [length] topic
    moment = day clock | clock day         as in `typed_days` and `typed_clock`, but of the past
    length = 90 | 90 min | 1.5 h | 1h30    not where the clock is a range, such as 15:00-16:30

The words of a language are passed in. What is not clear is a fault of the line, never guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.rules.adhoc import Fault, fault_of_length, fault_of_topic
from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.scheduling import read_length
from services.rules.typed_clock import HOUR
from services.rules.typed_past import PastMoment, moments
from services.rules.typed_words import Kind, Vocabulary, tokens_of

MOST_CHARACTERS = 200
"""Length of the longest line that is read."""
MOST_WORDS = 9
"""Words of the longest day and time."""
MINUTE = timedelta(minutes=1)
DAY = 24 * HOUR

_MARK = re.compile(r"^(?:[-*•–]|\d{1,2}\))\s+")
"""What people put before the lines of a list."""
_SEPARATORS = " \t,;:–—-."
_OF_TIMES = frozenset(Kind) - {Kind.UNKNOWN, Kind.UNTIL}
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class LineWords:
    """Words of a language in such lines."""

    vocabulary: Vocabulary
    minutes: frozenset[str]
    """Units that stand after a number of minutes."""
    hours: frozenset[str]
    joins: frozenset[str]
    """What stands between two sessions on a line."""


@dataclass(frozen=True)
class PastFrame:
    """What the lines are reckoned from."""

    now: datetime
    zone: ZoneInfo
    """The reader's."""

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


FIRST_YEAR = 2000
"""No session was held before it: a year below is a slip of the hand."""


@dataclass(frozen=True)
class TypedLine:
    """A line as it was typed, and as much of it as could be read."""

    text: str
    starts_at: datetime | None = None
    minutes: int | None = None
    topic: str = ""
    fault: Fault | None = None


def read_lines(text: str, frame: PastFrame, words: LineWords) -> list[TypedLine]:
    """Read each line of a text that is not empty; of a line with several sessions each of them."""
    lines = (line for line in text.splitlines() if line.strip())
    return [read_line(part, frame, words) for line in lines for part in _parts(line, frame, words)]


def _parts(line: str, frame: PastFrame, words: LineWords) -> list[str]:
    """A line, divided where another day and time follow a session with its length."""
    joins = _either(words.joins)
    between = rf"\s*[,;&+]\s*(?:(?:{joins})\s+)*|\s+(?:(?:{joins})\s+)+"
    for found in re.finditer(between, line, re.IGNORECASE):
        head, rest = line[: found.start()], line[found.end() :]
        if not _begins_one(rest, frame, words, is_apart=";" in found[0]):
            continue
        if read_line(head, frame, words).minutes is not None:
            return [head, *_parts(rest, frame, words)]
    return [line]


def _begins_one(text: str, frame: PastFrame, words: LineWords, *, is_apart: bool) -> bool:
    """Whether a text begins with a day and time; after a semicolon (`is_apart`) also with one that
    there is not.
    """
    if read_line(text, frame, words).starts_at is not None:
        return True
    kinds = {token.kind for token in tokens_of(text, words.vocabulary)}
    return is_apart and kinds >= {Kind.WEEKDAY, Kind.NUMBER}


def read_line(line: str, frame: PastFrame, words: LineWords) -> TypedLine:
    """Read one line: the reading without a fault, else the one that says most."""
    text = _SPACES.sub(" ", _MARK.sub("", line.strip()))
    text = re.sub(rf"^(?:(?:{_either(words.joins)})\s)+", "", text, flags=re.IGNORECASE)
    found = TypedLine(text[:MOST_CHARACTERS], fault=Fault.UNREADABLE)
    if len(text) > MOST_CHARACTERS:
        return found
    for reading in _readings(text, frame, words):
        if reading.fault is None:
            return reading
        if found.fault is Fault.UNREADABLE and not _is_half_read(reading, words):
            found = reading
    return found


def amended(before: TypedLine, typed: TypedLine) -> TypedLine:
    """A line after something was typed in its place: a whole line, or a part of one, such as the
    topic, the length, or the day and time; the other parts stay.
    """
    text = f"{before.text} {typed.text}"[:MOST_CHARACTERS]
    if typed.fault is Fault.UNREADABLE and before.starts_at is not None:
        minutes = read_length(typed.text) if before.fault is Fault.LENGTH_MISSING else None
        topic = before.topic if minutes is not None else typed.text
        minutes = minutes if minutes is not None else before.minutes
        return _checked(replace(before, text=text, minutes=minutes, topic=topic))
    if typed.fault not in (Fault.TOPIC_MISSING, Fault.LENGTH_MISSING):
        return typed
    minutes = typed.minutes if typed.minutes is not None else before.minutes
    return _checked(replace(typed, text=text, minutes=minutes, topic=typed.topic or before.topic))


def _checked(line: TypedLine) -> TypedLine:
    """The line, with what is wrong with its length or its topic."""
    if line.minutes is None:
        return replace(line, fault=Fault.LENGTH_MISSING)
    return replace(line, fault=fault_of_length(line.minutes) or fault_of_topic(line.topic))


def _is_half_read(line: TypedLine, words: LineWords) -> bool:
    """Whether what should be a topic begins with more of a day or time, or with another number."""
    tokens = tokens_of(line.topic, words.vocabulary)
    return line.fault is Fault.LENGTH_MISSING and bool(tokens) and tokens[0].kind in _OF_TIMES


def _readings(text: str, frame: PastFrame, words: LineWords) -> Iterator[TypedLine]:
    """Every way to read a line, those with the longest day and time first."""
    pieces = text.split(" ")
    for length in range(min(MOST_WORDS, len(pieces)), 0, -1):
        head, rest = " ".join(pieces[:length]), " ".join(pieces[length:])
        for moment in moments(tokens_of(head, words.vocabulary), frame.today):
            yield _reading(TypedLine(text), moment, rest.strip(_SEPARATORS), frame, words)


def _reading(
    line: TypedLine, moment: PastMoment, rest: str, frame: PastFrame, words: LineWords
) -> TypedLine:
    """The line with this day and time, and what follows them."""
    starts, fault = _start(moment, frame)
    line = replace(line, starts_at=starts, fault=fault)
    if moment.clock.last is not None:
        minutes, topic = _length_of_range(moment, starts, frame), rest
    else:
        minutes, topic = read_length_first(rest, words)
    line = replace(line, minutes=minutes, topic=topic)
    if line.fault is not None:
        return line
    if minutes is None:
        return replace(line, topic=rest, fault=Fault.LENGTH_MISSING)
    return replace(line, fault=fault_of_length(minutes) or fault_of_topic(line.topic))


def _start(moment: PastMoment, frame: PastFrame) -> tuple[datetime | None, Fault | None]:
    """The instant of a typed start, in UTC. Of one that comes twice it is the first."""
    if moment.short_month is not None or moment.day.year < FIRST_YEAR:
        return None, Fault.NO_SUCH_DAY if moment.short_month else Fault.UNREADABLE
    midnight = datetime.combine(moment.day, time())
    local = [midnight + timedelta(minutes=one) for one in moment.clock.starts(moment.half)]
    if len(local) > 1:  # the half that is over is meant, if only one of them is
        over = frame.now.astimezone(frame.zone).replace(tzinfo=None)
        local = [one for one in local if one < over] or local
    if not local:
        return None, Fault.UNREADABLE
    if len(local) > 1:
        return None, Fault.HALF_OPEN
    try:
        return instant_of(local[0], frame.zone), None
    except NonexistentTimeError:
        return None, Fault.TIME_SKIPPED
    except AmbiguousTimeError:
        return both_instants(local[0], frame.zone)[0], Fault.TIME_TWICE


def both_instants(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The two instants, in UTC, at which clocks show a time that comes twice."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _length_of_range(
    moment: PastMoment, starts_at: datetime | None, frame: PastFrame
) -> int | None:
    """Elapsed minutes of a range, also where the clocks change in it."""
    if starts_at is None:
        return None
    midnight = datetime.combine(moment.day, time())
    start = starts_at.astimezone(frame.zone).replace(tzinfo=None)
    began = (start - midnight) // MINUTE
    ends = [end for begin, end in moment.clock.spans(moment.half) if begin == began]
    if not ends:
        return None
    end = (midnight + timedelta(minutes=ends[0])).replace(tzinfo=frame.zone).astimezone(UTC)
    return (end - starts_at) // MINUTE


def read_length_first(text: str, words: LineWords) -> tuple[int | None, str]:
    """Minutes that a text begins with, and what follows; None where it begins with none."""
    hour, minute = _either(words.hours), _either(words.minutes)
    patterns = (
        (rf"(\d{{1,2}})\s*(?:{hour})\s*(\d{{1,2}})\s*(?:{minute})(?![^\W_])", _both),
        (rf"(\d{{1,2}})(?:{hour})(\d{{1,2}})(?!\w)", _both),
        (rf"(\d{{1,2}}(?:[.,]\d{{1,2}})?)\s*(?:{hour})(?![^\W_])", _hours),
        (r"(\d{1,2}):(\d{2})(?!\w)", _both),
        (rf"(\d{{1,3}})\s*(?:{minute})(?![^\W_])", _minutes),
        (r"(\d{1,3})(?!\w|[:/]\d)", _minutes),
    )
    for pattern, meaning in patterns:
        if found := re.match(pattern, text, re.IGNORECASE):
            return meaning(found), text[found.end() :].strip(_SEPARATORS)
    return None, text


def _both(found: re.Match[str]) -> int:
    return int(found[1]) * HOUR + int(found[2])


def _hours(found: re.Match[str]) -> int:
    return round(float(found[1].replace(",", ".")) * HOUR)


def _minutes(found: re.Match[str]) -> int:
    return int(found[1])


def _either(words: frozenset[str]) -> str:
    """Pattern for one of the words, longer ones first."""
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))
