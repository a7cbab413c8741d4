"""What a coordinator chooses from who schedules a session, and what is usual (SPEC 2)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlmodel import col, func, select

from models import Appointment, Person, Student
from services.db import Session
from services.rules.names import most_alike
from services.rules.scheduling import LONGEST, SHORTEST, USUAL_LENGTH

MINUTE = timedelta(minutes=1)
COMPARED = 5_000
"""Most names with which a mistyped one is compared."""
LIKE = 5
"""Most people or children that a mistyped name is taken for."""

Named = TypeVar("Named", Person, Student)


@dataclass(frozen=True)
class Usual:
    """What is likely for the next session, from those that there were."""

    tutor_id: int | None = None
    subject: str | None = None
    minutes: int = USUAL_LENGTH
    starts_at: datetime | None = None
    """Start of a session that tells the usual time of day."""
    is_theirs: bool = False
    """Whether it is what this tutor has with this child."""


def students_called(session: Session, search: str, limit: int | None = None) -> list[Student]:
    """Children whose name contains `search`, by name."""
    found = session.exec(
        select(Student)
        .where(col(Student.name).icontains(search.strip(), autoescape=True))
        .order_by(col(Student.name), col(Student.id))
        .limit(limit)
    )
    return list(found.all())


def students_like(session: Session, search: str) -> list[Student]:
    """Children whose name is like a mistyped one, likest first."""
    return named_like(session, Student, search)


def named_like(session: Session, table: type[Named], search: str) -> list[Named]:
    """People or children whose name is like a mistyped one, likest first."""
    names = session.exec(select(table.name).order_by(col(table.id)).limit(COMPARED)).all()
    alike = most_alike(search, dict.fromkeys(names), LIKE)
    found = session.exec(select(table).where(col(table.name).in_(alike)).limit(LIKE)).all()
    return sorted(found, key=lambda one: (alike.index(one.name), one.id))


def student_with(session: Session, student_id: int | None) -> Student | None:
    """Child with this id; None where there is none, or for None."""
    return None if student_id is None else session.get(Student, student_id)


def tutors_for(session: Session, student_id: int, search: str = "") -> list[Person]:
    """Tutors whose name contains `search`: those who teach the child first, the latest before.

    The others follow by name.
    """
    latest = (
        select(
            col(Appointment.tutor_id).label("tutor_id"),
            func.max(col(Appointment.starts_at)).label("at"),
        )
        .where(Appointment.student_id == student_id)
        .group_by(col(Appointment.tutor_id))
        .subquery()
    )
    found = session.exec(
        select(Person)
        .outerjoin(latest, latest.c.tutor_id == Person.id)
        .where(col(Person.is_tutor), col(Person.name).icontains(search.strip(), autoescape=True))
        .order_by(latest.c.at.is_(None), latest.c.at.desc(), col(Person.name), col(Person.id))
    )
    return list(found.all())


def usual_for(session: Session, student_id: int) -> Usual:
    """Usual tutor, subject, length and time of a child: those of the newest session."""
    return _usual(session, Appointment.student_id == student_id)


def usual_with(session: Session, student_id: int, tutor_id: int) -> Usual:
    """What is usual of a child with this tutor; where they are new to each other, of the tutor."""
    of_tutor = Appointment.tutor_id == tutor_id
    together = _usual(session, Appointment.student_id == student_id, of_tutor)
    if together.tutor_id is not None:
        return replace(together, is_theirs=True)
    return _usual(session, of_tutor)


def _usual(session: Session, *conditions: object) -> Usual:
    row = session.exec(
        select(Appointment)
        .where(*conditions)  # type: ignore[arg-type]  # comparisons of columns are no booleans
        .order_by(col(Appointment.starts_at).desc(), col(Appointment.id).desc())
        .limit(1)
    ).first()
    if row is None:
        return Usual()
    minutes = (row.ends_at - row.starts_at) // MINUTE
    length = minutes if SHORTEST <= minutes <= LONGEST else USUAL_LENGTH
    return Usual(row.tutor_id, row.subject, length, row.starts_at)
