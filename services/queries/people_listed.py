"""People and children in lists, by name and key-paged, for coordinators (SPEC 10).

A name is sought anywhere in it, so a page may read every person, of whom an agency has thousands;
it reads nothing of sessions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, bindparam, tuple_
from sqlmodel import col, or_, select

from models import Guardianship, Person, Student
from models.enums import Role
from services.db import Session
from services.prepared import Prepared
from services.queries.containing import contained, contains
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
    sought = search.strip()
    prepared = _people(role, bool(sought), after is not None)
    found = [row[0] for row in prepared.some_of(session, _values(sought, after, limit))]
    children = children_names(session, found)
    return [ListedPerson(one, tuple(children[one.id])) for one in found]


def children_listed(
    session: Session, search: str, after: Place | None, limit: int = A_PAGE
) -> list[FoundStudent]:
    """A page of children with their guardians after a place, and one more if others follow.

    `search`: part of their name, or the whole of their reference.
    """
    sought = search.strip()
    prepared = _students(bool(sought), after is not None)
    found = [row[0] for row in prepared.some_of(session, _values(sought, after, limit))]
    parents = parents_of(session, [one.id for one in found])
    return [FoundStudent(one, tuple(parents[one.id])) for one in found]


def children_names(session: Session, people: Sequence[Person]) -> dict[int, list[str]]:
    """Names of the children of each of these people."""
    parents = [one.id for one in people if one.is_parent]
    names: defaultdict[int, list[str]] = defaultdict(list)
    if parents:
        for person_id, name in _CHILDREN.rows(session, person_ids=parents):
            names[person_id].append(name)
    return names


_HAS_ROLE = or_(col(Person.is_tutor), col(Person.is_parent), col(Person.is_coordinator))
"""Condition that a person has not been erased: then they have no role any more (SPEC 11)."""


def _values(sought: str, after: Place | None, limit: int) -> dict[str, object]:
    return {
        "sought": contained(sought),
        "ref": sought,
        "after_name": after.name if after else None,
        "after_id": after.id if after else None,
        "length": limit + 1,
    }


@cache
def _people(role: Role | None, has_search: bool, has_place: bool) -> Prepared:
    conditions: list[Any] = [_HAS_ROLE]
    if has_place:
        conditions.append(_after(Person))
    if has_search:
        conditions.append(_sought())
    if role is not None:
        conditions.append(_IN_ROLE[role])
    return _page(Person, conditions)


@cache
def _students(has_search: bool, has_place: bool) -> Prepared:
    conditions: list[Any] = [col(Student.name) != ERASED]
    if has_place:
        conditions.append(_after(Student))
    if has_search:
        conditions.append(contains(Student.name, "sought") | (Student.ref == bindparam("ref")))
    return _page(Student, conditions)


def _page(table: type[Person] | type[Student], conditions: Sequence[Any]) -> Prepared:
    return Prepared(
        select(table)
        .where(*conditions)
        .order_by(col(table.name), col(table.id))
        .limit(bindparam("length", type_=Integer))
    )


def _after(table: type[Person] | type[Student]) -> ColumnElement[bool]:
    place = (bindparam("after_name", type_=String), bindparam("after_id", type_=Integer))
    return tuple_(col(table.name), col(table.id)) > tuple_(*place)


def _sought() -> ColumnElement[bool]:
    of_child = (
        select(Guardianship.person_id)
        .join(Student, col(Student.id) == Guardianship.student_id)
        .where(contains(Student.name, "sought"))
    )
    return or_(
        contains(Person.name, "sought"),
        col(Person.ref) == bindparam("ref"),
        col(Person.id).in_(of_child),
    )


_IN_ROLE: Mapping[Role, ColumnElement[bool]] = MappingProxyType(
    {
        Role.TUTOR: col(Person.is_tutor).is_(True),
        Role.PARENT: col(Person.is_parent).is_(True),
        Role.COORDINATOR: col(Person.is_coordinator).is_(True),
    }
)
_CHILDREN = Prepared(
    select(Guardianship.person_id, Student.name)
    .join(Student, col(Student.id) == Guardianship.student_id)
    .where(col(Guardianship.person_id).in_(bindparam("person_ids", type_=Integer, expanding=True)))
    .order_by(col(Student.name), col(Student.id))
)
