"""Refusals about matches, holidays and leave (SPEC 7)."""

from datetime import date
from enum import StrEnum

from services.rules.refusals import Refusal


class SlotsWanted(Refusal):
    """A match has weekly times, and not more than `most` of them."""

    most: int


class SlotsOverlap(Refusal):
    """Two of its weekly times overlap."""


class DatesFault(StrEnum):
    """Why days cannot be."""

    REVERSED = "reversed"
    """The last day lies before the first."""
    PAST = "past"
    TOO_MANY = "too_many"
    NONE = "none"
    AFTER_END = "after_end"
    """The match ends before them."""


class DatesWanted(Refusal):
    """Other days are needed."""

    fault: DatesFault


class PriceWanted(Refusal):
    """A price or a pay has no unit, or is below zero."""


class MatchOver(Refusal):
    """A match that is over, or was never accepted, cannot be changed."""


class PreviewOutdated(Refusal):
    """Something has changed since the preview that was agreed to."""


class ClosedDay(Refusal):
    """No new session on a holiday, or while the tutor is away."""

    day: date
    is_leave: bool
    tutor_id: int


class LeaveOverlaps(Refusal):
    """The tutor is on leave on some of these days already."""

    starts_on: date
    ends_on: date
