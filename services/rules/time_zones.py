"""Time zones by name. Local times in them: `services.rules.local_times`."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from services.rules.big_cities import ZONE_OF

NEAR = 0.85
"""How alike names are at least, of 1: one letter in six or so may be wrong."""
EXACTLY = 1.0
PERHAPS = 0.6
"""How alike names are at least that are asked about: two letters in six may be wrong."""
READINGS = 3
"""Most places that are asked about."""
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


@dataclass(frozen=True)
class Place:
    """A place that somebody may mean, and its zone."""

    name: str
    """Empty for the city after which the zone is named."""
    zone: str


@dataclass(frozen=True)
class Places:
    """What a name can mean, the nearest first; each has another zone."""

    found: tuple[Place, ...]
    is_clear: bool
    """Whether the first is called so, or nearly so, and no other is."""


def places_called(name: str) -> Places:
    """Places of this name, for somebody who is asked where they are."""
    typed, known = " ".join(name.casefold().split()), _places()
    for nearness in (EXACTLY, NEAR, PERHAPS):
        names = get_close_matches(typed, known, READINGS, nearness)
        by_zone: dict[str, Place] = {}
        for one in names:
            by_zone.setdefault(known[one].zone, known[one])
        if by_zone:
            is_clear = nearness >= NEAR and len(by_zone) == 1
            return Places(tuple(by_zone.values()), is_clear)
    return Places((), is_clear=False)


@cache
def _places() -> dict[str, Place]:
    others = {name.casefold(): Place(name, zone) for name, zone in ZONE_OF.items()}
    return others | {city: Place("", zone) for city, zone in _zones_by_city().items()}


@cache
def _zones_by_city() -> dict[str, str]:
    known = sorted(key for key in available_timezones() if key.startswith(CONTINENTS))
    return {key.rpartition("/")[2].replace("_", " ").casefold(): key for key in known}
