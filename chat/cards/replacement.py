"""The replacement of a lost session, on the cards of both (SPEC 6)."""

from markupsafe import Markup, escape

from locales.reader import Reader
from locales.wording import action_done
from models import Appointment
from models.enums import Action
from services.queries.sessions import SessionDetail


def replacement_lines(reader: Reader, detail: SessionDetail, viewer_id: int | None) -> list[Markup]:
    """The session that replaces this one or that this one replaces, or who asked for one."""
    found = detail.replacement
    lines = []
    if found.of is not None:
        lines.append(reader.text("Replaces the session of {slot}", slot=_slot(reader, found.of)))
    if found.by is not None:
        slot = _slot(reader, found.by)
        lines.append(reader.text("Replaced by the session of <b>{slot}</b>", slot=slot))
    elif found.asked is not None:
        asked, action = found.asked, Action.ASK_REPLACEMENT
        lines.append(
            escape(action_done(reader, action, asked.who, asked.at, asked.actor_id == viewer_id))
        )
    return lines


def _slot(reader: Reader, appointment: Appointment) -> str:
    return reader.dated_slot(appointment.starts_at, appointment.ends_at)
