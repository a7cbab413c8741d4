"""Buttons of attendance: check-in, check-out, absence, and their correction (SPEC 2, 3)."""

from dataclasses import dataclass

from chat.callbacks.sessions import OfSession


class CheckIn(OfSession):
    code = "ci"


class RemindMe(OfSession):
    code = "rm"


class CheckOut(OfSession):
    code = "co"


class RemindCheckOut(OfSession):
    code = "rk"


@dataclass(frozen=True)
class MarkAbsent(OfSession):
    code = "ab"
    absent: int
    """1: the student was absent; 0: was there after all."""


class CorrectAttendance(OfSession):
    code = "ca"


class AsScheduled(OfSession):
    code = "as"


@dataclass(frozen=True)
class TookPlace(OfSession):
    """Times as one that was typed can be read, in minutes since 1970 UTC."""

    code = "tp"
    first: int
    last: int


class CorrectionBack(OfSession):
    code = "cb"


class LeaveCorrection(OfSession):
    code = "lc"


class ClearCheckIn(OfSession):
    code = "cc"
