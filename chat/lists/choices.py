"""Questions that ask for a session: each has a button for every one that qualifies, and *Leave*."""

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.screens import choice_screen, next_line, session_label, turning
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
    """A page of the sessions that can be moved or cancelled, or have a request.

    The argument is how many come before it. Of sessions that are too near to be changed,
    coordinators can be told (SPEC 6): they are on the first page.
    """
    reader, offset = case.reader, int(case.of.argument or 0)
    reach = offset + session_lists.CHOICE
    found = session_lists.changeable(case.session, case.person, case.now, reach + 1)
    offset = min(offset, max(0, len(found) - 1) // session_lists.CHOICE * session_lists.CHOICE)
    views = found[offset:reach]
    there = {view.id for view in found}
    near = (
        session_lists.too_late_to_change(case.session, case.person, case.now) if not offset else []
    )
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
    turn = turning(
        reader,
        offset,
        session_lists.CHOICE,
        after=reach if len(found) > reach else None,
        to=callbacks.ChangePage,
    )
    return choice_screen(reader, title, views, callbacks.ShowSession, *tell, why=why, turn=turn)


COMPOSERS: Composers = {
    ListKind.TO_CHECK_IN: _to_check_in,
    ListKind.TO_CHECK_OUT: _to_check_out,
    ListKind.FOR_NOTES: _for_notes,
    ListKind.TO_CHANGE: _to_change,
}
