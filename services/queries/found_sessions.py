"""Sessions of people and children whom coordinators search for (SPEC 9)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from models import Appointment, Guardianship, Person, Student
from services.db import Session
from services.queries.sessions import SessionView, views_where

BACK = timedelta(days=14)
"""How far back the search goes."""


def sessions_called(session: Session, search: str, now: datetime, limit: int) -> list[SessionView]:
    """Sessions whose student's or tutor's name contains `search`: what is to come, soonest first,
    and then the past two weeks, newest first; at most `limit` of them.
    """
    name = search.strip()
    students = select(Student.id).where(col(Student.name).icontains(name, autoescape=True))
    tutors = select(Person.id).where(col(Person.name).icontains(name, autoescape=True))
    called = or_(col(Appointment.student_id).in_(students), col(Appointment.tutor_id).in_(tutors))
    starts_at = col(Appointment.starts_at)
    found = views_where(session, called, starts_at >= now, limit=limit)
    if len(found) < limit:
        past = (starts_at < now, starts_at >= now - BACK)
        found += views_where(session, called, *past, newest_first=True, limit=limit - len(found))
    return found


def nearest_sessions(
    session: Session, people: Sequence[int], students: Sequence[int], now: datetime, limit: int
) -> list[SessionView]:
    """Sessions that these people teach, or that they or these children have, the nearest first.

    From two weeks ago on, at most `limit` of them.
    """
    children = select(Guardianship.student_id).where(col(Guardianship.person_id).in_(people))
    theirs = or_(
        col(Appointment.tutor_id).in_(people),
        col(Appointment.student_id).in_(students),
        col(Appointment.student_id).in_(children),
    )
    starts_at = col(Appointment.starts_at)
    found = views_where(session, theirs, starts_at >= now, limit=limit)
    past = (starts_at < now, starts_at >= now - BACK)
    found += views_where(session, theirs, *past, newest_first=True, limit=limit)
    return sorted(found, key=lambda one: abs(one.appointment.starts_at - now))[:limit]
