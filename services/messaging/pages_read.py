"""How far a loop has read a table of what waits, so that no look reads all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar


class Ordered(Protocol):
    """What rows are read in the order of."""

    def __lt__(self, other: Any, /) -> bool: ...


Key = TypeVar("Key", bound=Ordered)

PAGE = 100
"""So many rows are read at once."""


@dataclass
class PagesRead(Generic[Key]):
    """A look reads one page of what is new, and one page of all the rest, by turns.

    The rest is what waits already, what was written late with an earlier key, and what could not
    be taken when it was read.
    """

    beginning: Key
    """Earlier than every row."""
    newest: Key
    """All later rows are new."""
    turn: Key
    """The page of the rest that is next comes after this row."""

    @classmethod
    def none(cls, beginning: Key) -> "PagesRead[Key]":
        """Nothing was read yet."""
        return cls(beginning, beginning, beginning)

    def add(self, new: Sequence[Key], rest: Sequence[Key]) -> bool:
        """Record a page of either kind; whether another page of what is new follows."""
        if new:
            self.newest = new[-1]
        self.turn = rest[-1] if len(rest) == PAGE else self.beginning
        return len(new) == PAGE
