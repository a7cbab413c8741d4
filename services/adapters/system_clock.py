"""The clock of the machine: the one place where the present time is read (SPEC 1)."""

from datetime import UTC, datetime


class SystemClock:
    """The present instant, as the machine has it."""

    def now(self) -> datetime:
        return datetime.now(UTC)
