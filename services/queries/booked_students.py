"""A tutor's students, each with the next session that is booked with the tutor (SPEC 9)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from models import Appointment, Person, Student
from models.enums import Status
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
    """A tutor's matches, and by name the students who have sessions to come in other subjects.

    What is `booked.first` of a match is the next session in its subject, be it the match's or one
    that was scheduled beside it.
    """
    booked = _booked(session, tutor, now)
    matches = [_with_next(one, booked) for one in matches_of_tutor(session, tutor, now)]
    matched = {(one.student.id, one.match.subject) for one in matches}
    others = [one for key, one in booked.items() if key not in matched]
    return matches, sorted(others, key=lambda one: (one.student.name, one.student.id, one.subject))


def _with_next(match: MatchView, booked: dict[tuple[int, str], BookedStudent]) -> MatchView:
    found = booked.get((match.student.id, match.match.subject))
    first = match.booked.first if found is None else found.first
    return replace(match, booked=replace(match.booked, first=first))


def _booked(session: Session, tutor: Person, now: datetime) -> dict[tuple[int, str], BookedStudent]:
    """Students with sessions to come, each with the next one, by student and subject."""
    views = views_with(_NEXT, session, tutor_id=tutor.id, now=now)
    return {
        (view.student.id, view.appointment.subject): BookedStudent(view.student, view.appointment)
        for view in views
    }


_one = aliased(Appointment)
_to_come = (
    select(_one.student_id, _one.subject, func.min(_one.starts_at).label("starts_at"))
    .where(
        _one.tutor_id == bindparam("tutor_id"),
        _one.status == Status.SCHEDULED,
        col(_one.starts_at) > bindparam("now"),
    )
    .group_by(col(_one.student_id), col(_one.subject))
    .subquery()
)
_NEXT = Prepared(
    views_by(
        Appointment.tutor_id == bindparam("tutor_id"),
        text("appointment.status = 'scheduled'"),
        select(_to_come.c.student_id)
        .where(
            _to_come.c.student_id == col(Appointment.student_id),
            _to_come.c.subject == col(Appointment.subject),
            _to_come.c.starts_at == col(Appointment.starts_at),
        )
        .exists(),
        limit=None,
    )
)
