"""Questions that ask for a session: each has a button for every one that qualifies, and *Leave*."""

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.screens import choice_screen, next_line, session_label
from chat.lists.case import Composers, ListCase
from chat.screen import Screen
from models.enums import ListKind
from services.queries import eligible, session_lists


def _to_check_in(case: ListCase) -> Screen | None:
    ready = eligible.to_check_in(case.session, case.person, case.agency, case.now)
    title = case.reader.text("Which session is starting?")
    return choice_screen(case.reader, title, ready, callbacks.CheckIn) if ready else None


def _to_check_out(case: ListCase) -> Screen | None:
    ready = eligible.to_check_out(case.session, case.person, case.now)
    title = case.reader.text("Which session is over?")
    return choice_screen(case.reader, title, ready, callbacks.CheckOut) if ready else None


def _for_notes(case: ListCase) -> Screen | None:
    found = eligible.for_notes(case.session, case.person, case.now)
    title = case.reader.text("Notes for which session?")
    return choice_screen(case.reader, title, found, callbacks.WriteNotes) if found else None


def _to_change(case: ListCase) -> Screen:
    """Sessions that can be moved or cancelled, or have a request.

    Of those that are too near for that, coordinators can be told (SPEC 6).
    """
    reader = case.reader
    views = session_lists.changeable(case.session, case.person, case.now)
    there = {view.id for view in views}
    near = session_lists.too_late_to_change(case.session, case.person, case.now)
    tell = [
        keyboards.button(f"📣 {session_label(reader, one)}", callbacks.TellCoordinators(one.id))
        for one in near
        if one.id not in there
    ]
    title = reader.text("<b>Which session do you want to change?</b>")
    if not views:
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
    return choice_screen(reader, title, views, callbacks.ShowSession, *tell, why=why)


COMPOSERS: Composers = {
    ListKind.TO_CHECK_IN: _to_check_in,
    ListKind.TO_CHECK_OUT: _to_check_out,
    ListKind.FOR_NOTES: _for_notes,
    ListKind.TO_CHANGE: _to_change,
}
