"""Coordinators' lists, in private, since they name children (SPEC 3, 5, 9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.callbacks import ListName
from chat.cards.flagged import LISTS, flagged_screen, flags_screen
from chat.cards.found import FOUND, ask_screen, found_screen
from chat.cards.problem import problems_screen
from chat.cards.screens import SHOWN, and_more, session_label, turning
from chat.cards.session import headline_in_list
from chat.cards.waiting import open_dispute_lines, waiting_screen
from chat.lists.case import Composers, ListCase
from chat.screen import Screen
from locales.reader import Reader
from locales.wording import attendance_line, state_label, status_label
from models.enums import ListKind, Role
from services.queries import dashboard as agency_queries
from services.queries import session_lists
from services.queries.dashboard import Dashboard, Missed
from services.queries.flagged import flagged
from services.queries.found_people import everybody_called
from services.queries.found_sessions import sessions_called
from services.queries.packages import covering
from services.queries.problems import open_problems
from services.queries.sessions import SessionView
from services.queries.waiting import waiting

SEARCH_SHOWN = 60
"""How many characters of the search the answer repeats."""


@dataclass(frozen=True)
class Entry:
    """A session in a coordinators' list."""

    lines: Markup
    label: str
    about: int
    """The session's id."""


def _dashboard_screen(case: ListCase) -> Screen:
    reader = case.reader
    counts = agency_queries.dashboard(case.session, case.agency, case.now)
    more = (
        (ListName.IN_PROGRESS, reader.label("In progress"), counts.in_progress),
        (ListName.AWAITING, reader.label("Awaiting"), counts.awaiting),
        (ListName.DISPUTES, reader.label("Disputes"), counts.disputes),
        (ListName.PROBLEMS, reader.label("Problems"), counts.problems),
        (ListName.MISSED, reader.label("Missed"), len(counts.missed)),
    )
    buttons = (
        keyboards.button(f"{label} ({count})", callbacks.ShowList(name))
        for name, label, count in more
        if count
    )
    attendance = keyboards.button(reader.label("Attendance"), callbacks.ShowList(ListName.FLAGS))
    return Screen(counts_of_agency(reader, counts), keyboards.in_pairs(*buttons, attendance))


def _disputes_screen(case: ListCase) -> Screen:
    reader = case.reader
    found = agency_queries.open_disputes(case.session)
    nothing = reader.text("No open disputes. New ones are posted in the group.")
    entries = [
        Entry(
            open_dispute_lines(reader, one),
            reader.label("Dispute {number}", number=one.dispute.id),
            one.view.id,
        )
        for one in found
    ]
    return _list(case, reader.text("<b>Open disputes</b>"), entries, nothing)


def _problems_screen(case: ListCase) -> Screen:
    return problems_screen(case.reader, open_problems(case.session))


def _missed_screen(case: ListCase) -> Screen:
    reader = case.reader
    found = agency_queries.missed(case.session, case.agency, case.now)
    nothing = reader.text("No check-in or check-out is missing.")
    entries = [
        Entry(_missed_lines(reader, one), session_label(reader, one.view), one.view.id)
        for one in found
    ]
    return _list(case, reader.text("<b>Missed</b>"), entries, nothing)


def _in_progress_screen(case: ListCase) -> Screen:
    reader = case.reader
    found = session_lists.all_in_progress(case.session)
    nothing = reader.text("No session is in progress.")
    return _sessions_list(case, reader.text("<b>In progress</b>"), found, nothing)


def _awaiting_screen(case: ListCase) -> Screen:
    reader = case.reader
    found = session_lists.all_awaiting(case.session)
    nothing = reader.text("No session is waiting for parents.")
    return _sessions_list(case, reader.text("<b>Awaiting parents</b>"), found, nothing)


def _pending_screen(case: ListCase) -> Screen:
    return waiting_screen(case.reader, waiting(case.session, case.agency, case.now))


def _flags_screen(case: ListCase) -> Screen:
    return flags_screen(case.reader, flagged(case.session, case.now))


def _flagged_screen(name: ListName, case: ListCase) -> Screen:
    return flagged_screen(case.reader, flagged(case.session, case.now), name)


_SCREENS: Mapping[ListName, Callable[[ListCase], Screen]] = MappingProxyType(
    {
        ListName.DASHBOARD: _dashboard_screen,
        ListName.DISPUTES: _disputes_screen,
        ListName.PROBLEMS: _problems_screen,
        ListName.MISSED: _missed_screen,
        ListName.IN_PROGRESS: _in_progress_screen,
        ListName.AWAITING: _awaiting_screen,
        ListName.PENDING: _pending_screen,
        ListName.FLAGS: _flags_screen,
        **{name: partial(_flagged_screen, name) for name in LISTS},
    }
)


