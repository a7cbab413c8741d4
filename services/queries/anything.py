"""Coordinators' search from any page: people, children, and sessions by number (SPEC 10)."""

from dataclasses import dataclass
from datetime import datetime

from models import Person, Student
from services.db import Session
from services.queries.found_people import FoundStudent, called_alike
from services.queries.people_listed import ListedPerson, children_listed, people_listed
from services.queries.sessions import SessionView, session_view
from services.queries.sessions_listed import SessionFilter, sessions_listed
from services.rules.agency import Agency

MOST = 20
"""Most people and most children that are shown."""
LONGEST_NUMBER = 9
"""Digits of the highest number that a row can have."""


@dataclass(frozen=True)
class Anything:
    """What was found; one more of each than `MOST` if there are others."""

    people: list[ListedPerson]
    students: list[FoundStudent]
    session: SessionView | None
    has_sessions: bool
    """Whether there are sessions of theirs, or of a subject that was sought."""
    alike: list[Person | Student]
    """Those whose name is like a mistyped one, where nothing else was found."""


def find_anything(session: Session, search: str, agency: Agency, now: datetime) -> Anything:
    """People and children by part of a name or by reference; a session by its number, `#12` too;
    whether a subject is called so.

    Where there are none, those whose name is like it, as in the chat.
    """
    sought = search.strip()
    if not sought:
        return Anything([], [], None, has_sessions=False, alike=[])
    number = sought.removeprefix("#")
    is_number = number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER
    people = people_listed(session, sought, None, None, MOST)
    children = children_listed(session, sought, None, MOST)
    view = session_view(session, int(number)) if is_number else None
    has_sessions = bool(people or children)
    if not has_sessions and view is None:  # every session's subject is read then
        words = SessionFilter(words=sought)
        has_sessions = bool(sessions_listed(session, words, agency, now, length=1)[0])
    is_found = has_sessions or view is not None
    alike = [] if is_found else called_alike(session, sought)
    return Anything(people, children, view, has_sessions, alike)
