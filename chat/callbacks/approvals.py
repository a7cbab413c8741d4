"""What is said of a session that took place: acknowledged, verified, a problem (SPEC 5)."""

from chat.callbacks.sessions import OfSession


class Acknowledge(OfSession):
    code = "ak"


class VerifySession(OfSession):
    code = "vs"


class ReportProblem(OfSession):
    code = "rp"


class LeaveProblem(OfSession):
    code = "lp"
