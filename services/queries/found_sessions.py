"""Coordinators' search for sessions by name (SPEC 2, 9)."""

from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from models import Appointment, Person, Student
from services.db import Session
from services.queries.sessions import SessionView, views_where

BACK = timedelta(days=14)
"""How far back the search goes."""


def sessions_called(session: Session, search: str, now: datetime, limit: int) -> list[SessionView]:
    """Sessions whose student's or tutor's name contains `search`, by their start.

    From two weeks ago on, at most `limit` of them.
    """
    name = search.strip()
    students = select(Student.id).where(col(Student.name).icontains(name, autoescape=True))
    tutors = select(Person.id).where(col(Person.name).icontains(name, autoescape=True))
    return views_where(
        session,
        or_(col(Appointment.student_id).in_(students), col(Appointment.tutor_id).in_(tutors)),
        Appointment.starts_at >= now - BACK,
        limit=limit,
    )
