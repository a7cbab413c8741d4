"""Texts of refusals about the days of matches, holidays and leave (SPEC 7)."""

from collections.abc import Mapping
from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from services.rules.refusals import Refusal
from services.rules.refusals.matches import (
    ClosedDay,
    DatesFault,
    DatesWanted,
    LeaveOverlaps,
    SlotsWanted,
)

_DATES: Mapping[DatesFault, str] = MappingProxyType(
    {
        DatesFault.REVERSED: phrase("The last day can't be before the first."),
        DatesFault.PAST: phrase("That is in the past. Please choose a later day."),
        DatesFault.TOO_MANY: phrase("That is too long. Please choose fewer days."),
        DatesFault.NONE: phrase("Please choose at least one day."),
        DatesFault.AFTER_END: phrase("The match ends before that day. Choose an earlier one."),
    }
)
OF_MATCHES = (ClosedDay, DatesWanted, LeaveOverlaps, SlotsWanted)


def match_refusal_text(refusal: Refusal, reader: Reader, viewer_id: int | None) -> str:
    """Text of one of `OF_MATCHES`."""
    match refusal:
        case ClosedDay():
            return _closed_day(refusal, reader, viewer_id)
        case LeaveOverlaps():
            return reader.label(
                "There is leave from {first} to {last} already. Please choose other days, or take "
                "that one back first.",
                first=reader.dated_day(refusal.starts_on),
                last=reader.dated_day(refusal.ends_on),
            )
        case SlotsWanted():
            return reader.labels(
                "Please give {count} weekly time: a weekday, a start and a length.",
                "Please give one to {count} weekly times: a weekday, a start and a length each.",
                refusal.most,
            )
        case DatesWanted(fault=fault):
            return reader.label(_DATES[fault])
    raise TypeError(type(refusal).__name__)


def _closed_day(refusal: ClosedDay, reader: Reader, viewer_id: int | None) -> str:
    if not refusal.is_leave:
        day = reader.day(refusal.day)
        return reader.label("{day} is a holiday. Please choose another day.", day=day)
    day = reader.dated_day(refusal.day)
    if viewer_id == refusal.tutor_id:
        return reader.label("You are away on {day}. Please choose another day.", day=day)
    return reader.label("The tutor is away on {day}. Please choose another day.", day=day)
