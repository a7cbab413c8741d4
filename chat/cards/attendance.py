"""Attendance flags and the sources of both times, for coordinators (SPEC 3)."""

from markupsafe import Markup, escape

from locales.attendance_words import flag_label, sources_told
from locales.reader import Reader
from models.enums import Role
from services.lifecycle.facts import flags_of_row
from services.queries.sessions import SessionDetail


def attendance_lines(reader: Reader, detail: SessionDetail, role: Role) -> list[Markup]:
    """Where the times come from, and what stands out; for coordinators only."""
    row = detail.view.appointment
    if role is not Role.COORDINATOR or row.checked_in_at is None:
        return []
    raised = flags_of_row(row, has_notes=bool(detail.notes))
    is_checked_out = row.checked_out_at is not None
    lines = [escape(sources_told(reader, detail.sources, is_checked_out=is_checked_out))]
    if raised:
        lines.append(escape("🚩 " + reader.listed(flag_label(reader, one) for one in raised)))
    return [line for line in lines if line]
