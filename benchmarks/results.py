"""Results of a run: printed, and written as JSON and as a Markdown table."""

import json
import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Spread
from benchmarks.places import DOCUMENT, RESULTS

TABLE = re.compile(r"(<!-- results -->\n).*?(<!-- end of results -->)", re.DOTALL)


@dataclass(frozen=True)
class Result:
    """One figure of a run."""

    measure: str
    value: Spread
    unit: str
    """`times` for a ratio, else `s`, `ms`, `MB`, or what is counted."""
    goal: str = ""
    """What it is to be, where that is laid down."""
    detail: str = ""
    """The figures that it was made from."""
    load: float = 0.0
    """The machine's load average when it had been taken."""

    def cells(self) -> tuple[str, ...]:
        """As a row of a table."""
        value = self.value
        spread = "" if value.low == value.high else f"{shown(value.low)} to {shown(value.high)}"
        unit = "" if self.unit == "times" else f" {self.unit}"
        figure = f"{shown(value.median)}{unit}"
        return (self.measure, figure, spread, self.goal, self.detail, f"{self.load:.1f}")


HEADINGS = ("measure", "median", "spread", "goal", "of", "load")


def shown(figure: float) -> str:
    """Three digits that count."""
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def print_results(results: Iterable[Result]) -> None:
    """A line each, as they come."""
    for result in results:
        measure, figure, spread, goal, detail, load = result.cells()
        wanted = f"  (goal: {goal})" if goal else ""
        print(f"{measure:<64} {figure:>10}  [{spread}]{wanted}  load {load}", flush=True)
        if detail:
            print(f"    {detail}", flush=True)


def markdown(results: Sequence[Result], about: str) -> str:
    """The table of docs/performance.md."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(result.cells() for result in results)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([about, "", *lines, ""])


def machine() -> str:
    """What the figures were taken on."""
    now = datetime.now(UTC)
    return (
        f"Taken on {now:%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{platform.system()}."
    )


def write_results(results: Sequence[Result], *, quick: bool, record: bool) -> Path:
    """Write var/benchmarks/results.json and .md; `record`: also the table of the document."""
    about = machine() + (" A quick run: figures are rough." if quick else "")
    RESULTS.mkdir(parents=True, exist_ok=True)
    document = {"about": about, "quick": quick, "results": [asdict(one) for one in results]}
    (RESULTS / "results.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    table = markdown(results, about)
    path = RESULTS / "results.md"
    path.write_text(table, encoding="utf-8")
    if record:
        text = DOCUMENT.read_text(encoding="utf-8")
        replaced = TABLE.sub(lambda found: f"{found[1]}{table}{found[2]}", text)
        DOCUMENT.write_text(replaced, encoding="utf-8")
    return path
