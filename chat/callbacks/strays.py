"""Buttons under what was sent outside of any dialogue (SPEC 9)."""

from chat.callbacks.approvals import ReportProblem
from chat.callbacks.codec import Button, encode
from chat.callbacks.disputes import StartDispute
from chat.callbacks.late_changes import TellCoordinators
from chat.callbacks.matches import OfMatch
from chat.callbacks.sessions import OfSession


class KeepForNotes(OfSession):
    """Files that a tutor sent become notes of this session."""

    code = "nk"


class StraysAbout(OfSession):
    """A parent chooses the session that their files are about."""

    code = "va"


class StraysToDispute(OfSession):
    """They are evidence of a dispute that begins with them."""

    code = "vd"

    @property
    def subject(self) -> str:
        return encode(StartDispute(self.appointment_id))


class StraysToReport(OfSession):
    """They belong to a problem report that begins with them."""

    code = "vp"

    @property
    def subject(self) -> str:
        return encode(ReportProblem(self.appointment_id))


class StraysToTell(OfSession):
    """They are told to the coordinators, in the last four hours before this session."""

    code = "vt"

    @property
    def subject(self) -> str:
        return encode(TellCoordinators(self.appointment_id))


class StraysToReplace(OfSession):
    """They are about this session, which was cancelled just now."""

    code = "vr"


class StraysReplaced(OfSession):
    """They go with the request for a replacement of this session."""

    code = "vy"


class StraysToAnswer(OfSession):
    """What was written is like an answer to the request that this session has."""

    code = "vq"


class StraysToMatch(OfMatch):
    """What was written is like an answer to the offer of this match."""

    code = "vm"


class StraysToChange(Button):
    """They ask for a change of a session to come."""

    code = "vc"


class LeaveStrays(OfSession):
    code = "nl"
