"""Screens of one session and of lists of sessions, as one person sees them."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from chat import callbacks, keyboards
from chat.cards import headline, session_card, status_line
from chat.screen import Screen
from chat.visitors import Visitor
from locales.reader import Reader
from models import Person
from models.enums import Role, Status
from services.agency import Agency
from services.db import Session
from services.queries.sessions import SessionView, roles_in, session_detail
from services.rules.refusals import Refusal, RefusalCode

SHOWN = 15
"""The most sessions with all their lines in one message, which holds 4096 characters."""

ROOM = 3800
"""UTF-16 units for them in one message; the rest is for its title and end."""

NAME_LIMIT = 24
"""The most characters of a name on a button."""

_BEFORE_NOTES = (Status.SCHEDULED, Status.CHECKED_IN)

_PRECEDENCE = (Role.TUTOR, Role.PARENT, Role.COORDINATOR)


async def session_screen(
    session: Session, visitor: Visitor, appointment_id: int, agency: Agency
) -> Screen:
    """The card of one session. Refused: NOT_FOUND, also for a session that is not theirs to see."""
    return await screen_for(session, visitor.person, visitor.reader, appointment_id, agency)


async def screen_for(
    session: Session, person: Person, reader: Reader, appointment_id: int, agency: Agency
) -> Screen:
    """The card of one session as `person` sees it, in the first of their roles that it has."""
    detail = await session_detail(session, appointment_id, person)
    role = role_in(detail.roles) if detail else None
    if detail is None or role is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return session_card(reader, detail, role, agency, person.id)


async def list_screen(
    session: Session,
    visitor: Visitor,
    title: Markup,
    views: Sequence[SessionView],
    agency: Agency,
    *,
    lacking_notes: bool = False,
) -> Screen:
    """A list: a few lines a session, and a button for each; of a long one, what fits a message.

    `lacking_notes` says that those of the sessions that are over are here for want of notes: they
    say so, and their button asks for them.
    """
    reader = visitor.reader
    blocks, buttons, room = [title], [], ROOM
    for view in views[:SHOWN]:
        role = role_in(await roles_in(session, view.appointment, visitor.person)) or Role.PARENT
        wanting = lacking_notes and view.appointment.status not in _BEFORE_NOTES
        state = (
            reader.text("<b>Notes are missing</b>")
            if wanting
            else status_line(reader, view, role, agency)
        )
        lines = [*headline(reader, view, role), state]
        block = Markup("\n").join(lines)
        room -= len(block.striptags().encode("utf-16-le")) // 2 + len("\n\n")
        if room < 0:
            break
        blocks.append(block)
        buttons.append(
            keyboards.button(f"📝 {session_name(reader, view)}", callbacks.WriteNotes(view.id))
            if wanting
            else _list_button(reader, view, role, agency)
        )
    if len(buttons) < len(views):
        blocks.append(and_more(reader, len(views) - len(buttons)))
    return Screen(Markup("\n\n").join(blocks), keyboards.one_a_row(*buttons))


def choice_screen(
    reader: Reader, title: Markup, views: Sequence[SessionView], does: type[callbacks.OfSession]
) -> Screen:
    """Several sessions qualify: a button each."""
    return Screen(
        title,
        keyboards.one_a_row(
            *(keyboards.button(session_name(reader, view), does(view.id)) for view in views)
        ),
    )


def and_more(reader: Reader, count: int) -> Markup:
    """The end of a list that is longer than what is shown of it."""
    return reader.texts("… and {count} more", "… and {count} more", count)


def _list_button(
    reader: Reader, view: SessionView, role: Role, agency: Agency
) -> InlineKeyboardButton:
    name = _short(view.student.name)
    if role is Role.TUTOR and view.can_check_in(agency, reader.now):
        return keyboards.success(
            reader.label("Check in · {student}", student=name), callbacks.CheckIn(view.id)
        )
    if role is Role.TUTOR and view.can_check_out(reader.now):
        return keyboards.success(
            reader.label("Check out · {student}", student=name), callbacks.CheckOut(view.id)
        )
    return keyboards.button(session_name(reader, view), callbacks.ShowSession(view.id))


def session_name(reader: Reader, view: SessionView) -> str:
    """A session in one line, for a button."""
    slot = reader.slot(view.appointment.starts_at, view.appointment.ends_at)
    return f"{_short(view.student.name)} · {slot}"


def _short(name: str) -> str:
    """A name as a button has room for, with the time still to be seen beside it."""
    return name if len(name) <= NAME_LIMIT else name[: NAME_LIMIT - 1].rstrip() + "…"


def role_in(roles: frozenset[Role]) -> Role | None:
    """The role in which somebody sees a session, of those that they have in it."""
    return next((role for role in _PRECEDENCE if role in roles), None)


def next_line(reader: Reader, nothing: Markup, later: SessionView | None) -> Markup:
    """An empty list says what comes next, or when something will be here (UX 15)."""
    if later is None:
        return nothing + " " + reader.text("New sessions show up here as soon as they are booked.")
    row = later.appointment
    slot = reader.slot(row.starts_at, row.ends_at)
    return (
        nothing
        + " "
        + reader.text(
            "The next one: <b>{student}</b>, {slot}.", student=later.student.name, slot=slot
        )
    )
