"""What a tutor's batch of extra sessions is checked against, and what was logged (SPEC 7)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import or_, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models import Appointment, Guardianship, Match, Student
from models.enums import Kind
from services.db import Session
from services.queries.scheduling import usual_with
from services.rules.adhoc import DAYS_BACK, AdhocLine, Circumstances, Taken, earliest_day
from services.rules.agency import Agency
from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.windows import NOT_OVER

HOURS = range(7, 22)
"""Hours at which a start is offered."""

_OCCUPIES = text(
    "appointment.status IN ('scheduled', 'checked_in', 'awaiting_approval_parent', 'approved',"
    " 'disputed')"
)
"""Sessions that take up time: all but those that were called off."""
_AGREED = text("match.status IN ('accepted', 'ended')")


@dataclass(frozen=True)
class Taught:
    """A child of a tutor, and what is usual of their sessions."""

    student: Student
    subject: str
    minutes: int


class LocalDay(NamedTuple):
    """A calendar day of somebody's zone."""

    date: date
    zone: ZoneInfo


def taught_children(session: Session, tutor_id: int) -> list[Student]:
    """Children with whom a tutor has or had a session, or an agreed match, by name."""
    has_session = (
        select(Appointment.id)
        .where(Appointment.tutor_id == tutor_id, Appointment.student_id == Student.id)
        .exists()
    )
    has_match = (
        select(Match.id)
        .where(Match.tutor_id == tutor_id, Match.student_id == Student.id, _AGREED)
        .exists()
    )
    found = session.exec(
        select(Student)
        .where(or_(has_session, has_match))
        .order_by(col(Student.name), col(Student.id))
    )
    return list(found.all())


def taught_child(session: Session, tutor_id: int, student_id: int) -> Taught | None:
    """One of these children; None where the tutor does not teach it."""
    usual = usual_with(session, student_id, tutor_id)
    children = {child.id: child for child in taught_children(session, tutor_id)}
    child = children.get(student_id)
    return None if child is None else Taught(child, usual.subject or "", usual.minutes)


def circumstances_of(
    session: Session, tutor_id: int, lines: Sequence[AdhocLine], agency: Agency, now: datetime
) -> Circumstances:
    """What the lines of a batch are checked against."""
    children = frozenset(child.id for child in taught_children(session, tutor_id))
    of_lines = {line.student_id for line in lines} & children
    return Circumstances(
        tutor_id=tutor_id,
        students=children,
        taken=_taken(session, tutor_id, of_lines, agency, now),
        siblings=_siblings(session, of_lines),
        now=now,
        agency=agency.zone,
    )


def _taken(
    session: Session, tutor_id: int, students: Collection[int], agency: Agency, now: datetime
) -> list[Taken]:
    """Sessions of tutor and children that take up time, as far back as can be logged."""
    found = session.exec(
        select(Appointment)
        .where(
            or_(
                col(Appointment.tutor_id) == tutor_id,
                col(Appointment.student_id).in_(sorted(students)),
            ),
            _OCCUPIES,
            col(Appointment.starts_at) > earliest_day(now, agency.zone) - NOT_OVER,
            col(Appointment.starts_at) < now,
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    return [
        Taken(one.tutor_id, one.student_id, one.starts_at, one.ends_at, one.kind is Kind.ADHOC)
        for one in found.all()
    ]


def _siblings(session: Session, students: Collection[int]) -> frozenset[frozenset[int]]:
    """Pairs of children with a common guardian, of which one is among `students`."""
    first, second = aliased(Guardianship), aliased(Guardianship)
    found = session.exec(
        select(first.student_id, second.student_id)
        .join(second, col(second.person_id) == first.person_id)
        .where(
            col(first.student_id).in_(sorted(students)),
            col(first.student_id) != second.student_id,
        )
    )
    return frozenset(frozenset(pair) for pair in found.all())


def free_starts(
    session: Session, tutor_id: int, student_id: int, day: LocalDay, agency: Agency, now: datetime
) -> list[datetime]:
    """Whole hours of a day that are over and in which neither tutor nor child was busy."""
    taken = _taken(session, tutor_id, [student_id], agency, now)
    starts = []
    for hour in HOURS:
        try:
            start = instant_of(datetime.combine(day.date, time(hour)), day.zone)
        except (NonexistentTimeError, AmbiguousTimeError):
            continue
        end = start + timedelta(minutes=15)
        if end <= now and not any(one.starts_at < end and one.ends_at > start for one in taken):
            starts.append(start)
    return starts


def logged_as(session: Session, tutor_id: int, line: AdhocLine) -> Appointment | None:
    """The extra session that is just this line; None where it was not logged."""
    return session.exec(
        select(Appointment).where(
            Appointment.tutor_id == tutor_id,
            Appointment.student_id == line.student_id,
            Appointment.starts_at == line.starts_at,
            Appointment.ends_at == line.ends_at,
            Appointment.subject == line.topic,
            Appointment.kind == Kind.ADHOC,
        )
    ).first()


def logged_together(
    session: Session, tutor_id: int, student_id: int, starts_at: datetime
) -> list[Appointment]:
    """The batch in which an extra session was logged, by start; empty where there is none."""
    at_once = session.exec(
        select(Appointment).where(
            Appointment.tutor_id == tutor_id,
            Appointment.starts_at == starts_at,
            Appointment.kind == Kind.ADHOC,
        )
    ).all()  # asked for the child too, SQLite reads all that the tutor ever held with it
    one = next((each for each in at_once if each.student_id == student_id), None)
    if one is None:
        return []
    found = session.exec(
        select(Appointment)
        .where(
            Appointment.tutor_id == tutor_id,
            Appointment.kind == Kind.ADHOC,
            Appointment.created_at == one.created_at,
            Appointment.starts_at > one.created_at - timedelta(days=DAYS_BACK + 1),
            Appointment.starts_at < one.created_at,
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    return list(found.all())
