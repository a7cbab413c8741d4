"""Buttons of problem reports, for coordinators (SPEC 5)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button


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
