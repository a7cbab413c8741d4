"""Buttons of the dialogue in which a tutor enters leave (SPEC 7)."""

from dataclasses import dataclass
from enum import StrEnum

from chat.callbacks.codec import Button
from chat.callbacks.sessions import OfSession
from services.rules.closures import Way


class LeaveStep(StrEnum):
    """A question of the dialogue."""

    DAYS = "days"
    REASON = "reason"
    REVIEW = "review"
    ONE = "one"
    """What becomes of one session."""


class StartLeave(Button):
    code = "za"


@dataclass(frozen=True)
class LeaveDays(Button):
    """Days that were found in what was typed."""

    code = "zh"
    first: int
    """Proleptic ordinal of the day."""
    last: int


@dataclass(frozen=True)
class LeaveStepBack(Button):
    """To another question."""

    code = "zb"
    step: LeaveStep


class LeaveReason(Button):
    """What was typed speaks of other days, but is the reason."""

    code = "zk"


class LeaveSession(OfSession):
    """A session of the list: what becomes of it?"""

    code = "zi"


@dataclass(frozen=True)
class LeavePage(Button):
    """Another page of the list of sessions."""

    code = "zj"
    offset: int
    """How many come before it."""


@dataclass(frozen=True)
class LeaveWay(OfSession):
    """What becomes of a session."""

    code = "zc"
    way: Way


@dataclass(frozen=True)
class LeaveAll(Button):
    """What becomes of all sessions for which it is possible."""

    code = "zd"
    way: Way


@dataclass(frozen=True)
class ConfirmLeave(Button):
    """It names the days, so that a second tap gets the answer of the first."""

    code = "ze"
    first: int
    """Proleptic ordinal of the day."""
    last: int


class StopLeave(Button):
    """Nothing is entered."""

    code = "zf"


@dataclass(frozen=True)
class TakeBackLeave(Button):
    code = "zg"
    leave_id: int
