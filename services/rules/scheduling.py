"""One more session: what it can be (SPEC 2). Pure; lengths in minutes."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.enums import Kind
from services.rules.refusals.sessions import LengthNotPossible, StaleButton
from services.rules.refusals.typed import TextTooLong

HOUR = 60
SHORTEST, LONGEST = 15, 480
USUAL_LENGTH = 60
"""Length where neither tutor nor student has had a session."""
LENGTHS = (45, 60, 90, 120)
"""Lengths that are offered as buttons."""
USUAL_TIME = time(16)
KINDS = (Kind.REGULAR, Kind.TRIAL)
"""Kinds that a coordinator schedules; an ad-hoc session is logged by its tutor (SPEC 7)."""
SUBJECT_LIMIT = 60
"""The longest subject, in characters: it has to fit on a card's first line."""

_MINUTES = re.compile(r"(\d{1,3})(?:m|min|mins|minutes)?")
_HOURS = re.compile(r"(\d)(?:[.,](\d{1,2}))?(?:h|hr|hrs|hour|hours)")
_BOTH = re.compile(r"(\d)(?:h|hr|hour|hours|:)(\d{1,2})(?:m|min|mins|minutes)?")


def require_length(minutes: int) -> timedelta:
    """Length of a session, if it is between a quarter of an hour and eight hours.

    Refused: LengthNotPossible.
    """
    if not SHORTEST <= minutes <= LONGEST:
        raise LengthNotPossible(shortest=SHORTEST, longest=LONGEST)
    return timedelta(minutes=minutes)


def require_kind(kind: Kind) -> None:
    """Check that a coordinator can schedule this kind. Refused: StaleButton."""
    if kind not in KINDS:
        raise StaleButton


def require_subject(subject: str) -> str:
    """Subject in one line. Refused: StaleButton where there is none, TextTooLong."""
    line = " ".join(subject.split())
    if not line:
        raise StaleButton
    if len(line) > SUBJECT_LIMIT:
        raise TextTooLong(limit=SUBJECT_LIMIT)
    return line


def read_length(typed: str) -> int | None:
    """Minutes that somebody typed: "90", "90 min", "1.5 h", "1h30", "1:30"; None if unreadable."""
    text = "".join(typed.lower().split())
    if found := _BOTH.fullmatch(text):
        return int(found[1]) * HOUR + int(found[2])
    if found := _HOURS.fullmatch(text):
        return round(float(f"{found[1]}.{found[2] or 0}") * HOUR)
    if found := _MINUTES.fullmatch(text):
        return int(found[1])
    return None


def like_yesterday(habit: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    """Yesterday at the time of day of a known session: where times that are offered begin."""
    at = habit.astimezone(zone).time() if habit else USUAL_TIME
    day = now.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, at, tzinfo=zone)
