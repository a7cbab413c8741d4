"""The agency: its name and its time zone (SPEC 1)."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Agency:
    """Whose sessions these are; "today" and "same day" are reckoned in its zone."""

    name: str
    zone: ZoneInfo
