"""Coordinators' search from any page: people, children, and sessions by number (SPEC 10)."""

from dataclasses import dataclass

from models import Person, Student
from services.db import Session
from services.queries.found_people import FoundStudent, called_alike
from services.queries.people_listed import ListedPerson, children_listed, people_listed
from services.queries.sessions import SessionView, session_view

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
    alike: list[Person | Student]
    """Those whose name is like a mistyped one, where nothing else was found."""


def find_anything(session: Session, search: str) -> Anything:
    """People and children by part of a name or by reference; a session by its number, `#12` too.

    Where there are none, those whose name is like it, as in the chat.
    """
    sought = search.strip()
    if not sought:
        return Anything([], [], None, [])
    number = sought.removeprefix("#")
    is_number = number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER
    people = people_listed(session, sought, None, None, MOST)
    children = children_listed(session, sought, None, MOST)
    view = session_view(session, int(number)) if is_number else None
    is_found = bool(people or children or view)
    return Anything(people, children, view, [] if is_found else called_alike(session, sought))
