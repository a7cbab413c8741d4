"""Attendance flags and the sources of both times; children who are taught together (SPEC 3).

Plain text: escape it for HTML.
"""

from collections.abc import Sequence
from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from services.rules.attendance_flags import Flag, Raised, Sources, TimeSource

_FLAGS = MappingProxyType(
    {
        Flag.LATE_START: phrase("started {late} late"),
        Flag.EARLY_LEAVE: phrase("ended {late} early"),
        Flag.SHORT: phrase("less than half of the booked time"),
        Flag.NO_NOTES: phrase("no notes"),
    }
)
_SOURCES = MappingProxyType(
    {
        TimeSource.TELEGRAM: phrase("Telegram"),
        TimeSource.WEB: phrase("web"),
        TimeSource.CORRECTED: phrase("corrected"),
        TimeSource.IMPORTED: phrase("imported"),
        TimeSource.LOGGED: phrase("logged afterwards"),
    }
)
_BOTH = MappingProxyType(
    {
        TimeSource.CORRECTED: phrase("Times: both corrected"),
        TimeSource.IMPORTED: phrase("Times: both imported"),
        TimeSource.LOGGED: phrase("Times: both logged afterwards"),
    }
)


def flag_label(reader: Reader, raised: Raised) -> str:
    """A flag in a few words, with its minutes."""
    late = "" if raised.minutes is None else reader.duration(raised.minutes)
    return reader.label(_FLAGS[raised.flag], late=late)


def sources_told(reader: Reader, found: Sources, *, is_checked_out: bool) -> str:
    """Where the times come from; empty where there are none."""
    if found.checked_in is None:
        return ""
    if found.checked_in is found.checked_out and found.checked_in in _BOTH:
        return reader.label(_BOTH[found.checked_in])
    checked_in = reader.label(_SOURCES[found.checked_in])
    if found.checked_out is None or not is_checked_out:
        return reader.label("Times: in via {checked_in}", checked_in=checked_in)
    checked_out = reader.label(_SOURCES[found.checked_out])
    return reader.label(
        "Times: in via {checked_in}, out via {checked_out}",
        checked_in=checked_in,
        checked_out=checked_out,
    )


def children_told(reader: Reader, children: Sequence[str]) -> str:
    """Children taught together: "Emily, Ryan and Sam"."""
    names = told_apart(children)
    if len(names) == 1:
        return names[0]
    first = reader.listed(names[:-1])
    return reader.label("{children} and {child}", children=first, child=names[-1])


def told_apart(children: Sequence[str]) -> list[str]:
    """Their first names, or whole names where two have the same."""
    first = [name.split()[0] for name in children]
    return first if len(set(first)) == len(first) else list(children)
