"""How far a loop has read a table of waiting rows, so that no round reads all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar


class Ordered(Protocol):
    """Key by which rows are ordered."""

    def __lt__(self, other: Any, /) -> bool: ...


Key = TypeVar("Key", bound=Ordered)

PAGE = 100
"""How many rows are read at once."""


@dataclass
class PagesRead(Generic[Key]):
    """Position in a table: each round reads a page of new rows and a page of the others, in turn.

    The others are rows that were waiting before, were written late with an earlier key, or could
    not be taken when they were read.
    """

    beginning: Key
    """Key lower than every row's."""
    newest: Key
    """Newest key so far: all rows after it are new."""
    turn: Key
    """Key after which the next page of the other rows begins."""

    @classmethod
    def none(cls, beginning: Key) -> "PagesRead[Key]":
        """Position before anything was read."""
        return cls(beginning, beginning, beginning)

    def add(self, new: Sequence[Key], rest: Sequence[Key]) -> bool:
        """Record both pages; whether another page of new rows follows."""
        if new:
            self.newest = new[-1]
        self.turn = rest[-1] if len(rest) == PAGE else self.beginning
        return len(new) == PAGE
