"""How long a lease holds (SPEC 11): another process takes over within ten seconds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeaseTimes:
    """The times of a lease, in seconds."""

    lasts: float = 5.0
    """How long after its renewal others may take it, by the database's clock."""
    look_every: float = 1.0
    """How often it is renewed, or looked at by those who wait for it."""

    def is_certain(self, asked_at: float | None, now: float) -> bool:
        """Whether nobody can have taken the lease. `asked_at`: when its last renewal was asked
        for, None if it was never held. Both are read from a clock of this process, which may run
        from any start: the database renewed it later than it was asked, so that it holds longer.
        """
        return asked_at is not None and now - asked_at < self.lasts
