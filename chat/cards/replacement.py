"""The replacement of a lost session, on the cards of both (SPEC 6)."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.cards.reason import quoted
from chat.keyboards import InlineButton, Rows
from locales.reader import Reader
from locales.wording import action_done, replacement_slot, request_closed, status_label
from models import Appointment
from models.enums import Action, Role
from services.queries.replacements import AskedFor
from services.queries.sessions import SessionDetail
from services.rules.action_checks import NOT_HELD
from services.rules.minutes import minute_of


def replacement_lines(
    reader: Reader, detail: SessionDetail, role: Role, viewer_id: int | None
) -> list[Markup]:
    """The session that replaces this one or that this one replaces, or who asked for one."""
    found = detail.replacement
    lines = []
    if found.of is not None:
        slot = replacement_slot(reader, found, found.of, role)
        lines.append(reader.text("Replaces the session of {slot}", slot=slot))
    if found.by is not None:
        slot, status = replacement_slot(reader, found, found.by, role), found.by.status
        line = reader.text("Replaced by the session of <b>{slot}</b>", slot=slot)
        if status in NOT_HELD:
            line = reader.text(
                "Its replacement of {slot}: {status}",
                slot=slot,
                status=status_label(reader, status, role),
            )
        lines.append(line)
    elif found.asked is not None:
        asked, action = found.asked, Action.ASK_REPLACEMENT
        lines.append(
            escape(action_done(reader, action, asked.who, asked.at, asked.actor_id == viewer_id))
        )
        lines += wished_lines(reader, detail.view.appointment, asked)
        if asked.said and (role is Role.COORDINATOR or asked.actor_id == viewer_id):
            lines.append(quoted(asked.said))
    elif found.closed_at is not None:
        lines.append(escape(request_closed(reader, found.closed_at)))
    return lines


def wished_lines(reader: Reader, lost: Appointment, asked: AskedFor) -> list[Markup]:
    """The time that was asked for, if one was chosen."""
    slot = asked.slot(lost)
    if slot is None:
        return []
    return [reader.text("Asked for: <b>{slot}</b>", slot=reader.dated_slot(*slot))]


def told_coordinators(reader: Reader, lost: Appointment, asked: AskedFor) -> list[Markup]:
    """The same, and what was written about it."""
    words = [quoted(asked.said)] if asked.said else []
    return [*wished_lines(reader, lost, asked), *words]


def offered_rows(reader: Reader, appointment_id: int, starts: Sequence[datetime]) -> Rows:
    """A button for each free time with which a cancelled session can be replaced."""
    buttons = (offered_button(reader.dated_moment(one), appointment_id, one) for one in starts)
    return keyboards.one_a_row(*buttons)


def offered_button(label: str, appointment_id: int, start: datetime) -> InlineButton:
    """A button that asks for this time in place of a lost session."""
    does = callbacks.AskReplacementAt(appointment_id, minute_of(start))
    return keyboards.button(label, does)
