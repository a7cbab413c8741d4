"""Buttons with which coordinators are told of a change in the last four hours (SPEC 6)."""

from dataclasses import dataclass

from chat.callbacks.sessions import OfSession
from models.enums import ChangeReason


class TellCoordinators(OfSession):
    code = "lt"


@dataclass(frozen=True)
class TellReason(OfSession):
    code = "lr"
    reason: ChangeReason


class TellWritten(OfSession):
    """What was written before a reason was asked for."""

    code = "lv"


class TellBack(OfSession):
    code = "lb"


class DealWith(OfSession):
    """Of a coordinator: nothing is left to do."""

    code = "le"


class ExplainMissed(OfSession):
    """Of a tutor: what happened with a check-in or check-out that was missed."""

    code = "em"


class LeaveTelling(OfSession):
    code = "ll"
