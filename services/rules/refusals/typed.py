"""Refusals of what somebody typed: reasons, and times."""

from datetime import datetime

from services.rules.refusals import Refusal


class ReasonRequired(Refusal):
    """A reason has to be given."""


class TextTooLong(Refusal):
    """The text has more than `limit` characters."""

    limit: int


class TimesNotRead(Refusal):
    """This is no pair of times."""


class TimeNotClear(Refusal):
    """The clocks change on that day and skip the time, or repeat it."""


class SlotNotRead(Refusal):
    """This is no day with a time."""


class TimeDoesNotExist(Refusal):
    """The clocks go forward that night and skip the time."""


class TimeTwice(Refusal):
    """The clocks go back that night: the time can mean either of two instants."""

    first: datetime
    second: datetime
