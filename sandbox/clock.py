"""The clock that the sandbox and the application share: it runs on, and can be moved forward."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class MovableClock:
    """A clock that runs with real time plus an offset, and never goes backwards.

    Real time is read from the monotonic clock, so that a correction of the machine's clock is
    not seen. All instants are aware and in UTC.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._started = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._started)

    def move_to(self, target: datetime) -> None:
        """Continue from `target`.

        Raises ValueError when it lies in the past, or has no time zone.
        """
        if target.tzinfo is None:
            raise ValueError("the clock is moved to an instant, which needs a time zone")
        if target < self.now():
            raise ValueError("the clock is never moved backwards")
        self._set(target)

    def move_on_to(self, instant: datetime) -> None:
        """Continue from `instant`, or go on where it has just passed."""
        self._set(max(instant, self.now()))

    def resume_at(self, saved: datetime) -> None:
        """Take up a clock that stood still while the process was down."""
        self._set(saved)

    def _set(self, instant: datetime) -> None:
        self._start = instant.astimezone(UTC)
        self._started = time.monotonic()