def _sessions_list(
    case: ListCase, title: Markup, found: list[SessionView], nothing: Markup
) -> Screen:
    reader = case.reader
    entries = [
        Entry(_attendance_lines(reader, view), session_label(reader, view), view.id)
        for view in found
    ]
    return _list(case, title, entries, nothing)


def _called(case: ListCase) -> Screen:
    reader, name = case.reader, case.argument[:SEARCH_SHOWN]
    found = sessions_called(case.session, case.argument, case.now, SHOWN + 1)
    nothing = reader.text(
        "No session of “{name}” in the last two weeks, and none to come.", name=name
    )
    title = reader.text("<b>Sessions of “{name}”</b>", name=name)
    if len(found) > SHOWN:
        title += Markup("\n") + reader.text(
            "There are more. Send /dashboard with more of the name."
        )
    entries = [
        Entry(_status_lines(reader, view), session_label(reader, view), view.id)
        for view in found[:SHOWN]
    ]
    return _list(case, title, entries, nothing)


def _status_lines(reader: Reader, view: SessionView) -> Markup:
    label = Markup("<b>{}</b>").format(state_label(reader, view, Role.COORDINATOR))
    return Markup("\n").join([*headline_in_list(reader, view, Role.COORDINATOR), label])


def _list(case: ListCase, title: Markup, entries: list[Entry], nothing: Markup) -> Screen:
    """A page of the entries, a button for each, the ways to other pages, and *Back*."""
    reader = case.reader
    back = (keyboards.button(reader.label("Back"), callbacks.ShowList(ListName.DASHBOARD)),)
    if not entries:
        return Screen(nothing, (back,))
    before = case.offset if case.offset < len(entries) else 0
    shown, left = entries[before : before + SHOWN], len(entries) - before - SHOWN
    blocks = [title, *(one.lines for one in shown)]
    if left > 0:
        blocks.append(and_more(reader, left))
    buttons = (keyboards.button(one.label, callbacks.ShowSession(one.about)) for one in shown)
    after = before + SHOWN if left > 0 else None
    turn = turning(reader, before, SHOWN, after=after, to=case.page)
    return Screen(Markup("\n\n").join(blocks), (*keyboards.one_a_row(*buttons), *turn, back))


def counts_of_agency(reader: Reader, counts: Dashboard) -> Markup:
    """The agency in numbers, and when they were true."""
    lines = [
        reader.text("<b>The agency today</b> ({time})", time=reader.clock_time_only(reader.now)),
        reader.text("Sessions today: {count}", count=counts.today),
        reader.text("In progress: {count}", count=counts.in_progress),
        reader.text("Awaiting parents: {count}", count=counts.awaiting),
        reader.text("Unanswered for over 48 hours: {count}", count=counts.overdue),
        reader.text("Open disputes: {count}", count=counts.disputes),
        reader.text("Open problem reports: {count}", count=counts.problems),
        reader.text("Missed check-ins and check-outs: {count}", count=len(counts.missed)),
        reader.text("To find a person or a session, send /find with a name."),
    ]
    return Markup("\n").join(lines)


def _missed_lines(reader: Reader, one: Missed) -> Markup:
    status = status_label(reader, one.view.status, Role.COORDINATOR, one.kind)
    label = Markup("<b>{}</b>").format(status)
    return Markup("\n").join([*headline_in_list(reader, one.view, Role.COORDINATOR), label])


def _attendance_lines(reader: Reader, view: SessionView) -> Markup:
    attendance = escape(attendance_line(reader, view.appointment))
    return Markup("\n").join([*headline_in_list(reader, view, Role.COORDINATOR), attendance])


def _agency(case: ListCase) -> Screen:
    return _SCREENS[ListName(case.name)](case)


def _found(case: ListCase) -> Screen:
    if not case.argument:
        return ask_screen(case.reader)
    found = everybody_called(case.session, case.argument, case.now, FOUND + 1)
    children = [one.student.id for one in found.students[:FOUND]]
    packages = covering(case.session, children, case.now) if children else {}
    return found_screen(case.reader, found, case.argument[:SEARCH_SHOWN], packages)


COMPOSERS: Composers = {
    ListKind.AGENCY: _agency,
    ListKind.CALLED: _called,
    ListKind.FOUND: _found,
}
