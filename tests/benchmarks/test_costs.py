"""What an update and a message cost the database: what the benchmarks measure, as exact counts.

Fewer is welcome: then write the new figure here. More has to be worth it, and is then said in
`docs/performance.md` with a measurement.
"""

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks import families, updates
from benchmarks.counting import counting
from benchmarks.databases import sqlite
from benchmarks.families import TUTOR_ACCOUNT
from benchmarks.outbox import ONLY_SENDS
from benchmarks.product import Product, composed
from benchmarks.sql import Filling
from benchmarks.updates_cpu import KINDS, Kind, MakeUpdate
from services import sqlite_database

TIMES = 4
"""How often each is counted; the lowest counts, since a look into the inbox may come between."""
CHECK_IN, ACKNOWLEDGEMENT, NOTE = KINDS


@dataclass(frozen=True, order=True)
class Cost:
    """What something costs the database."""

    hops: int
    """Functions that ran in a connection's thread: each wakes two threads."""
    commits: int
    statements: int
    unprepared: int = 0
    """Those of the statements that `services.prepared` does not run."""


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        (CHECK_IN, Cost(hops=2, commits=2, statements=12)),
        (ACKNOWLEDGEMENT, Cost(hops=2, commits=2, statements=16)),
        (NOTE, Cost(hops=2, commits=2, statements=9)),
    ],
    ids=lambda value: value.name if isinstance(value, Kind) else "",
)
async def test_an_update_costs_no_more_after_its_intake(
    kind: Kind, most: Cost, tmp_path: Path
) -> None:
    with sqlite() as url:
        await families.fill(url, TIMES, kind.stage)
        async with composed(url, tmp_path) as product:

            async def handle(number: int, make: MakeUpdate, family: int) -> Cost:
                await product.take_in([make(number, family)])
                return await _cost_of(lambda: _handled(product, 1))

            if kind.before is not None:
                for family in range(TIMES):
                    await handle(family + 1, kind.before, family)
            costs = [await handle(TIMES + n + 1, kind.make, n) for n in range(TIMES)]
        assert await Filling(url, datetime.now(UTC)).one(kind.effects) == TIMES
    assert min(costs) == most, f"{kind.name} costs {min(costs)}, not {most}"


@pytest.mark.parametrize(
    ("together", "most"),
    [
        (1, Cost(hops=4, commits=1, statements=11)),
        (8, Cost(hops=4, commits=1, statements=11)),
    ],
)
async def test_messages_that_are_due_together_share_what_they_cost(
    together: int, most: Cost, tmp_path: Path
) -> None:
    with sqlite() as url:
        await families.fill(url, TIMES * together, families.TO_CHECK_OUT)
        filling = Filling(url, datetime.now(UTC))
        async with composed(url, tmp_path) as product:

            async def send(turn: int) -> Cost:
                those = range(turn * together, (turn + 1) * together)
                await product.take_in(
                    [updates.message(n + 1, TUTOR_ACCOUNT + n, "/checkout") for n in those]
                )
                await _handled(product, together)
                await filling.run([ONLY_SENDS])
                before = product.stub.sent
                cost = await _cost_of(product.send)
                assert product.stub.sent - before == together
                return cost

            costs = [await send(turn) for turn in range(TIMES)]
    assert min(costs) == most, f"{together} at once cost {min(costs)}, not {most}"


async def _handled(product: Product, updates: int) -> None:
    """Wait for updates that were taken in; a look into the inbox may have to find them first."""
    await product.answered(updates)
    await product.handled()


async def _cost_of(work: Callable[[], Awaitable[None]]) -> Cost:
    with counting() as counted, _counting_hops() as hops:
        await work()
    return Cost(len(hops), counted.commits, counted.statements, counted.unprepared)


@contextlib.contextmanager
def _counting_hops() -> Iterator[list[str]]:
    """Names of the functions that run in connections' threads."""
    hops: list[str] = []
    connection = sqlite_database._Connection
    run, submit = connection.run, connection.submit

    async def counted(self: Any, work: Callable[..., Any], argument: object) -> Any:
        hops.append(work.__name__)
        return await run(self, work, argument)

    def counted_too(self: Any, work: Callable[..., Any], tell: Callable[..., None]) -> None:
        hops.append(work.__name__)
        submit(self, work, tell)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "run", counted)
        patch.setattr(connection, "submit", counted_too)
        yield hops
