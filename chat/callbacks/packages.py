"""Buttons of the ledger of packages (SPEC 7)."""

from chat.callbacks.codec import Button
from services.rules.values import dataclass


@dataclass(frozen=True)
class ShowLedger(Button):
    code = "pk"
    student_id: int
    page: int
