"""Buttons to move a session: the request, its answers, and the calendar (SPEC 6)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button, encode
from chat.callbacks.sessions import OfSession
from models.enums import ChangeReason


@dataclass(frozen=True)
class OfProposal(Button):
    """A button about one version of a request to move a session."""

    proposal_id: int


class AcceptSlot(OfProposal):
    code = "ra"


class DeclineSlot(OfProposal):
    code = "rd"


class WithdrawRequest(OfProposal):
    code = "rw"


class SuggestSlot(OfProposal):
    code = "ro"


@dataclass(frozen=True)
class SuggestAt(OfProposal):
    """*Suggest another*, with a time that was written."""

    code = "rj"
    minute: int
    """The start, in minutes since 1970 UTC."""

    @property
    def subject(self) -> str:
        return encode(SuggestSlot(self.proposal_id))


class StartMove(OfSession):
    code = "rs"


@dataclass(frozen=True)
class ShowDays(OfSession):
    """The calendar, a page of fourteen days."""

    code = "rf"
    page: int


@dataclass(frozen=True)
class ChooseDay(OfSession):
    code = "ry"
    day: int
    """The day's proleptic ordinal: 1 is the first of January of the year 1."""


@dataclass(frozen=True)
class ChooseSlot(OfSession):
    code = "rt"
    minute: int
    """The start, in minutes since 1970 UTC."""


@dataclass(frozen=True)
class MoveFor(OfSession):
    code = "rr"
    reason: ChangeReason


class MoveToSlots(OfSession):
    """Back to the times that are offered."""

    code = "rb"


class MoveToReasons(OfSession):
    """Back to the reasons."""

    code = "rn"


class TextIsReason(OfSession):
    """What was typed looks like a time, but is the reason."""

    code = "rx"


class ConfirmMove(OfSession):
    code = "rc"


class AskInstead(OfSession):
    """The time that came too late, as what it can still be: a new request, or an answer."""

    code = "rz"


@dataclass(frozen=True)
class WithdrawFirst(OfSession):
    """The own side's request, which keeps another time from being asked for."""

    code = "rv"
    proposal_id: int


class LeaveMove(OfSession):
    code = "rl"
