"""Bar on a terminal that shows how far an import is (SPEC 7)."""

from types import TracebackType
from typing import Self, TextIO

from services.imports.progress import Progress

WIDTH = 30
"""Characters of the bar."""


class ProgressBar:
    """One line that is written over again. Where nobody looks, as in a file, it writes nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = ""
        self.progress = Progress(on_change=self._show if stream.isatty() else lambda _: None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._shown:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _show(self, progress: Progress) -> None:
        line = bar_line(progress)
        if line != self._shown:
            self._write(line)

    def _write(self, line: str) -> None:
        """Write over what stands there."""
        self._stream.write("\r" + line.ljust(len(self._shown)))
        self._stream.flush()
        self._shown = line


def bar_line(progress: Progress) -> str:
    """The line: "checking [##########....................]  33 % of 100,000 rows"."""
    percent = progress.percent
    if percent is None:
        return f"{progress.stage}: {progress.done:,} rows"
    full = WIDTH * percent // 100
    drawn = "#" * full + "." * (WIDTH - full)
    return f"{progress.stage} [{drawn}] {percent:3} % of {progress.total:,} rows"
