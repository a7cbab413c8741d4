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


_MINUTE_UNIT, _HOUR_UNIT = "(?:m|min|mins|minutes)", "(?:h|hr|hrs|hour|hours)"
_AT_THE_END = re.compile(
    rf"(.+?)[\s,]+(?:for\s)?(\d{{1,3}}\s?{_MINUTE_UNIT}|"
    rf"\d(?:[.,]\d{{1,2}})?\s?{_HOUR_UNIT}|\d\s?{_HOUR_UNIT}\s?\d{{1,2}}\s?{_MINUTE_UNIT}?)",
    re.IGNORECASE,
)
"""A length with its unit at the end of a text."""


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


def split_length(typed: str) -> tuple[str, int | None]:
    """A text without the length at its end, "sat 3pm 90 min", and that in minutes; None without
    one. A number by itself is none.
    """
    found = _AT_THE_END.fullmatch(" ".join(typed.split()))
    minutes = read_length(found[2]) if found else None
    return (typed, None) if found is None or minutes is None else (found[1].rstrip(" ,"), minutes)


def like_yesterday(habit: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    """Yesterday at the time of day of a known session: where times that are offered begin."""
    at = habit.astimezone(zone).time() if habit else USUAL_TIME
    day = now.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, at, tzinfo=zone)
