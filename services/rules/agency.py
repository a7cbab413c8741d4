"""The agency: its name and its time zone (SPEC 1)."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Agency:
    """Agency that runs the sessions; "today" and "same day" mean days in its time zone."""

    name: str
    zone: ZoneInfo
