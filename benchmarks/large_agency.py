"""Every query and sweep at 10,000 and at 1,000,000 sessions, on both databases: are they flat?"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks.cases import Case, case_of
from benchmarks.databases import migrate, postgres_database, postgres_server, sqlite_url
from benchmarks.history import History
from benchmarks.history_rows import NOW
from benchmarks.measuring import Spread, by_turns, load_average
from benchmarks.places import RESULTS
from benchmarks.product import read, write
from benchmarks.registered_queries import QUERIES, SWEEPS, Call
from benchmarks.results import Result
from benchmarks.sql import Filling
from services.db import Database

SMALL, LARGE = 10_000, 1_000_000
QUICK_LARGE = 100_000
FLAT = {"SQLite": 1.3, "PostgreSQL": 1.5}
TURN_SECONDS = 0.05
"""Length of a turn: as many calls as fit, at least one."""


Run = Callable[[Database, Call, Case], Awaitable[object]]


@dataclass(frozen=True)
class Agency:
    """Open database of one size, with what to ask about."""

    database: Database
    case: Case


async def measure(*, quick: bool) -> list[Result]:
    """Ratio of the medians between the sizes; in a quick run the large one is a tenth."""
    sizes = (SMALL, QUICK_LARGE if quick else LARGE)
    results = await _measure("SQLite", [await agency_file(size) for size in sizes], sizes)
    with postgres_server() as server:
        async with postgres_database(server) as small, postgres_database(server) as large:
            for url, size in zip((small, large), sizes, strict=True):
                await _fill(url, size)
                await Filling(url, NOW).administer("VACUUM ANALYZE")
            results += await _measure("PostgreSQL", [small, large], sizes)
    return results


async def agency_file(size: int) -> str:
    """Address of a file with an agency of this size, made once and kept."""
    history = History(Filling("sqlite://", NOW), size)
    RESULTS.mkdir(parents=True, exist_ok=True)
    being_made = RESULTS / f"agency-{size}.new"
    being_made.unlink(missing_ok=True)
    migrate(sqlite_url(being_made))
    schema = await Filling(sqlite_url(being_made), NOW).one(
        "SELECT version_num FROM alembic_version"
    )
    path = RESULTS / f"agency-{size}-{schema}-{history.version}.sqlite"
    if path.exists():
        being_made.unlink()
    else:
        await _fill(sqlite_url(being_made), size)
        being_made.rename(path)
    return sqlite_url(path)


async def _fill(url: str, size: int) -> None:
    filling = Filling(url, NOW)
    await filling.run(History(filling, size).statements())
    tables = ("person", "student", "appointment", "note_batch", "dispute", "reschedule_thread")
    await filling.count_up_from_here(*tables)


async def _measure(name: str, urls: Sequence[str], sizes: tuple[int, int]) -> list[Result]:
    agencies = []
    for url, size in zip(urls, sizes, strict=True):
        database = Database(url)
        case = await read(database, case_of, size)
        if not isinstance(case, Case):
            raise TypeError("a case was expected")
        agencies.append(Agency(database, case))
    small, large = agencies
    try:
        results = [await _ratio(name, small, large, which, call) for which, call in QUERIES.items()]
        for which, call in SWEEPS.items():
            results.append(await _ratio(name, small, large, f"sweep {which}", call, sweeps=True))
    finally:
        for agency in agencies:
            await agency.database.close()
    return [_flat(name, results, sizes), *results]


async def _ratio(
    name: str, small: Agency, large: Agency, which: str, call: Call, *, sweeps: bool = False
) -> Result:
    run = write if sweeps else read
    turns = await by_turns(partial(_turn, run, small, call), partial(_turn, run, large, call))
    few, many = Spread.of(turns.floor).median, Spread.of(turns.subject).median
    return Result(
        f"{name}: {which}",
        turns.ratio,
        "times",
        f"<= {FLAT[name]}",
        f"{many * 1000:.2f} ms over {few * 1000:.2f} ms",
        load_average(),
    )


async def _turn(run: Run, agency: Agency, call: Call, _round: int) -> float:
    """Fastest of as many calls as fit into a turn: a disturbance only makes a call slower."""
    waits: list[float] = []
    began = time.perf_counter()
    while not waits or time.perf_counter() - began < TURN_SECONDS:
        started = time.perf_counter()
        await run(agency.database, call, agency.case)
        waits.append(time.perf_counter() - started)
    return min(waits)


def _flat(name: str, results: Sequence[Result], sizes: tuple[int, int]) -> Result:
    """Number of flat calls, and the worst of the others."""
    steep = [one for one in results if one.value.median > FLAT[name]]
    steep.sort(key=lambda one: one.value.median, reverse=True)
    worst = ", ".join(one.measure.partition(": ")[2] for one in steep[:5])
    flat = float(len(results) - len(steep))
    return Result(
        f"{name}: queries and sweeps flat from {sizes[0]:,} to {sizes[1]:,} sessions",
        Spread.of([flat]),
        f"of {len(results)}",
        "all",
        f"steepest: {worst}" if steep else "",
        load_average(),
    )
