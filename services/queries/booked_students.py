"""Students whom a tutor has sessions with, and no match (SPEC 9)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, text
from sqlmodel import col

from models import Appointment, Person, Student
from services.db import Session
from services.prepared import Prepared
from services.queries.matches import MatchView, matches_of_tutor
from services.queries.sessions import views_by, views_with


@dataclass(frozen=True)
class BookedStudent:
    """Student with the next of the sessions that are booked with a tutor in a subject."""

    student: Student
    first: Appointment

    @property
    def subject(self) -> str:
        """Subject of the sessions."""
        return self.first.subject


def students_of_tutor(
    session: Session, tutor: Person, now: datetime
) -> tuple[list[MatchView], list[BookedStudent]]:
    """A tutor's students: their matches, and those without one who have sessions to come."""
    found = matches_of_tutor(session, tutor, now)
    matched = {one.student.id for one in found}
    return found, _booked(session, tutor, now, besides=matched)


def _booked(
    session: Session, tutor: Person, now: datetime, *, besides: Collection[int]
) -> list[BookedStudent]:
    """Students with sessions to come, by name, once for each subject.

    `besides`: ids of students who are shown with their match.
    """
    views = views_with(_TO_COME, session, tutor_id=tutor.id, now=now, besides=sorted(besides))
    first: dict[tuple[int, str], BookedStudent] = {}
    for view in views:
        key = (view.student.id, view.appointment.subject)
        first.setdefault(key, BookedStudent(view.student, view.appointment))
    return sorted(first.values(), key=lambda one: (one.student.name, one.student.id, one.subject))


_TO_COME = Prepared(
    views_by(
        Appointment.tutor_id == bindparam("tutor_id"),
        text("appointment.status = 'scheduled'"),
        col(Appointment.starts_at) > bindparam("now"),
        col(Appointment.student_id).not_in(bindparam("besides", type_=Integer, expanding=True)),
        limit=None,
    )
)
