"""Measuring two things in turn; medians, spreads and percentiles."""

import gc
import os
import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

ROUNDS = 5
"""Fewest rounds for a median."""

Turn = Callable[[int], Awaitable[float]]
"""Piece of work for the round with this number; returns its cost."""


@dataclass(frozen=True)
class Spread:
    """Median of several figures, with the lowest and the highest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        """Spread of these figures. Raises `StatisticsError` where there are none."""
        return cls(statistics.median(figures), min(figures), max(figures))


@dataclass(frozen=True)
class Turns:
    """Costs of a floor and a subject, by round."""

    floor: list[float]
    subject: list[float]

    @property
    def ratio(self) -> Spread:
        """Subject over floor, by round: a disturbed round disturbs both turns."""
        pairs = zip(self.floor, self.subject, strict=True)
        return Spread.of([subject / floor for floor, subject in pairs])


async def by_turns(floor: Turn, subject: Turn, rounds: int = ROUNDS) -> Turns:
    """Measure floor, subject, floor, subject ...; a first round does not count."""
    measured = Turns([], [])
    for number in range(rounds + 1):
        gc.collect()
        costs = await floor(number), await subject(number)
        if number > 0:
            measured.floor.append(costs[0])
            measured.subject.append(costs[1])
    return measured


def percentile(figures: Sequence[float], percent: float) -> float:
    """Smallest figure that at least `percent` of all figures do not exceed (nearest rank)."""
    if not figures:
        raise ValueError("no figures")
    rank = -(-len(figures) * percent // 100)
    return sorted(figures)[max(0, int(rank) - 1)]


def load_average() -> float:
    """Load average of the last minute: how many processes wanted a core."""
    return os.getloadavg()[0]
