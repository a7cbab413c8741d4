"""The sessions that have notes, for the list of them (SPEC 4, 10)."""

from dataclasses import dataclass

from sqlmodel import col, select

from models import Appointment, NotePart, Person
from services.db import Session
from services.queries.own_sessions import own_sessions
from services.queries.sessions import SessionView, views_where

A_PAGE = 20
"""How many sessions one page has."""


@dataclass(frozen=True)
class Noted:
    """One page of the list, newest first, and whether another follows."""

    views: list[SessionView]
    has_more: bool


def with_notes(session: Session, reader: Person, page: int) -> Noted:
    """The sessions with notes that somebody may read: their own, a coordinator all; from page 1."""
    has_notes = (
        select(NotePart.id)
        .where(NotePart.appointment_id == Appointment.id, col(NotePart.removed_at).is_(None))
        .exists()
    )
    begin = (page - 1) * A_PAGE
    views = (
        views_where(session, has_notes, newest_first=True, limit=A_PAGE + 1, offset=begin)
        if reader.is_coordinator
        else own_sessions(
            session, reader, has_notes, newest_first=True, limit=A_PAGE + 1, offset=begin
        )
    )
    return Noted(views[:A_PAGE], has_more=len(views) > A_PAGE)
