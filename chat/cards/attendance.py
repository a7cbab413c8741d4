"""Attendance flags and the sources of both times, for coordinators (SPEC 3)."""

from types import MappingProxyType

from markupsafe import Markup, escape

from locales.catalogue import phrase
from locales.reader import Reader
from models.enums import Role
from services.queries.sessions import SessionDetail
from services.rules.attendance_flags import Flag, Raised, TimeSource, flags

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


def attendance_lines(reader: Reader, detail: SessionDetail, role: Role) -> list[Markup]:
    """Where the times come from, and what stands out; for coordinators only."""
    row = detail.view.appointment
    if role is not Role.COORDINATOR or row.checked_in_at is None:
        return []
    raised = flags(
        row.starts_at,
        row.ends_at,
        row.checked_in_at,
        row.checked_out_at,
        has_notes=bool(detail.notes),
    )
    lines = [_sources_line(reader, detail)]
    if raised:
        lines.append(escape("🚩 " + reader.listed(flag_label(reader, one) for one in raised)))
    return [line for line in lines if line]


def flag_label(reader: Reader, raised: Raised) -> str:
    """A flag in a few words, with its minutes."""
    late = "" if raised.minutes is None else reader.duration(raised.minutes)
    return reader.label(_FLAGS[raised.flag], late=late)


def _sources_line(reader: Reader, detail: SessionDetail) -> Markup | None:
    found = detail.sources
    if found.checked_in is None:
        return None
    if found.checked_in is found.checked_out and found.checked_in in _BOTH:
        return reader.text(_BOTH[found.checked_in])
    checked_in = reader.label(_SOURCES[found.checked_in])
    if found.checked_out is None or detail.view.appointment.checked_out_at is None:
        return reader.text("Times: in by {checked_in}", checked_in=checked_in)
    checked_out = reader.label(_SOURCES[found.checked_out])
    return reader.text(
        "Times: in by {checked_in}, out by {checked_out}",
        checked_in=checked_in,
        checked_out=checked_out,
    )
