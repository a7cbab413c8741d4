"""Stand-ins for the ports, for tests."""

from datetime import datetime, timedelta

from tests.builders import NOW


class FixedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        """Move on, as in `forward(minutes=5)`; the new instant."""
        self.at += timedelta(**by)
        return self.at
