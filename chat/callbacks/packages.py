"""Buttons of the ledger of packages (SPEC 7)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button


@dataclass(frozen=True)
class ShowLedger(Button):
    code = "pk"
    student_id: int
    page: int
