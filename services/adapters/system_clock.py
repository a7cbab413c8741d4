"""Clock of the machine, the only place that reads the present time (SPEC 1)."""

from datetime import UTC, datetime


class SystemClock:
    """Present instant of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)
