"""Refusals about packages of prepaid sessions (SPEC 7)."""

from datetime import datetime

from services.rules.refusals import Refusal


class SessionsNotPossible(Refusal):
    """The number of sessions is not between 1 and `most`."""

    most: int


class AdjustmentNotPossible(Refusal):
    """The number of credits is zero, or more than `most` either way."""

    most: int


class ExpiresBeforeStart(Refusal):
    """The last day is before the first."""


class DayNotRead(Refusal):
    """This is no day of the calendar."""


class AmountNotRead(Refusal):
    """This is no amount of money in the agency's currency."""


class AmountAmbiguous(AmountNotRead):
    """Its comma may stand before a fraction or between thousands."""

    low: str
    high: str
    """Both amounts, written so that neither can be read otherwise."""


class NoCurrency(Refusal):
    """The agency counts sessions only (`AGENCY_CURRENCY` is not set)."""


class EntryNotReversible(Refusal):
    """A reversal, or a mark of what is owed: there is nothing to reverse."""


class AlreadyReversed(Refusal):
    """Somebody else has reversed the entry."""

    who: str
    actor_id: int | None
    at: datetime
