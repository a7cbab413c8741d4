"""Questions that ask for a session: each has a button for every one that qualifies, and *Leave*."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.callbacks.together import CheckInTogether, CheckOutTogether, OfTogether
from chat.cards.screens import choice_screen, next_line, session_label, turning
from chat.cards.session import headline
from chat.cards.together import together_buttons
from chat.lists.case import Composers, ListCase
from chat.owed_answers import MOST, answer_buttons, owed_by
from chat.screen import Screen
from locales.typed_words import vocabulary_of
from models.enums import ListKind, Role
from services.messaging.lists import AHEAD, REMINDS
from services.queries import eligible, session_lists
from services.queries.session_lists import CHOICE
from services.queries.sessions import SessionView
from services.rules.refusals.notes import NothingForNotes
from services.rules.spoken_sessions import MOST_CHARACTERS, Known, Spoken, spoken_sessions

WORDS = "?"
"""What stands before words in an argument: sessions are offered of which they speak."""
SEARCHED = 100
"""The most sessions among which they are looked for."""


def speaking(text: str) -> str:
    """The argument of a question that offers the sessions of which a text speaks."""
    return WORDS + text[:MOST_CHARACTERS]


def spoken_in(case: ListCase, text: str) -> Spoken:
    """Sessions of which a text speaks, among all that the question offers."""
    return _spoken(case, text, _OFFERED[case.of.kind](case))


def _spoken(case: ListCase, text: str, views: Iterable[SessionView]) -> Spoken:
    reader = case.reader
    known = [Known(view.id, view.student.name, view.appointment.starts_at) for view in views]
    vocabulary = vocabulary_of(reader.language)
    return spoken_sessions(text, known, case.now, reader.zone, vocabulary)


def words_in(argument: str | None) -> str | None:
    """The words in an argument; None where it has none."""
    if argument is None or not argument.startswith(WORDS):
        return None
    return argument.removeprefix(WORDS)


def _words(case: ListCase) -> str | None:
    return words_in(case.of.argument)


def _meant(case: ListCase, views: list[SessionView]) -> list[SessionView]:
    """Those of which the argument speaks, the likeliest first; all, where it speaks of none."""
    if (words := _words(case)) is None:
        return views
    by_id = {view.id: view for view in views}
    return [by_id[number] for number in _spoken(case, words, views).ids] or views


def _ready_to_check_in(case: ListCase) -> list[SessionView]:
    return eligible.to_check_in(case.session, case.person, case.agency, case.now)


def _ready_to_check_out(case: ListCase) -> list[SessionView]:
    return eligible.to_check_out(case.session, case.person, case.now)


def _all_to_change(case: ListCase) -> list[SessionView]:
    """Sessions that can be moved or cancelled, and those too near for it, by start."""
    about = (case.session, case.person, case.now)
    found = [
        *session_lists.too_late_to_change(*about),
        *session_lists.changeable(*about, SEARCHED),
    ]
    return list({view.id: view for view in found}.values())


_OFFERED = MappingProxyType(
    {
        ListKind.TO_CHECK_IN: _ready_to_check_in,
        ListKind.TO_CHECK_OUT: _ready_to_check_out,
        ListKind.TO_CHANGE: _all_to_change,
    }
)


def reminder_of(ids: Iterable[int], *, ahead: bool = False) -> str:
    """The argument of a question that comes as a reminder of these sessions.

    `ahead`: before their end.
    """
    return REMINDS + (AHEAD if ahead else "") + "-".join(map(str, sorted(ids)))


def _reminded(case: ListCase) -> frozenset[int] | None:
    """Sessions of which the question is a reminder; None where it was asked for."""
    argument = case.of.argument or ""
    if not argument.startswith(REMINDS):
        return None
    ids = argument.removeprefix(REMINDS).removeprefix(AHEAD)
    return frozenset(int(one) for one in ids.split("-"))


def _to_check_in(case: ListCase) -> Screen | None:
    title = case.reader.text("Which session is starting?")
    reminder = case.reader.text("⏰ Check-in is open. Tap the button when you are there.")
    taps = (callbacks.CheckIn, CheckInTogether)
    return _to_tap(case, _ready_to_check_in(case), title, reminder, taps)


def _to_check_out(case: ListCase) -> Screen | None:
    title = case.reader.text("Which session is over?")
    is_ahead = (case.of.argument or "").startswith(REMINDS + AHEAD)
    reminder = (
        case.reader.text("⏰ Check-out is open.")
        if is_ahead
        else case.reader.text("⏰ These sessions are over. Please check out.")
    )
    taps = (callbacks.CheckOut, CheckOutTogether)
    return _to_tap(case, _ready_to_check_out(case), title, reminder, taps)


def _to_tap(
    case: ListCase,
    ready: list[SessionView],
    title: Markup,
    reminder: Markup,
    taps: tuple[type[callbacks.OfSession], type[OfTogether]],
) -> Screen | None:
    """A button for each session that is ready, below one for siblings taught together.

    A reminder has them with their times and addresses, and can be left as it is.
    """
    reader, (each, of_several) = case.reader, taps
    reminded = _reminded(case)
    if reminded is not None:
        ready = [view for view in ready if view.id in reminded]
    views = _meant(case, ready)
    if not views:
        return None
    first = together_buttons(case.session, reader, views, of_several)
    asked = choice_screen(reader, title, views, each, first=first)
    if reminded is None:
        return asked
    sessions = [Markup("\n").join(headline(reader, view, Role.TUTOR)) for view in views]
    return Screen(Markup("\n\n").join([reminder, *sessions]), asked.rows[:-1])


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
    offset = int(case.of.argument or 0) if _words(case) is None else 0
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
    first page. Where words were given, it is those of which they speak, and the way to all.
    """
    reader = case.reader
    title = reader.text("<b>Which session do you want to change?</b>")
    near = session_lists.too_late_to_change(case.session, case.person, case.now)
    if words := _words(case):
        views = _all_to_change(case)
        by_id = {view.id: view for view in views}
        if ids := _spoken(case, words, views).ids[:CHOICE]:
            too_near = {view.id for view in near} & set(ids)
            everything = keyboards.button(reader.label("Show all"), callbacks.ChangePage(0))
            return _change_screen(
                case,
                title,
                [by_id[number] for number in ids if number not in too_near],
                [by_id[number] for number in ids if number in too_near],
                ((everything,),),
            )

    def find(most: int) -> list[SessionView]:
        return session_lists.changeable(case.session, case.person, case.now, most)

    page = _page(case, find, callbacks.ChangePage)
    near = [one for one in near if page.is_first and one.id not in page.there]
    if not page.views:
        later = session_lists.next_scheduled(case.session, case.person, case.now)
        nothing = reader.text(
            "There is no session you can change: changes close four hours before the start."
        )
        empty = next_line(reader, nothing, later)
        if not near:
            return empty
        title = Markup(empty.text)  # noqa: S704  # it is HTML of ours already
    return _change_screen(case, title, page.views, near, page.turn)


