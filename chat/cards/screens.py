"""Screens of one session and of lists of sessions, as one person sees them."""

from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.session import session_card
from chat.current_user import CurrentUser
from chat.screen import Screen
from locales.excerpts import shortened
from locales.reader import Reader
from models import Person
from services.db import Session
from services.queries.offered_slots import offered_instead
from services.queries.sessions import (
    SessionDetail,
    SessionView,
    session_detail,
)
from services.rules.agency import Agency
from services.rules.refusals.sessions import NotFound

SHOWN = 15
"""The most sessions with all their lines in one message, which holds 4096 characters."""

ROOM = 3800
"""UTF-16 units for sessions in one message; the rest is for its title and end."""

NAME_LIMIT = 14
"""The most characters of a name on a button: a start fits beside it on a narrow phone."""
TEXT_NAME_LIMIT = 24
"""The most characters of a name beside a whole time: an answer to a tap holds 200."""


def session_screen(
    session: Session, user: CurrentUser, appointment_id: int, agency: Agency
) -> Screen:
    """The card of a session. Refused: NotFound, also for one that the user may not see."""
    return screen_for(session, user.person, user.reader, appointment_id, agency)


def screen_for(
    session: Session,
    person: Person,
    reader: Reader,
    appointment_id: int,
    agency: Agency,
    *,
    offers: bool = True,
) -> Screen:
    """The card of a session for `person`, in the first of their roles. Refused: NotFound.

    `offers`: whether it offers free times; not where it is shown without its buttons.
    """
    detail = session_detail(session, appointment_id, person)
    return screen_of(session, detail, person, reader, agency, offers=offers)


def screen_of(
    session: Session,
    detail: SessionDetail | None,
    person: Person,
    reader: Reader,
    agency: Agency,
    *,
    offers: bool = True,
) -> Screen:
    """The card of a session that was read for `person`. Refused: NotFound."""
    role = detail.role if detail else None
    if detail is None or role is None:
        raise NotFound
    about = (session, detail, reader.now, reader.zone, agency.zone)
    offered = offered_instead(*about) if offers else ()
    return session_card(reader, detail, role, agency, person.id, offered)


def fitting(blocks: Iterable[Markup], room: int = ROOM) -> list[Markup]:
    """The first blocks, as many as have room together in one message."""
    found = []
    for block in blocks:
        room -= length_of(block)
        if room < 0:
            break
        found.append(block)
    return found


def length_of(block: Markup) -> int:
    """UTF-16 units that a part of a message takes, with the empty line after it."""
    return len(block.striptags().encode("utf-16-le")) // 2 + len("\n\n")


def choice_screen(
    reader: Reader,
    title: Markup,
    views: Sequence[SessionView],
    does: type[callbacks.OfSession],
    *more: keyboards.InlineButton,
    first: Sequence[keyboards.InlineButton] = (),
    why: Markup | None = None,
    turn: keyboards.Rows = (),
) -> Screen:
    """A question with a button for each session that qualifies, `more` buttons, and *Leave*.

    `first` are buttons for several of them at once. `why` tells what `more` are for; `turn` leads
    to other pages.
    """
    buttons = [keyboards.button(session_label(reader, view), does(view.id)) for view in views]
    text = title if why is None else Markup("\n\n").join((title, why))
    rows = keyboards.one_a_row(*first, *buttons, *more)
    return Screen(text, (*rows, *turn, leave_row(reader)))


def turning(
    reader: Reader,
    offset: int,
    page: int,
    *,
    after: int | None,
    to: Callable[[int], callbacks.Button],
) -> keyboards.Rows:
    """*Earlier* and *More*, below the part of a list that begins at `offset`.

    `page` is the length of such a part, `after` where the next one begins, if there is more; `to`
    gives the button that shows one.
    """
    earlier = keyboards.button(reader.label("‹ Earlier"), to(max(0, offset - page)))
    more = None if after is None else keyboards.button(reader.label("More ›"), to(after))
    return keyboards.in_pairs(earlier if offset else None, more)


def leave_row(reader: Reader) -> keyboards.Row:
    """*Leave*: the question goes, and nothing is done."""
    return (keyboards.button(reader.label("Leave"), callbacks.LeaveList()),)


def and_more(reader: Reader, count: int) -> Markup:
    """The last line of a list that does not fit into the message."""
    return reader.texts("… and {count} more", "… and {count} more", count)


def session_name(reader: Reader, view: SessionView) -> str:
    """A session in one line of a text that is read today."""
    row, name = view.appointment, short_name(view.student.name, TEXT_NAME_LIMIT)
    return f"{name} · {reader.slot(row.starts_at, row.ends_at)}"


def session_label(reader: Reader, view: SessionView, *, lasts: bool = False) -> str:
    """A session on a button: child and start, in one line on a narrow phone.

    One that `lasts` has a date in place of "Today".
    """
    moment = reader.dated_moment if lasts else reader.moment
    return f"{short_name(view.student.name)} · {moment(view.appointment.starts_at)}"


def short_name(name: str, limit: int = NAME_LIMIT) -> str:
    """A name, cut so that the time beside it can be seen on a button."""
    return shortened(name, limit)


def next_line(reader: Reader, nothing: Markup, later: SessionView | None) -> Screen:
    """An empty list, with the next session or when there will be one (UX 15)."""
    if later is None:
        hint = reader.text("New sessions show up here as soon as they are booked.")
        return Screen(nothing + " " + hint)
    row = later.appointment
    slot = reader.slot(row.starts_at, row.ends_at)
    hint = reader.text(
        "The next one: <b>{student}</b>, {slot}.", student=later.student.name, slot=slot
    )
    return Screen(nothing + " " + hint, about=frozenset({later.id}))
