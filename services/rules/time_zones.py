"""Time zones by name. Local times in them: `services.rules.local_times`."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

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


def zone_of_city(name: str) -> str | None:
    """Zone of a city that has one named after it, as people type it: "london", "New York"."""
    return _zones_by_city().get(" ".join(name.casefold().split()))


@cache
def _zones_by_city() -> dict[str, str]:
    known = sorted(key for key in available_timezones() if key.startswith(CONTINENTS))
    return {key.rpartition("/")[2].replace("_", " ").casefold(): key for key in known}
