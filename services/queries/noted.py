"""Sessions with notes for the pages: the list, and one session (SPEC 4, 10)."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, Integer, Select, bindparam, select
from sqlmodel import col

from models import Appointment, NotePart, NoteSummary, Person, Student
from models.enums import Role
from services.db import Session
from services.lifecycle.looked_up import is_found
from services.queries.notes import NoteView, notes_of
from services.queries.own_sessions import first_ids
from services.queries.sessions import (
    SessionView,
    by_start,
    children_of,
    role_in,
    roles_in,
    session_view,
)
from services.queries.summaries import is_withdrawn_from, summary_for

A_PAGE = 20
"""How many sessions a page shows."""


@dataclass(frozen=True)
class NotedSession:
    """Session in the list, with its names."""

    id: int
    subject: str
    starts_at: datetime
    ends_at: datetime
    student: str
    tutor: str


@dataclass(frozen=True)
class Noted:
    """Page of the list, newest first, and whether another page follows."""

    sessions: list[NotedSession]
    has_more: bool


@dataclass(frozen=True)
class SessionNotes:
    """Session's notes, for a reader with access to them."""

    view: SessionView
    role: Role
    """Role in which they read the notes."""
    notes: list[NoteView]
    summary: NoteSummary | None
    """Newest summary, in the reader's language if possible; None where it is hidden from them."""
    is_withdrawn: bool


def _number(name: str) -> BindParameter[int]:
    return bindparam(name, type_=Integer)


_HAS_NOTES = is_found(
    select(col(NotePart.id)).where(
        col(NotePart.appointment_id) == Appointment.id, col(NotePart.removed_at).is_(None)
    )
)
_NEWEST_FIRST = by_start(newest_first=True)
_EVERY = (
    select(
        col(Appointment.id),
        col(Appointment.subject),
        col(Appointment.starts_at),
        col(Appointment.ends_at),
        col(Student.name),
        col(Person.name),
    )
    .join(Student, col(Student.id) == Appointment.student_id)
    .join(Person, col(Person.id) == Appointment.tutor_id)
    .where(_HAS_NOTES)
    .order_by(*_NEWEST_FIRST)
    .limit(A_PAGE + 1)
    .offset(_number("offset"))
)


@cache
def _own(children: int) -> Select[int, str, datetime, datetime, str, str]:
    """Statement for a reader with this number of children."""
    ids = first_ids(
        _number("person_id"),
        [_number(f"child_{number}") for number in range(children)],
        _HAS_NOTES,
        order=_NEWEST_FIRST,
        reach=_number("reach"),
    )
    return _EVERY.where(col(Appointment.id).in_(ids))


def with_notes(session: Session, reader: Person, page: int) -> Noted:
    """Page of the sessions whose notes a person may read: their own, coordinators all; from 1."""
    offset = (page - 1) * A_PAGE
    by = {"offset": offset}
    wanted = _EVERY
    if not reader.is_coordinator:
        children = sorted(children_of(session, reader))
        by |= {f"child_{number}": child for number, child in enumerate(children)}
        by |= {"person_id": reader.id, "reach": offset + A_PAGE + 1}
        wanted = _own(len(children))
    sessions = [NotedSession(*row) for row in session.connection().execute(wanted, by)]
    return Noted(sessions[:A_PAGE], has_more=len(sessions) > A_PAGE)


def session_notes(session: Session, appointment_id: int, reader: Person) -> SessionNotes | None:
    """Session's notes with their summary; None where `reader` may not read them."""
    view = session_view(session, appointment_id)
    role = role_in(roles_in(session, view.appointment, reader)) if view else None
    if view is None or role is None:
        return None
    summary = summary_for(session, appointment_id, reader.language)
    is_withdrawn = summary is not None and is_withdrawn_from(summary, role)
    return SessionNotes(
        view,
        role,
        notes_of(session, appointment_id),
        None if is_withdrawn else summary,
        is_withdrawn,
    )
