"""How far an import is, for a bar on the command line or on a page (SPEC 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What an import is doing."""

    READING = "reading"
    CHECKING = "checking"
    SAVING = "saving"


@dataclass
class Progress:
    """Rows done of a stage. It is written by one thread, and may be read by another."""

    stage: Stage = Stage.READING
    done: int = 0
    total: int = 0
    """0 while nobody knows: how many rows a file has is known once it is read."""
    on_change: Callable[["Progress"], None] = lambda _: None

    def begin(self, stage: Stage, total: int = 0) -> None:
        """A stage begins."""
        self.stage, self.done, self.total = stage, 0, total
        self.on_change(self)

    def advance(self, rows: int) -> None:
        """So many more rows are done."""
        self.done += rows
        self.on_change(self)

    @property
    def percent(self) -> int | None:
        """Part of the stage that is done; None while nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else None
