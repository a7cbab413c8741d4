"""Numbers and order of the rows of a long history, shared by its parts."""

from datetime import UTC, datetime

from benchmarks.sql import Filling

NOW = datetime(2026, 11, 25, 5, 30, tzinfo=UTC)
"""Present time of this agency, early in the afternoon of a Wednesday in its zone."""
TUTORS, FAMILIES, COORDINATORS = 200, 400, 3
FIRST_PARENT = TUTORS + 1
FIRST_COORDINATOR = TUTORS + FAMILIES + 1
EVERY = "36 / 5"
"""Minutes between two sessions: each tutor has one a day."""

SOON, RUNNING, AWAITING, DISPUTED, MISSED, LATER = 70, 20, 60, 5, 5, 2_800
"""Numbers of open sessions, in this order after the finished ones; the last are 14 days'."""
OPEN_BEFORE_LATER = SOON + RUNNING + AWAITING + DISPUTED + MISSED
THREADS, BATCHES, SUMMARIES, MESSAGES, UPDATES, FILES = 10, 5, 5, 20, 10, 5
"""Numbers of open rows that belong to sessions."""

ATTENDED = "(i / 7) % 50 NOT IN (3, 9)"
"""Condition on finished sessions that took place."""


class Rows:
    """Statements for an agency with this number of finished sessions."""

    def __init__(self, filling: Filling, sessions: int) -> None:
        self.filling = filling
        self.count = sessions
        self.at = filling.at
        self.insert = filling.insert

    @property
    def awaiting(self) -> int:
        """Number of sessions before the first that awaits its parents."""
        return self.count + SOON + RUNNING
