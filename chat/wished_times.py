"""Times that a text names for a session, in the words of its writer (SPEC 6; UX 19)."""

from collections.abc import Collection
from datetime import date, datetime

from locales.reader import Reader
from locales.typed_words import vocabulary_of
from models import Appointment
from services.db import Session
from services.queries.possible_times import PossibleTimes, possible_times
from services.rules.typed_days import Doubt
from services.rules.typed_slots import Frame, TypedSlot, read_typed_slot
from services.rules.typed_words import Kind, tokens_of

SHORT = 60
"""The most characters of a text that names a time among other words."""
_NAMES_TIME = frozenset({Kind.WEEKDAY, Kind.MONTH, Kind.NEXT_WEEK, Kind.HALF, Kind.NOON})
"""What nobody types who speaks of a page or of a mark; "today" is said of anything."""


def times_named(
    reader: Reader,
    appointment: Appointment,
    text: str,
    day: date | None = None,
    start: datetime | None = None,
) -> TypedSlot:
    """What a text can mean as a time for the session. `day`, `start`: those chosen before."""
    frame = Frame(reader.now, reader.zone, appointment.starts_at, day, start)
    return read_typed_slot(text, frame, vocabulary_of(reader.language))


def those_possible(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    slot: TypedSlot,
    away: Collection[date] = (),
) -> PossibleTimes:
    """Those of the times that can be had."""
    zones = (reader.zone, reader.agency_zone)
    return possible_times(session, appointment, slot, reader.now, *zones, away=away)


def may_name_time(reader: Reader, text: str) -> bool:
    """Whether a text has a word of a day or a number."""
    kinds = {token.kind for token in tokens_of(text[:SHORT], vocabulary_of(reader.language))}
    return not kinds.isdisjoint({*_NAMES_TIME, Kind.DAYS_AHEAD, Kind.NUMBER})


def wishes_for_time(reader: Reader, appointment: Appointment, text: str) -> bool:
    """Whether somebody who answers a request with this text wishes for another time."""
    slot = times_named(reader, appointment, text)
    if slot.doubt is Doubt.NOTHING or slot.is_whole:
        return slot.is_whole
    kinds = {token.kind for token in tokens_of(text, vocabulary_of(reader.language))}
    return len(text) <= SHORT and not kinds.isdisjoint(_NAMES_TIME)
