"""Coordinators' search from any page: people, children, and sessions by number (SPEC 10)."""

from dataclasses import dataclass

from services.db import Session
from services.queries.found_people import FoundStudent
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


def find_anything(session: Session, search: str) -> Anything:
    """People and children by part of a name or by reference; a session by its number, `#12` too."""
    sought = search.strip()
    if not sought:
        return Anything([], [], None)
    number = sought.removeprefix("#")
    is_number = number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER
    return Anything(
        people_listed(session, sought, None, None, MOST),
        children_listed(session, sought, None, MOST),
        session_view(session, int(number)) if is_number else None,
    )
