"""Buttons of problem reports, for coordinators and their authors (SPEC 5)."""

from dataclasses import dataclass

from chat.callbacks.approvals import ReportProblem
from chat.callbacks.codec import Button, encode
from chat.callbacks.sessions import OfSession


@dataclass(frozen=True)
class OfProblem(Button):
    """A button about one problem report."""

    report_id: int


class ShowProblem(OfProblem):
    code = "ps"


class ClaimProblem(OfProblem):
    code = "pc"


class ReplyProblem(OfProblem):
    code = "pr"


class CloseProblem(OfProblem):
    code = "px"


class LeaveReply(OfProblem):
    code = "pl"


class ReadProblem(OfProblem):
    """All that was written, for who has no room for it on a card."""

    code = "pe"


@dataclass(frozen=True)
class AddToReport(OfSession):
    """The author adds something to their report: the answer to a reply, say."""

    code = "pa"
    report_id: int

    @property
    def subject(self) -> str:
        return encode(ReportProblem(self.appointment_id))
