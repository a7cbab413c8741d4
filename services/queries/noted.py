"""Sessions that have notes, as the pages show them: the list, and one of them (SPEC 4, 10)."""

from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, true
from sqlmodel import col, select

from models import Appointment, NotePart, NoteSummary, Person
from models.enums import Role
from services.db import Session
from services.queries.notes import NoteView, notes_of
from services.queries.sessions import (
    SessionView,
    role_in,
    roles_in,
    session_view,
    theirs,
    views_select,
)
from services.summaries import is_withdrawn_from, summary_for

A_PAGE = 20
"""How many sessions one page has."""


@dataclass(frozen=True)
class Noted:
    """One page of the list, newest first, and whether another follows."""

    views: list[SessionView]
    has_more: bool


@dataclass(frozen=True)
class SessionNotes:
    """One session's notes, for somebody who may read them."""

    view: SessionView
    role: Role
    """In which they read them."""
    notes: list[NoteView]
    summary: NoteSummary | None
    """The newest, in their language if there is one; None also where it is withdrawn from them."""
    is_withdrawn: bool


_HAS_NOTES = (
    select(NotePart.id)
    .where(NotePart.appointment_id == Appointment.id, col(NotePart.removed_at).is_(None))
    .exists()
)
_EVERY, _THEIRS = (
    views_select(whose, _HAS_NOTES, newest_first=True)
    .limit(A_PAGE + 1)
    .offset(bindparam("offset", type_=Integer))
    for whose in (true(), theirs(bindparam("person_id", type_=Integer)))
)


def with_notes(session: Session, reader: Person, page: int) -> Noted:
    """The sessions with notes that somebody may read: their own, a coordinator all; from page 1."""
    by = {"offset": (page - 1) * A_PAGE}
    if reader.is_coordinator:
        found = session.exec(_EVERY, params=by)
    else:
        found = session.exec(_THEIRS, params=by | {"person_id": reader.id})
    views = [SessionView(*row) for row in found.all()]
    return Noted(views[:A_PAGE], has_more=len(views) > A_PAGE)


def session_notes(session: Session, appointment_id: int, reader: Person) -> SessionNotes | None:
    """One session's notes with their summary; None where `reader` may not read them."""
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
