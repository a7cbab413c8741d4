"""Sessions that a coordinator looks for by a name (SPEC 2, 9)."""

from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from models import Appointment, Person, Student
from services.db import Session
from services.queries.sessions import SessionView, views_where

BACK = timedelta(days=14)
"""How far back sessions are looked for."""


def sessions_called(session: Session, search: str, now: datetime, limit: int) -> list[SessionView]:
    """Sessions whose student's or tutor's name has `search` in it, by their start.

    Those of the last two weeks and all to come, but no more than `limit`.
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
