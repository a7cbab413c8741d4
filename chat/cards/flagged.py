"""Lists of sessions with an attendance flag, for coordinators (SPEC 3)."""

from types import MappingProxyType

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.callbacks import ListName
from chat.cards.screens import SHOWN, and_more, session_label
from chat.cards.session import headline_in_list
from chat.screen import Screen
from locales.attendance_words import flag_label
from locales.catalogue import phrase
from locales.reader import Reader
from locales.wording import attendance_line
from models.enums import Role
from services.queries.flagged import Flagged
from services.rules.attendance_flags import Flag

LISTS = MappingProxyType(
    {
        ListName.LATE_START: (Flag.LATE_START, phrase("Late start")),
        ListName.EARLY_LEAVE: (Flag.EARLY_LEAVE, phrase("Early leave")),
        ListName.SHORT: (Flag.SHORT, phrase("Short")),
        ListName.NO_NOTES: (Flag.NO_NOTES, phrase("No notes")),
    }
)
"""The list of each flag, and its name."""


def flags_screen(reader: Reader, found: list[Flagged]) -> Screen:
    """How many sessions have each flag, and the ways to them."""
    if not found:
        nothing = reader.text("No session of the last two weeks stands out.")
        return Screen(nothing, (_back(reader, ListName.DASHBOARD),))
    buttons = [
        keyboards.button(f"{reader.label(title)} ({count})", callbacks.ShowList(name))
        for name, (flag, title) in LISTS.items()
        if (count := sum(one.has(flag) for one in found))
    ]
    text = reader.text("<b>Attendance of the last two weeks</b>\nWhich sessions?")
    return Screen(text, (*keyboards.in_pairs(*buttons), _back(reader, ListName.DASHBOARD)))


def flagged_screen(reader: Reader, found: list[Flagged], name: ListName) -> Screen:
    """Sessions with one flag, newest first, with all their flags and a button each."""
    flag, title = LISTS[name]
    chosen = [one for one in found if one.has(flag)]
    blocks = [Markup("<b>{}</b>").format(reader.label(title))]
    blocks += [_lines(reader, one) for one in chosen[:SHOWN]]
    if not chosen:
        blocks.append(reader.text("No session of the last two weeks stands out."))
    if len(chosen) > SHOWN:
        blocks.append(and_more(reader, len(chosen) - SHOWN))
    buttons = (
        keyboards.button(session_label(reader, one.view), callbacks.ShowSession(one.view.id))
        for one in chosen[:SHOWN]
    )
    rows = (*keyboards.one_a_row(*buttons), _back(reader, ListName.FLAGS))
    return Screen(Markup("\n\n").join(blocks), rows)


def _lines(reader: Reader, one: Flagged) -> Markup:
    raised = reader.listed(flag_label(reader, flag) for flag in one.raised)
    attendance = attendance_line(reader, one.view.appointment)
    lines = [*headline_in_list(reader, one.view, Role.COORDINATOR), escape(attendance)]
    return Markup("\n").join([*lines, escape(f"🚩 {raised}")])


def _back(reader: Reader, name: ListName) -> keyboards.Row:
    return (keyboards.button(reader.label("Back"), callbacks.ShowList(name)),)
