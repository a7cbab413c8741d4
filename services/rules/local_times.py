"""Local times that a clock change skips or repeats (SPEC 1). Pure; the zone comes in as a value."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class NonexistentTimeError(ValueError):
    """A clock in this zone never shows this time: it is skipped in spring."""


class AmbiguousTimeError(ValueError):
    """A clock in this zone shows this time twice: it is repeated in autumn."""


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show `local`, a time without a zone.

    Raises `NonexistentTimeError` or `AmbiguousTimeError` where there is none or more than one.
    """
    earlier = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    later = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if earlier == later:
        return earlier
    if earlier.astimezone(zone).replace(tzinfo=None) != local:
        raise NonexistentTimeError
    raise AmbiguousTimeError
