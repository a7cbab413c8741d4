"""Refusals of what somebody typed: reasons, and times."""

from services.rules.refusals import Refusal


class ReasonRequired(Refusal):
    """A reason has to be given."""


class NothingAnswered(Refusal):
    """A "no", thanks or an apology: none is an answer, and nothing is done yet."""


class TextTooLong(Refusal):
    """The text has more than `limit` characters."""

    limit: int


class TimesNotRead(Refusal):
    """This is no pair of times."""


class TimeNotClear(Refusal):
    """The clocks change on that day and skip the time, or repeat it."""
