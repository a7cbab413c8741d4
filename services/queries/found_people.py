"""Coordinators' search by name: people, children, and the sessions of both (SPEC 9)."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Integer, bindparam, case
from sqlmodel import col, or_, select

from models import Appointment, Guardianship, Person, Student
from services.db import Session
from services.prepared import Prepared
from services.queries.found_sessions import BACK, nearest_sessions
from services.queries.scheduling import COMPARED, LIKE, named_like
from services.queries.sessions import SessionView
from services.rules.names import most_alike

_WORD = re.compile(r"[^\W\d_]{2,}")
MOST_WORDS = 10
"""The most words of a text that are looked for among names."""


@dataclass(frozen=True)
class FoundStudent:
    """Child, with its guardians by name."""

    student: Student
    parents: tuple[Person, ...]


@dataclass(frozen=True)
class Found:
    """Everybody of a name, and their sessions; one more of each than can be shown."""

    people: list[Person]
    students: list[FoundStudent]
    sessions: list[SessionView]
    alike: list[Person | Student]
    """Those whose name is like it, where nobody is called so."""


def everybody_called(session: Session, search: str, now: datetime, limit: int) -> Found:
    """People and children whose name contains `search`, at most `limit` of each.

    Those first who have sessions now, or have had one in the last two weeks. With the sessions that
    they teach or have, and those of their children, the nearest first. Where nobody is called so,
    those whose name is like it.
    """
    name = search.strip()
    is_current = or_(_teaches(now), _has_child_taught(now))
    people = session.exec(
        select(Person)
        .where(col(Person.name).icontains(name, autoescape=True))
        .order_by(_first(is_current), col(Person.name), col(Person.id))
        .limit(limit)
    ).all()
    students = session.exec(
        select(Student)
        .where(col(Student.name).icontains(name, autoescape=True))
        .order_by(_first(_is_taught(now)), col(Student.name), col(Student.id))
        .limit(limit)
    ).all()
    if not (people or students):
        return Found([], [], [], called_alike(session, name))
    parents = parents_of(session, [one.id for one in students])
    sessions = nearest_sessions(
        session, [one.id for one in people], [one.id for one in students], now, limit
    )
    found = [FoundStudent(one, tuple(parents[one.id])) for one in students]
    return Found(list(people), found, sessions, [])


def names_in(session: Session, said: str) -> list[str]:
    """Words of a text that are parts of names, a few, those beside each other together:
    "mei", "emily lim". Only the first words are looked at.
    """
    words = _WORD.findall(said)[:MOST_WORDS]
    if not words:
        return []
    parts: set[str] = set()
    for table in (Person, Student):
        like = (col(table.name).icontains(word, autoescape=True) for word in words)
        found = session.exec(select(table.name).where(or_(*like)).limit(COMPARED)).all()
        parts.update(part for name in found for part in name.casefold().split())
    runs = groupby(words, key=lambda word: word.casefold() in parts)
    return list(dict.fromkeys(" ".join(run) for is_name, run in runs if is_name))[:LIKE]


def parents_of(session: Session, student_ids: Collection[int]) -> dict[int, list[Person]]:
    """Guardians of each of these children, by name."""
    found: defaultdict[int, list[Person]] = defaultdict(list)
    for student_id, person in _PARENTS.rows(session, student_ids=sorted(student_ids)):
        found[student_id].append(person)
    return found


_PARENTS = Prepared(
    select(Guardianship.student_id, Person)
    .join(Person, col(Person.id) == Guardianship.person_id)
    .where(
        col(Guardianship.student_id).in_(bindparam("student_ids", type_=Integer, expanding=True))
    )
    .order_by(col(Person.name), col(Person.id))
)


def _teaches(now: datetime) -> ColumnElement[bool]:
    return (
        select(Appointment.id)
        .where(Appointment.tutor_id == Person.id, Appointment.starts_at >= now - BACK)
        .exists()
    )


def _has_child_taught(now: datetime) -> ColumnElement[bool]:
    return (
        select(Appointment.id)
        .join(Guardianship, col(Guardianship.student_id) == Appointment.student_id)
        .where(Guardianship.person_id == Person.id, Appointment.starts_at >= now - BACK)
        .exists()
    )


def _is_taught(now: datetime) -> ColumnElement[bool]:
    return (
        select(Appointment.id)
        .where(Appointment.student_id == Student.id, Appointment.starts_at >= now - BACK)
        .exists()
    )


def _first(is_current: ColumnElement[bool]) -> ColumnElement[int]:
    return case((is_current, 0), else_=1)


def called_alike(session: Session, search: str) -> list[Person | Student]:
    """People and children whose name is like a mistyped one, likest first."""
    named: list[Person | Student] = [
        *named_like(session, Person, search),
        *named_like(session, Student, search),
    ]
    order = most_alike(search, dict.fromkeys(one.name for one in named), len(named))
    return sorted(named, key=lambda one: (order.index(one.name), one.id))[:LIKE]
