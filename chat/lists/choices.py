"""Questions that ask for a session: each has a button for every one that qualifies, and *Leave*."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.screens import choice_screen, next_line, session_label, turning
from chat.lists.case import Composers, ListCase
from chat.screen import Screen
from models.enums import ListKind
from services.queries import eligible, session_lists
from services.queries.session_lists import CHOICE
from services.queries.sessions import SessionView
from services.rules.refusals.notes import NothingForNotes


def _to_check_in(case: ListCase) -> Screen | None:
    ready = eligible.to_check_in(case.session, case.person, case.agency, case.now)
    title = case.reader.text("Which session is starting?")
    return choice_screen(case.reader, title, ready, callbacks.CheckIn) if ready else None


def _to_check_out(case: ListCase) -> Screen | None:
    ready = eligible.to_check_out(case.session, case.person, case.now)
    title = case.reader.text("Which session is over?")
    return choice_screen(case.reader, title, ready, callbacks.CheckOut) if ready else None


@dataclass(frozen=True)
class _Page:
    """A page of a list."""

    views: list[SessionView]
    turn: keyboards.Rows
    """Buttons to the pages before and after it."""
    there: frozenset[int]
    """Sessions up to its end."""
    is_first: bool


def _page(
    case: ListCase,
    find: Callable[[int], list[SessionView]],
    to: Callable[[int], callbacks.OtherPage],
) -> _Page:
    """The page after as many sessions as the argument says, or the last one where it is gone.

    `find` gives the first so many sessions.
    """
    offset = int(case.of.argument or 0)
    reach = offset + CHOICE
    found = find(reach + 1)
    offset = min(offset, max(0, len(found) - 1) // CHOICE * CHOICE)
    after = reach if len(found) > reach else None
    turn = turning(case.reader, offset, CHOICE, after=after, to=to)
    there = frozenset(view.id for view in found)
    return _Page(found[offset:reach], turn, there, is_first=not offset)


def _for_notes(case: ListCase) -> Screen | None:
    """A page of the sessions to which notes can be added. Refused: NothingForNotes."""

    def find(most: int) -> list[SessionView]:
        return eligible.for_notes(case.session, case.person, case.now, most)

    page = _page(case, find, callbacks.NotesPage)
    if page.views:
        title = case.reader.text("Notes for which session?")
        return choice_screen(case.reader, title, page.views, callbacks.WriteNotes, turn=page.turn)
    if case.stands:
        return None
    raise NothingForNotes


def _to_change(case: ListCase) -> Screen:
    """A page of the sessions that can be moved or cancelled, or have a request.

    Of sessions that are too near to be changed, coordinators can be told (SPEC 6): they are on the
    first page.
    """
    reader = case.reader

    def find(most: int) -> list[SessionView]:
        return session_lists.changeable(case.session, case.person, case.now, most)

    page = _page(case, find, callbacks.ChangePage)
    near = (
        session_lists.too_late_to_change(case.session, case.person, case.now)
        if page.is_first
        else []
    )
    tell = [
        keyboards.button(f"📣 {session_label(reader, one)}", callbacks.TellCoordinators(one.id))
        for one in near
        if one.id not in page.there
    ]
    title = reader.text("<b>Which session do you want to change?</b>")
    if not page.views:
        later = session_lists.next_scheduled(case.session, case.person, case.now)
        nothing = reader.text(
            "There is no session you can change: changes close four hours before the start."
        )
        empty = next_line(reader, nothing, later)
        if not tell:
            return empty
        title = Markup(empty.text)  # noqa: S704  # it is HTML of ours already
    why = (
        reader.text("📣 Within four hours of the start only the coordinators can change a session.")
        if tell
        else None
    )
    return choice_screen(
        reader, title, page.views, callbacks.ShowSession, *tell, why=why, turn=page.turn
    )


COMPOSERS: Composers = {
    ListKind.TO_CHECK_IN: _to_check_in,
    ListKind.TO_CHECK_OUT: _to_check_out,
    ListKind.FOR_NOTES: _for_notes,
    ListKind.TO_CHANGE: _to_change,
}
