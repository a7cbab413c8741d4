"""Local times that a clock change skips or repeats (SPEC 1). Pure; the zone is passed in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from whenever import PlainDateTime, RepeatedTime, SkippedTime


class NonexistentTimeError(ValueError):
    """Local time that clocks in this zone skip in spring, or that lies before or after all."""


class AmbiguousTimeError(ValueError):
    """Local time that clocks in this zone show twice in autumn."""


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Instant, in UTC, at which clocks in `zone` show `local`, a naive time.

    Raises `NonexistentTimeError` or `AmbiguousTimeError`.
    """
    try:
        zoned = PlainDateTime(local).assume_tz(zone.key, disambiguation="raise")
    except SkippedTime:
        raise NonexistentTimeError from None
    except RepeatedTime:
        raise AmbiguousTimeError from None
    except (ValueError, OverflowError):  # at the ends of the calendar
        raise NonexistentTimeError from None
    return zoned.to_instant().to_stdlib().astimezone(UTC)
