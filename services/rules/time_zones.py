"""Time zones by name. Local times in them: `services.rules.local_times`."""

from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

NEAR = 0.85
"""How alike names are at least, of 1: one letter in six or so may be wrong."""
EXACTLY = 1.0
CONTINENTS = (
    *("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/"),
    *("Australia/", "Europe/", "Indian/", "Pacific/"),
)


def zone_named(name: str) -> ZoneInfo:
    """Zone with a name such as `Asia/Singapore`. Raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no such time zone") from error


def zone_of_city(name: str, nearness: float = NEAR) -> str | None:
    """Zone of a city that has one named after it, as people type it: "london", "New York"; where
    none is called so, of the one whose name is nearest: "londn".

    `nearness`: how alike the names are at least.
    """
    typed, cities = " ".join(name.casefold().split()), _zones_by_city()
    found = get_close_matches(typed, cities, 1, nearness)
    return cities[found[0]] if found else None


@cache
def _zones_by_city() -> dict[str, str]:
    known = sorted(key for key in available_timezones() if key.startswith(CONTINENTS))
    return {key.rpartition("/")[2].replace("_", " ").casefold(): key for key in known}
