"""What the running program counts, for `/metrics` and `/readyz` (SPEC 11)."""

import time
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the classes of durations, in seconds."""
NO_ANSWER = "none"
"""Stands for the status of a call that was not answered."""


@dataclass
class Durations:
    """How often something took how long."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    """Counts by class; the last one is of those beyond all bounds."""
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


@dataclass
class Meters:
    """Counts since the start of the process."""

    telegram_calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Calls by the Bot API's method and the answer's HTTP status, or `NO_ANSWER`."""
    updates: Durations = field(default_factory=Durations)
    """From an update's arrival to its done mark."""
    failed_tries: int = 0
    """Tries of updates that failed, and are repeated or set aside."""
    _answered_at: float | None = None
    _is_answering: bool = False

    def telegram_called(self, method: str, status: int | None) -> None:
        """Count a call; `status` None where no answer came."""
        self.telegram_calls[method, NO_ANSWER if status is None else str(status)] += 1
        self._is_answering = status is not None and status < 500
        if self._is_answering:
            self._answered_at = time.monotonic()

    @property
    def is_telegram_answering(self) -> bool:
        """Whether the last call was answered, and not by an error of Telegram's own."""
        return self._is_answering

    @property
    def silent_seconds(self) -> float | None:
        """Seconds since Telegram's last answer; None before the first."""
        return None if self._answered_at is None else time.monotonic() - self._answered_at
