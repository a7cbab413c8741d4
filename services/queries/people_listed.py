"""People and children in lists, by name and key-paged, for coordinators (SPEC 10).

A name is sought anywhere in it, so a page may read every person, of whom an agency has thousands;
it reads nothing of sessions.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import col, or_, select

from models import Guardianship, Person, Student
from models.enums import Role
from services.db import Session
from services.queries.found_people import FoundStudent, parents_of
from services.rules.texts import ERASED

A_PAGE = 50
"""Most people or children on a page."""


class Place(NamedTuple):
    """Place in a list that is ordered by name."""

    name: str
    id: int


@dataclass(frozen=True)
class ListedPerson:
    """A person with the names of their children."""

    person: Person
    children: tuple[str, ...]


def people_listed(
    session: Session, search: str, role: Role | None, after: Place | None, limit: int = A_PAGE
) -> list[ListedPerson]:
    """A page of people after a place, and one more if others follow.

    `search`: part of their name, of their child's or the whole of their reference. `role`: only
    those who have it.
    """
    conditions = [_HAS_ROLE, *_after(Person, after), *_sought(search), *_in_role(role)]
    found = session.exec(
        select(Person)
        .where(*conditions)
        .order_by(col(Person.name), col(Person.id))
        .limit(limit + 1)
    ).all()
    children = children_names(session, found)
    return [ListedPerson(one, tuple(children[one.id])) for one in found]


def children_listed(
    session: Session, search: str, after: Place | None, limit: int = A_PAGE
) -> list[FoundStudent]:
    """A page of children with their guardians after a place, and one more if others follow.

    `search`: part of their name, or the whole of their reference.
    """
    conditions = [col(Student.name) != ERASED, *_after(Student, after)]
    if sought := search.strip():
        named = col(Student.name).icontains(sought, autoescape=True)
        conditions.append(or_(named, col(Student.ref) == sought))
    found = session.exec(
        select(Student)
        .where(*conditions)
        .order_by(col(Student.name), col(Student.id))
        .limit(limit + 1)
    ).all()
    parents = parents_of(session, [one.id for one in found])
    return [FoundStudent(one, tuple(parents[one.id])) for one in found]


def children_names(session: Session, people: Sequence[Person]) -> dict[int, list[str]]:
    """Names of the children of each of these people."""
    parents = [one.id for one in people if one.is_parent]
    names: defaultdict[int, list[str]] = defaultdict(list)
    if parents:
        rows = session.exec(
            select(Guardianship.person_id, Student.name)
            .join(Student, col(Student.id) == Guardianship.student_id)
            .where(col(Guardianship.person_id).in_(parents))
            .order_by(col(Student.name), col(Student.id))
        )
        for person_id, name in rows.all():
            names[person_id].append(name)
    return names


_HAS_ROLE = or_(col(Person.is_tutor), col(Person.is_parent), col(Person.is_coordinator))
"""Condition that a person has not been erased: then they have no role any more (SPEC 11)."""


def _after(table: type[Person] | type[Student], after: Place | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    return [tuple_(col(table.name), col(table.id)) > tuple_(*after)]


def _sought(search: str) -> list[ColumnElement[bool]]:
    sought = search.strip()
    if not sought:
        return []
    of_child = (
        select(Guardianship.person_id)
        .join(Student, col(Student.id) == Guardianship.student_id)
        .where(col(Student.name).icontains(sought, autoescape=True))
    )
    return [
        or_(
            col(Person.name).icontains(sought, autoescape=True),
            col(Person.ref) == sought,
            col(Person.id).in_(of_child),
        )
    ]


def _in_role(role: Role | None) -> list[ColumnElement[bool]]:
    has: dict[Role, ColumnElement[bool]] = {
        Role.TUTOR: col(Person.is_tutor).is_(True),
        Role.PARENT: col(Person.is_parent).is_(True),
        Role.COORDINATOR: col(Person.is_coordinator).is_(True),
    }
    return [has[role]] if role in has else []
