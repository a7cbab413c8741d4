"""What the page says of the time ahead: the next event, and the first steps of a newcomer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class NextEvent(Protocol):
    """What time brings next, as the program whose bot is hosted tells it."""

    @property
    def at(self) -> datetime:
        """When it comes."""

    @property
    def words(self) -> str:
        """What it is, in a few words."""


@dataclass(frozen=True)
class FirstStep:
    """Something to try first, on the phone of one person."""

    user_id: int
    text: str
    is_done: bool