def _change_screen(
    case: ListCase,
    title: Markup,
    views: list[SessionView],
    near: list[SessionView],
    turn: keyboards.Rows,
) -> Screen:
    """The question which to change; of those that are too `near`, coordinators can be told."""
    reader = case.reader
    tell = [
        keyboards.button(f"📣 {session_label(reader, one)}", callbacks.TellCoordinators(one.id))
        for one in near
    ]
    why = (
        reader.text("📣 Within four hours of the start only the coordinators can change a session.")
        if tell
        else None
    )
    return choice_screen(reader, title, views, callbacks.ShowSession, *tell, why=why, turn=turn)


def _to_answer(case: ListCase) -> Screen | None:
    """The requests that wait for the reader's answer."""
    owed = owed_by(case.session, case.person, case.now)[:MOST]
    told = case.reader.text(
        "Please tap the request that you mean: what you write does not count as an answer."
    )
    buttons = answer_buttons(case.reader, owed, callbacks.ShowSession)
    return Screen(told, keyboards.one_a_row(*buttons)) if owed else None


COMPOSERS: Composers = {
    ListKind.TO_CHECK_IN: _to_check_in,
    ListKind.TO_CHECK_OUT: _to_check_out,
    ListKind.FOR_NOTES: _for_notes,
    ListKind.TO_CHANGE: _to_change,
    ListKind.TO_ANSWER: _to_answer,
}
