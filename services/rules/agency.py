"""The agency: its name, its time zone (SPEC 1), and how long it keeps what is over (SPEC 11)."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.rules.money import Currency


@dataclass(frozen=True)
class Agency:
    """Agency that runs the sessions; "today" and "same day" mean days in its time zone."""

    name: str
    zone: ZoneInfo
    keeps: timedelta = timedelta(days=30)
    """How long raw updates, sent messages, spent tokens and links are kept (`RETENTION_DAYS`)."""
    currency: Currency | None = None
    """Currency of prices and pay; None: only sessions and hours are counted (SPEC 7)."""
