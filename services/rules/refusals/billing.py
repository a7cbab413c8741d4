"""Refusals about billing months and statements (SPEC 7)."""

from datetime import date

from services.rules.refusals import Refusal


class MonthNotOver(Refusal):
    """The month has not ended in the agency's zone."""

    month: date


class MonthClosed(Refusal):
    """The month is closed already."""

    month: date


class AlreadyMarked(Refusal):
    """The statement has this mark already."""
