"""The command line: `python -m benchmarks [--quick] [--record] [NAME ...]`."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Iterable, Sequence
from typing import Protocol

from benchmarks import (
    importing,
    large_agency,
    outbox,
    pages,
    pipeline,
    slow_chats,
    starting,
    storm,
    updates_cpu,
    writers,
)
from benchmarks.measuring import load_average
from benchmarks.results import Result, print_results, write_results


class Benchmark(Protocol):
    """Benchmark; with `quick` it is smaller and takes about a minute."""

    def __call__(self, *, quick: bool) -> Awaitable[Iterable[Result]]:
        """Run the benchmark and return its results."""
        ...


BENCHMARKS: dict[str, Benchmark] = {
    "updates": updates_cpu.measure,
    "pipeline": pipeline.measure,
    "writers": writers.measure,
    "queries": large_agency.measure,
    "outbox": outbox.measure,
    "storm": storm.measure,
    "slow_chats": slow_chats.measure,
    "start": starting.measure,
    "pages": pages.measure,
    "import": importing.measure,
}


def main(given: Sequence[str] | None = None) -> int:
    """Run the named benchmarks, or all; return 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure what things cost.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="smaller: minutes, rough figures")
    parser.add_argument(
        "--record", action="store_true", help="put the table into docs/performance.md"
    )
    arguments = parser.parse_args(given)
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    results: list[Result] = []
    failed = []
    for name in arguments.names or BENCHMARKS:
        began = time.perf_counter()
        print(f"--- {name} (load {load_average():.1f})", flush=True)
        try:
            found = list(asyncio.run(_run(BENCHMARKS[name], quick=arguments.quick)))
        except Exception as error:  # noqa: BLE001 - the others are measured all the same
            print(f"{name} failed: {type(error).__name__}: {error}", file=sys.stderr)
            failed.append(name)
            continue
        print_results(found)
        print(f"    {time.perf_counter() - began:.0f} s", flush=True)
        results += found
    path = write_results(results, quick=arguments.quick, record=arguments.record)
    print(f"Written to {path}")
    return 1 if failed else 0


async def _run(benchmark: Benchmark, *, quick: bool) -> Iterable[Result]:
    return await benchmark(quick=quick)


if __name__ == "__main__":
    sys.exit(main())
