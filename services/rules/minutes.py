"""Instants as whole minutes since 1970 UTC: what a button or an address holds of them. Pure."""

from datetime import UTC, datetime

SECONDS = 60


def minute_of(at: datetime) -> int:
    """The minute in which an instant is."""
    return int(at.timestamp()) // SECONDS


def instant_of(minute: int) -> datetime:
    """The instant at which a minute begins."""
    return datetime.fromtimestamp(minute * SECONDS, UTC)
