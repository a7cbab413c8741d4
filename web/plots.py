"""Plots as SVG that the server makes: bars, with a title, a description and the table below."""

from dataclasses import dataclass

from locales.analytics import Table
from locales.excerpts import shortened

WIDTH = 440
ROW = 28
BAR = 18
LABELS = 168
LABEL_LIMIT = 24
GAP = 8
MOST_ROWS = 20


@dataclass(frozen=True)
class Bar:
    """Part of a bar: where it begins, how wide it is, and which series it belongs to."""

    x: float
    width: float
    series: int


@dataclass(frozen=True)
class PlotRow:
    """A name with its bar and number."""

    label: str
    y: int
    bars: list[Bar]
    number: str
    number_x: float


@dataclass(frozen=True)
class Plot:
    """A plot, to be drawn by its template."""

    id: str
    title: str
    about: str
    height: int
    rows: list[PlotRow]
    legend: list[str]
    """Names of the series, where there are several."""


def plot_of(table: Table, plot_id: str) -> Plot | None:
    """The plot of a table; None where it has nothing to show."""
    rows = table.rows[:MOST_ROWS]
    sizes = [[number.size for number in numbers[: table.stacked]] for _, numbers in rows]
    largest = max((sum(one) for one in sizes), default=0)
    if largest <= 0:
        return None
    scale = (WIDTH - LABELS - 48) / largest
    drawn = []
    for place, ((name, numbers), parts) in enumerate(zip(rows, sizes, strict=True)):
        x, bars = float(LABELS), []
        for series, size in enumerate(parts):
            bars.append(Bar(round(x, 1), round(size * scale, 1), series))
            x += size * scale
        whole = numbers[0].text if table.stacked == 1 else f"{sum(parts):g}"
        label = shortened(name, LABEL_LIMIT)
        drawn.append(PlotRow(label, place * ROW, bars, whole, round(x + GAP, 1)))
    legend = list(table.columns[1 : table.stacked + 1]) if table.stacked > 1 else []
    return Plot(plot_id, table.title, table.about, len(rows) * ROW, drawn, legend)
