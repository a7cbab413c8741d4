"""Sessions that are shown to many people at once, read together (SPEC 8: reading changes nothing).

The outbox relay composes a page of messages with a few statements, not with a few for each.
"""

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlmodel import col, select

from models import Appointment, AuditEvent, Guardianship, Person
from services.db import Session
from services.prepared import Prepared
from services.queries.card_events import TOLD_EVENTS
from services.queries.sessions import (
    IS_PARENT_ONLY,
    RECORDS,
    SessionDetail,
    SessionView,
    roles_in,
    roles_with,
    session_detail,
    session_view,
)

_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_RECORDS = Prepared(RECORDS.where(col(Appointment.id).in_(_NUMBERS)))
_EVENTS = Prepared(TOLD_EVENTS.where(col(AuditEvent.appointment_id).in_(_NUMBERS)))
_CHILDREN = Prepared(
    select(Guardianship.person_id, Guardianship.student_id).where(
        col(Guardianship.person_id).in_(_NUMBERS), IS_PARENT_ONLY
    )
)


class SessionPage:
    """The sessions of a page of messages for their readers, read when the first is needed."""

    def __init__(
        self, session: Session, appointment_ids: Collection[int], viewer_ids: Collection[int]
    ) -> None:
        self._session = session
        self._appointment_ids = sorted(set(appointment_ids))
        self._viewer_ids = sorted(set(viewer_ids))

    def view(self, appointment_id: int) -> SessionView | None:
        """A session with its names; None where there is none."""
        row = self._rows.get(appointment_id)
        return session_view(self._session, appointment_id) if row is None else SessionView(*row[:4])

    def detail(self, appointment_id: int, viewer: Person | None) -> SessionDetail | None:
        """Everything about one session, for `viewer` (None for the coordinators' group)."""
        row = self._rows.get(appointment_id)
        if row is None:
            return session_detail(self._session, appointment_id, viewer)
        if viewer is None or viewer.id not in self._viewer_ids:
            roles = roles_in(self._session, row[0], viewer)
        else:
            roles = roles_with(row[0], viewer, self._children[viewer.id])
        events = self._events[appointment_id]
        return SessionDetail.of_rows(self._session, row, events, viewer, roles)

    @cached_property
    def _rows(self) -> dict[int, Any]:
        rows = _RECORDS.rows(self._session, numbers=self._appointment_ids)
        return {row[0].id: row for row in rows}

    @cached_property
    def _events(self) -> dict[int, list[Any]]:
        rows = _EVENTS.rows(self._session, numbers=self._appointment_ids)
        events = defaultdict(list)
        for row in rows:
            events[row.appointment_id].append(row)
        return events

    @cached_property
    def _children(self) -> dict[int, set[int]]:
        rows = _CHILDREN.rows(self._session, numbers=self._viewer_ids)
        children = defaultdict(set)
        for person_id, student_id in rows:
            children[person_id].add(student_id)
        return children
