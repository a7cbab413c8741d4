"""Public holidays of a country: coordinators choose those that the agency keeps (SPEC 7)."""

from datetime import date
from functools import lru_cache

from services.closures.holidays import Day


@lru_cache(1)
def countries() -> tuple[str, ...]:
    """Codes of the countries whose holidays are known, ISO 3166-1 alpha-2."""
    import holidays  # noqa: PLC0415 - seldom needed, and slow to import

    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def public_holidays(country: str, first: date, last: date) -> list[Day]:
    """Public holidays of a country from `first` to `last`, both included; none for an unknown one.

    In English where the library has it, else in the country's own language.
    """
    if country not in countries():
        return []
    import holidays  # noqa: PLC0415 - as above

    years = range(first.year, last.year + 1)
    known = holidays.country_holidays(country, years=years, language="en_US")
    return [Day(day, name) for day, name in sorted(known.items()) if first <= day <= last]
