"""Readers for tests: in Singapore on Wednesday 25 November 2026, 15:00, unless said otherwise."""

from datetime import datetime
from zoneinfo import ZoneInfo

from locales.reader import Reader
from tests.builders import NOW, ZONE


def reader(language: str = "en", zone: str | None = None, now: datetime = NOW) -> Reader:
    return Reader(language, ZoneInfo(zone) if zone else ZONE, ZONE, now)


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    """A time in the agency's zone."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)
