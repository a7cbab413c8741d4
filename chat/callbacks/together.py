"""Buttons about the sessions of siblings taught together (SPEC 3, 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from chat.callbacks.codec import MAX_ID, Button
from services.queries.together import MOST_TOGETHER


class Sessions(str):
    """The ids of several sessions, as a button holds them."""

    __slots__ = ()

    def __new__(cls, written: str) -> Self:
        """Raises ValueError where it is no list of ids."""
        numbers = written.split("-")
        well_written = all(one.isascii() and one.isdecimal() for one in numbers)
        if not well_written or not 1 < len(numbers) <= MOST_TOGETHER:
            raise ValueError("these are not the ids of several sessions")
        if max(map(int, numbers)) > MAX_ID:
            raise ValueError("no row has an id as high as this")
        return super().__new__(cls, written)

    @classmethod
    def of(cls, ids: Iterable[int]) -> "Sessions":
        """Those with these ids."""
        return cls("-".join(map(str, ids)))

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(int(one) for one in self.split("-")))


@dataclass(frozen=True)
class OfTogether(Button):
    """A button about the sessions of siblings taught together."""

    sessions: Sessions


class CheckInTogether(OfTogether):
    code = "ct"


class CheckOutTogether(OfTogether):
    code = "ot"
