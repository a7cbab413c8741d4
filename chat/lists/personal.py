"""A tutor's and a parent's own lists: today, upcoming, to do, tomorrow, students (SPEC 8, 9)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from markupsafe import Markup

from chat.cards.match import students_screen
from chat.cards.screens import next_line
from chat.cards.sections import Section, sections_screen
from chat.lists.case import Composers, ListCase
from chat.screen import Screen
from models.enums import ListKind
from services.queries import session_lists
from services.queries.booked_students import students_of_tutor
from services.queries.days import of_children_on, taught_on
from services.queries.eligible import to_check_out
from services.queries.requests import answers_owed, answers_owed_by_family, requests_in
from services.queries.sessions import SessionView
from services.queries.todos import todos_of, without_notes
from services.rules.reminders import local_day, notes_asked_since


def _today(case: ListCase) -> Screen:
    reader = case.reader
    views = session_lists.of_day(case.session, case.person, case.agency, case.now)
    if views:
        title = reader.text("<b>Today's sessions</b>")
        return _sections(case, Section(title, views, day=reader.today))
    later = session_lists.next_scheduled(case.session, case.person, case.now)
    return next_line(reader, reader.text("No sessions today."), later)


def _upcoming(case: ListCase) -> Screen:
    reader = case.reader
    views = session_lists.upcoming(case.session, case.person, case.agency, case.now)
    if views:
        title = reader.text("<b>Today and the next seven days</b>")
        return _sections(case, Section(title, views))
    later = session_lists.next_scheduled(case.session, case.person, case.now)
    return next_line(reader, reader.text("No sessions today or in the next seven days."), later)


def _todos(case: ListCase) -> Screen:
    reader = case.reader
    views = todos_of(case.session, case.person, case.agency, case.now)
    asked = answers_owed(case.session, case.person, case.now)
    found = _with_requests(
        case,
        Section(reader.text("<b>Still to do</b>"), views, lacking_notes=True),
        Section(reader.text("<b>Requests waiting for your answer</b>"), asked),
    )
    if found is not None:
        return found
    nothing = reader.text("Nothing left to do. Sessions without notes appear here.")
    return Screen(nothing)


def _digest(case: ListCase) -> Screen | None:
    """What is to be checked out of still, today's sessions with their requests, requests about
    others, and notes: each session once.
    """
    reader, tutor = case.reader, case.person
    since = notes_asked_since(case.of.day, case.agency.zone)
    today = taught_on(case.session, tutor, case.agency, case.now)
    there = {view.id for view in today}
    unended = [one for one in to_check_out(case.session, tutor, case.now) if one.id not in there]
    unwritten = without_notes(case.session, tutor, case.now)
    ends = ((view, view.appointment.checked_out_at) for view in unwritten)
    asked_for = [view for view, ended in ends if ended is not None and ended > since]
    screen = _with_requests(
        case,
        Section(reader.text("<b>Not checked out yet</b>"), unended),
        Section(reader.text("<b>Today's sessions</b>"), today, day=case.of.day),
        _requests(case, answers_owed(case.session, tutor, case.now), today),
        Section(
            reader.text("<b>Notes still to write</b>"),
            asked_for,
            lacking_notes=True,
            title_says_it=True,
        ),
    )
    older = len(unwritten) - len(asked_for)
    if screen is None or not older:
        return screen
    more = reader.texts(
        "{count} older session has no notes: see /todos",
        "{count} older sessions have no notes: see /todos",
        older,
    )
    listed = Markup(screen.text)  # noqa: S704  # it is HTML of ours
    return replace(screen, text=Markup("\n\n").join((listed, more)))


def _day_before(case: ListCase) -> Screen | None:
    """Tomorrow's sessions, and requests; these keep it once the sessions have fallen through."""
    parent = case.person
    views = of_children_on(case.session, parent, case.agency, case.of.day)
    if not views and not case.stands:
        return None
    asked = answers_owed_by_family(case.session, parent, case.now)
    return _with_requests(
        case,
        Section(_title_of_day(case), views, day=case.of.day),
        _requests(case, asked, views),
    )


def _requests(
    case: ListCase, asked: Sequence[SessionView], above: Sequence[SessionView]
) -> Section:
    """Requests about sessions that are not listed above, with theirs."""
    there = {view.id for view in above}
    title = case.reader.text("<b>Requests waiting for your answer</b>")
    return Section(title, [one for one in asked if one.id not in there])


def _title_of_day(case: ListCase) -> Markup:
    tomorrow = local_day(case.now, case.agency.zone) + timedelta(days=1)
    if case.of.day == tomorrow:
        return case.reader.text("<b>Tomorrow's sessions</b>")
    return case.reader.text("<b>Today's sessions</b>")


def _students(case: ListCase) -> Screen:
    found = students_of_tutor(case.session, case.person, case.now)
    return students_screen(case.reader, *found, offset=case.offset, to=case.page)


def _with_requests(case: ListCase, *sections: Section) -> Screen | None:
    """The sections that have sessions, with the open requests of these; None if all are empty."""
    full = [section for section in sections if section.views]
    if not full:
        return None
    return _sections(case, *full)


def _sections(case: ListCase, *sections: Section) -> Screen:
    views = [view for one in sections for view in one.views]
    requests = requests_in(case.session, views, case.now)
    about = (case.session, case.person, case.reader, sections, case.agency)
    to = None if case.of.kind in _OF_THE_MORNING else case.page
    return sections_screen(*about, requests=requests, offset=case.offset, to=to)


_OF_THE_MORNING = (ListKind.DIGEST, ListKind.DAY_BEFORE)
"""Lists that come by themselves: the commands give the pages."""
COMPOSERS: Composers = {
    ListKind.SESSIONS: _today,
    ListKind.UPCOMING: _upcoming,
    ListKind.TODOS: _todos,
    ListKind.DIGEST: _digest,
    ListKind.DAY_BEFORE: _day_before,
    ListKind.STUDENTS: _students,
}
