"""Coordinators' search by name: people, children, and the sessions of both (SPEC 9)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam
from sqlmodel import col, or_, select

from models import Appointment, Guardianship, Person, Student
from services.db import Session
from services.prepared import Prepared
from services.queries.found_sessions import BACK
from services.queries.scheduling import students_called
from services.queries.sessions import SessionView, views_where


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


def everybody_called(session: Session, search: str, now: datetime, limit: int) -> Found:
    """People and children whose name contains `search`, at most `limit` of each.

    With their sessions from two weeks ago on, by start: those that they teach or have, and those of
    their children.
    """
    people = session.exec(
        select(Person)
        .where(col(Person.name).icontains(search.strip(), autoescape=True))
        .order_by(col(Person.name), col(Person.id))
        .limit(limit)
    ).all()
    students = students_called(session, search, limit)
    parents = parents_of(session, [one.id for one in students])
    sessions = _sessions_of(
        session, [one.id for one in people], [one.id for one in students], now, limit
    )
    found = [FoundStudent(one, tuple(parents[one.id])) for one in students]
    return Found(list(people), found, sessions)


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


def _sessions_of(
    session: Session, people: list[int], students: list[int], now: datetime, limit: int
) -> list[SessionView]:
    children = select(Guardianship.student_id).where(col(Guardianship.person_id).in_(people))
    return views_where(
        session,
        or_(
            col(Appointment.tutor_id).in_(people),
            col(Appointment.student_id).in_(students),
            col(Appointment.student_id).in_(children),
        ),
        Appointment.starts_at >= now - BACK,
        limit=limit,
    )
