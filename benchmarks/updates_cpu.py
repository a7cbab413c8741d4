"""CPU of an update from the inbox to its done mark over the floor, and statements (DESIGN 2.3)."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from benchmarks import families, updates
from benchmarks.bare_bot import bare_bot
from benchmarks.counting import counting
from benchmarks.databases import sqlite, work_folder
from benchmarks.families import PARENT_ACCOUNT, TUTOR_ACCOUNT, Stage
from benchmarks.measuring import ROUNDS, Spread, Turns, by_turns, load_average
from benchmarks.product import Product, acknowledge_button, composed
from benchmarks.results import Result
from benchmarks.sql import Filling
from benchmarks.updates import RawUpdate

AT_ONCE = 32
COUNTED = 5
"""Updates whose statements are counted, one at a time, before the measurement."""
STATEMENTS_GOAL, COMMITS_GOAL = 14, 2
RATIO_GOALS = {1: "<= 3.0", AT_ONCE: "<= 2.0"}

MakeUpdate = Callable[[int, int], RawUpdate]
"""Update with the id given first, of the family given second."""


@dataclass(frozen=True)
class Kind:
    """Kind of update, and what has to happen before it."""

    name: str
    stage: Stage
    make: MakeUpdate
    effects: str
    """SQL that counts the effects of the updates: one each, otherwise a refusal was measured."""
    before: MakeUpdate | None = None
    """Update of the same family that is handled before, and not measured."""


def _text(words: str, account: int = TUTOR_ACCOUNT) -> MakeUpdate:
    return lambda number, family: updates.message(number, account + family, words)


KINDS = (
    Kind(
        "check-in by /checkin",
        families.TO_CHECK_IN,
        _text("/checkin"),
        "SELECT count(*) FROM appointment WHERE status = 'checked_in'",
    ),
    Kind(
        "acknowledgement by button",
        families.TO_ACKNOWLEDGE,
        lambda number, family: updates.tap(
            number, PARENT_ACCOUNT + family, acknowledge_button(family + 1)
        ),
        "SELECT count(*) FROM appointment WHERE status = 'approved'",
    ),
    Kind(
        "text part of notes",
        families.TO_CHECK_OUT,
        _text("Fractions went well today, homework is page 12."),
        "SELECT count(*) FROM note_part",
        before=_text("/checkout"),
    ),
)


async def measure(*, quick: bool) -> list[Result]:
    """Measure each kind, 1 and 32 at once; messages to others are written, but not sent."""
    results: list[Result] = []
    for kind in KINDS:
        results += await _measure(kind, 16 if quick else 96)
    return results


async def _measure(kind: Kind, a_round: int) -> list[Result]:
    rounds = ROUNDS + 1
    in_bursts = -(-a_round // AT_ONCE) * AT_ONCE
    needed = COUNTED + rounds * (a_round + in_bursts)
    with sqlite() as url, work_folder() as folder:
        await families.fill(url, needed, kind.stage)
        async with composed(url, folder) as product:
            run = _Run(kind, product, folder)
            await run.prepare(needed)
            results = [
                *await run.counted(),
                run.result(1, await run.turns(a_round, 1)),
                run.result(AT_ONCE, await run.turns(in_bursts, AT_ONCE)),
            ]
        effects = await Filling(url, datetime.now(UTC)).one(kind.effects)
        if effects != needed:
            raise RuntimeError(f"{kind.name}: of {needed} only {effects} had an effect")
        return results


class _Run:
    """One kind of update on one database; every family has its turn once."""

    def __init__(self, kind: Kind, product: Product, folder: Path) -> None:
        self._kind = kind
        self._product = product
        self._folder = folder
        self._numbers = count(1)
        self._families = count()

    async def prepare(self, needed: int) -> None:
        """Bring every family to the state before the measured update."""
        if self._kind.before is not None:
            batch = [self._kind.before(next(self._numbers), family) for family in range(needed)]
            await self._product.take_in(batch)
            await self._product.answered(len(batch))
            await self._product.handled()

    async def counted(self) -> list[Result]:
        """Statements and commits of one update, from the inbox on."""
        statements, commits = [], []
        for update in self._next(COUNTED):
            await self._product.take_in([update])
            with counting() as seen:
                await self._product.answered(1)
                await self._product.handled()
            statements.append(float(seen.statements))
            commits.append(float(seen.commits))
        name, goal = self._kind.name, self._kind is KINDS[0]
        return [
            Result(
                f"{name}: statements beyond intake",
                Spread.of(statements),
                "",
                f"<= {STATEMENTS_GOAL}" if goal else "",
                load=load_average(),
            ),
            Result(
                f"{name}: commits beyond intake",
                Spread.of(commits),
                "",
                f"<= {COMMITS_GOAL}" if goal else "",
                load=load_average(),
            ),
        ]

    async def turns(self, a_round: int, at_once: int) -> Turns:
        """CPU seconds of an update, in turn with the floor."""
        path = self._folder / f"floor-{at_once}"
        path.mkdir()
        async with bare_bot(path) as bare:

            async def subject(_round: int) -> float:
                return await _cpu(self._handle, self._next(a_round), at_once, self._product.handled)

            async def floor(_round: int) -> float:
                made = [self._kind.make(number, number) for number in range(1, a_round + 1)]
                return await _cpu(bare.handle, made, at_once, _nothing_left)

            return await by_turns(floor, subject)

    async def _handle(self, batch: Sequence[RawUpdate]) -> None:
        await self._product.take_in(batch)
        await self._product.answered(len(batch))

    def _next(self, how_many: int) -> list[RawUpdate]:
        return [self._kind.make(next(self._numbers), next(self._families)) for _ in range(how_many)]

    def result(self, at_once: int, turns: Turns) -> Result:
        """Result, with the milliseconds from which it was calculated."""
        subject, floor = Spread.of(turns.subject), Spread.of(turns.floor)
        return Result(
            f"{self._kind.name}: CPU over the floor, {at_once} at once",
            turns.ratio,
            "times",
            RATIO_GOALS[at_once],
            f"{subject.median * 1000:.2f} ms over {floor.median * 1000:.3f} ms an update",
            load_average(),
        )


async def _cpu(
    handle: Callable[[Sequence[RawUpdate]], Awaitable[None]],
    batch: Sequence[RawUpdate],
    at_once: int,
    finish: Callable[[], Awaitable[None]],
) -> float:
    """CPU seconds of the whole process for an update, in all threads, until all is finished."""
    began = time.process_time()
    for start in range(0, len(batch), at_once):
        await handle(batch[start : start + at_once])
    await finish()
    return (time.process_time() - began) / len(batch)


async def _nothing_left() -> None:
    """Finish the floor, which has done everything when it has answered."""
