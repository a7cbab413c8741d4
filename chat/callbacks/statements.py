"""Buttons of a family's and a tutor's own statements (SPEC 7)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button
from models.enums import Side


@dataclass(frozen=True)
class ShowStatement(Button):
    """A month's statement; `month` is 202611 for November 2026, or 0 for the newest with anything.

    `child_id`: of the statements of several families, the one that names this child; 0 for the
    first.
    """

    code = "sm"
    whose: Side
    month: int = 0
    child_id: int = 0
