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

TABLE = re.compile(r"(<!-- results -->\n)(.*?)(<!-- end of results -->)", re.DOTALL)


@dataclass(frozen=True)
class Result:
    """Figure of a run."""

    measure: str
    value: Spread
    unit: str
    """`times` for a ratio, otherwise `s`, `ms`, `MB`, or what is counted."""
    goal: str = ""
    """Goal of the figure, where there is one."""
    detail: str = ""
    """Figures from which it was calculated."""
    load: float = 0.0
    """Machine's load average after the measurement."""

    def cells(self) -> tuple[str, ...]:
        """Cells of its table row."""
        value = self.value
        spread = "" if value.low == value.high else f"{shown(value.low)} to {shown(value.high)}"
        unit = "" if self.unit == "times" else f" {self.unit}"
        figure = f"{shown(value.median)}{unit}"
        return (self.measure, figure, spread, self.goal, self.detail, f"{self.load:.1f}")


HEADINGS = ("measure", "median", "spread", "goal", "of", "load")


def shown(figure: float) -> str:
    """Figure with three significant digits."""
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def print_results(results: Iterable[Result]) -> None:
    """Print a line for each result, as they come."""
    for result in results:
        measure, figure, spread, goal, detail, load = result.cells()
        wanted = f"  (goal: {goal})" if goal else ""
        print(f"{measure:<64} {figure:>10}  [{spread}]{wanted}  load {load}", flush=True)
        if detail:
            print(f"    {detail}", flush=True)


def markdown(results: Sequence[Result], about: str) -> str:
    """Table for docs/performance.md."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(result.cells() for result in results)]
    return "\n".join([about, "", *map(_line, rows), ""])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def merged(table: str, results: Sequence[Result], about: str) -> str:
    """Table with these results in the place of those of the same measures; others stay."""
    new = {result.cells()[0]: _line(result.cells()) for result in results}
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    if not lines:
        return markdown(results, about)
    kept = [new.pop(_measure(line), line) for line in lines]
    return "\n".join([about, "", *kept, *new.values(), ""])


def _measure(line: str) -> str:
    """Name of the measure in a line of the table."""
    return line[2:].partition(" | ")[0]


def machine() -> str:
    """Machine on which the figures were measured."""
    now = datetime.now(UTC)
    return (
        f"Taken on {now:%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{platform.system()}."
    )


def write_results(results: Sequence[Result], *, quick: bool, record: bool) -> Path:
    """Write var/benchmarks/results.json and .md; with `record` also into the document's table."""
    about = machine() + (" A quick run: figures are rough." if quick else "")
    RESULTS.mkdir(parents=True, exist_ok=True)
    document = {"about": about, "quick": quick, "results": [asdict(one) for one in results]}
    (RESULTS / "results.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    table = markdown(results, about)
    path = RESULTS / "results.md"
    path.write_text(table, encoding="utf-8")
    if record:
        text = DOCUMENT.read_text(encoding="utf-8")
        replaced = TABLE.sub(
            lambda found: f"{found[1]}{merged(found[2], results, about)}{found[3]}", text
        )
        DOCUMENT.write_text(replaced, encoding="utf-8")
    return path
