"""Eight tasks that write at once, over one that writes alone: is the writer fair?"""

import asyncio
import time

from benchmarks import families
from benchmarks.databases import postgres_database, postgres_server, sqlite, work_folder
from benchmarks.measuring import Spread, by_turns, load_average, percentile
from benchmarks.product import change_session, composed, write
from benchmarks.results import Result
from services.db import Database

WRITERS = 8


async def measure(*, quick: bool) -> list[Result]:
    """Latency of a small unit of work with eight writers, over that with one."""
    units = 25 if quick else 200
    results = []
    with sqlite() as url:
        results += await _measure("SQLite", url, units)
    with postgres_server() as server:
        async with postgres_database(server) as url:
            results += await _measure("PostgreSQL", url, units)
    return results


async def _measure(name: str, url: str, units: int) -> list[Result]:
    await families.fill(url, WRITERS, families.LATER)
    found: dict[int, list[float]] = {50: [], 99: []}
    alone: dict[int, list[float]] = {50: [], 99: []}
    with work_folder() as folder:
        async with composed(url, folder) as product:

            async def one(_round: int) -> float:
                waits = await _write(product.database, 1, units)
                for percent, figures in alone.items():
                    figures.append(percentile(waits, percent))
                return percentile(waits, 50)

            async def eight(_round: int) -> float:
                waits = await _write(product.database, WRITERS, units)
                for percent, figures in found.items():
                    figures.append(percentile(waits, percent))
                return percentile(waits, 50)

            turns = await by_turns(one, eight)
    load = load_average()
    p50, p99 = Spread.of(found[50][1:]), Spread.of(found[99][1:])
    fair = [high / low for low, high in zip(found[50][1:], found[99][1:], strict=True)]
    of = (
        f"p50 {p50.median * 1000:.2f} ms and p99 {p99.median * 1000:.2f} ms, alone "
        f"{Spread.of(alone[50][1:]).median * 1000:.2f} ms and "
        f"{Spread.of(alone[99][1:]).median * 1000:.2f} ms"
    )
    title = f"{WRITERS} writers, {name}"
    return [
        Result(f"{title}: p50 over one writer's", turns.ratio, "times", "", of, load),
        Result(f"{title}: p99 over p50", Spread.of(fair), "times", "", of, load),
    ]


async def _write(database: Database, writers: int, units: int) -> list[float]:
    """Seconds of each unit of work, of all writers."""
    waits: list[float] = []

    async def writer(number: int) -> None:
        for _ in range(units):
            began = time.perf_counter()
            await write(database, change_session, number)
            waits.append(time.perf_counter() - began)

    await asyncio.gather(*(writer(number + 1) for number in range(writers)))
    return waits
