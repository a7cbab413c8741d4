"""Buttons of approval: acknowledge, verify, report a problem (SPEC 5)."""

from chat.callbacks.sessions import OfSession


class Acknowledge(OfSession):
    code = "ak"


class VerifySession(OfSession):
    code = "vs"


class ReportProblem(OfSession):
    code = "rp"


class ReportInstead(OfSession):
    """What was written for a dispute, as a report: another parent was first."""

    code = "ri"


class SendProblem(OfSession):
    """A report, as it was written before a session was chosen."""

    code = "rq"


class LeaveProblem(OfSession):
    code = "lp"
