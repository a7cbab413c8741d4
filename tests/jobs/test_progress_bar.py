"""The bar that shows how far an import is (SPEC 7)."""

import io

import pytest

from jobs.progress_bar import ProgressBar, bar_line
from services.imports.progress import Progress, Stage


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (Progress(Stage.READING, 1500), "reading: 1,500 rows"),
        (Progress(Stage.CHECKING, 0, 100_000), f"checking [{'.' * 30}]   0 % of 100,000 rows"),
        (
            Progress(Stage.CHECKING, 50_000, 100_000),
            f"checking [{'#' * 15}{'.' * 15}]  50 % of 100,000 rows",
        ),
        (Progress(Stage.SAVING, 3, 2), f"saving [{'#' * 30}] 100 % of 2 rows"),
    ],
)
def test_a_line_shows_stage_and_part(progress: Progress, line: str) -> None:
    assert bar_line(progress) == line


def test_on_a_terminal_one_line_is_written_over_and_cleared_at_the_end() -> None:
    terminal = Terminal()

    with ProgressBar(terminal) as bar:
        bar.progress.begin(Stage.SAVING, 2)
        bar.progress.advance(1)
        bar.progress.advance(1)

    written = terminal.getvalue()
    assert written.count("\n") == 0
    assert [line.split("]")[1].strip() for line in written.split("\r")[1:4]] == [
        "0 % of 2 rows",
        "50 % of 2 rows",
        "100 % of 2 rows",
    ]
    assert written.split("\r")[4].strip() == ""


def test_elsewhere_nothing_is_written() -> None:
    stream = io.StringIO()

    with ProgressBar(stream) as bar:
        bar.progress.begin(Stage.SAVING, 2)
        bar.progress.advance(2)

    assert stream.getvalue() == ""
