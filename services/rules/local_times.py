"""Local times that a clock change skips or repeats (SPEC 1). Pure; the zone is passed in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class NonexistentTimeError(ValueError):
    """Local time that clocks in this zone skip in spring."""


class AmbiguousTimeError(ValueError):
    """Local time that clocks in this zone show twice in autumn."""


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Instant, in UTC, at which clocks in `zone` show `local`, a naive time.

    Raises `NonexistentTimeError` or `AmbiguousTimeError`.
    """
    earlier = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    later = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if earlier == later:
        return earlier
    if earlier.astimezone(zone).replace(tzinfo=None) != local:
        raise NonexistentTimeError
    raise AmbiguousTimeError
