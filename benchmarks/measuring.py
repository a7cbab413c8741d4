"""Measuring two things by turns, and what the figures come to: medians, spreads, percentiles."""

import gc
import os
import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

ROUNDS = 5
"""The fewest rounds that a median is taken of."""

Turn = Callable[[int], Awaitable[float]]
"""Does a piece of work for the round with this number, and returns what it cost."""


@dataclass(frozen=True)
class Spread:
    """The median of several figures, with the lowest and the highest of them."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        """Raises `StatisticsError` where there are no figures."""
        return cls(statistics.median(figures), min(figures), max(figures))


@dataclass(frozen=True)
class Turns:
    """What a floor and a subject cost, round by round."""

    floor: list[float]
    subject: list[float]

    @property
    def ratio(self) -> Spread:
        """Subject over floor, round by round: what disturbs a round disturbs both turns."""
        pairs = zip(self.floor, self.subject, strict=True)
        return Spread.of([subject / floor for floor, subject in pairs])


async def by_turns(floor: Turn, subject: Turn, rounds: int = ROUNDS) -> Turns:
    """Measure floor, subject, floor, subject ...; a first round is done and not counted."""
    measured = Turns([], [])
    for number in range(rounds + 1):
        gc.collect()
        costs = await floor(number), await subject(number)
        if number > 0:
            measured.floor.append(costs[0])
            measured.subject.append(costs[1])
    return measured


def percentile(figures: Sequence[float], percent: float) -> float:
    """The smallest figure that at least `percent` of all figures do not exceed (nearest rank)."""
    if not figures:
        raise ValueError("no figures")
    rank = -(-len(figures) * percent // 100)
    return sorted(figures)[max(0, int(rank) - 1)]


def load_average() -> float:
    """How many processes wanted a core, over the last minute."""
    return os.getloadavg()[0]
