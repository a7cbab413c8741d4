"""Buttons of summaries of notes (SPEC 4)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button
from chat.callbacks.sessions import OfSession


class ShowSummary(OfSession):
    code = "su"


@dataclass(frozen=True)
class OfSummary(Button):
    """A button about one summary of notes."""

    summary_id: int


class SummaryRight(OfSummary):
    code = "sy"


class SummaryWrong(OfSummary):
    code = "sw"


class LeaveJudgement(OfSession):
    code = "sl"
