"""Sessions that have changed since a moment, for pages that are open (SPEC 10)."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, union
from sqlmodel import col, func, select

from models import Appointment, AuditEvent, NotePart, OutboxMessage
from services.db import Session
from services.prepared import Prepared


@dataclass(frozen=True)
class Mark:
    """How far the tables have been read: the newest id of each."""

    event_id: int = 0
    part_id: int = 0
    message_id: int = 0

    def __str__(self) -> str:
        return f"{self.event_id}.{self.part_id}.{self.message_id}"

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """Mark that was written as text; None where this is none."""
        found = _WRITTEN.fullmatch(text)
        return cls(*map(int, found.groups())) if found else None


_WRITTEN = re.compile(r"(\d{1,18})\.(\d{1,18})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Touched:
    """Session that has changed, and the people on whose pages it may be.

    With 0 for the session it is the child that has: all its sessions may read otherwise.
    """

    appointment_id: int
    tutor_id: int
    student_id: int


ELSEWHERE = Touched(0, 0, 0)
"""Something that is about no session, such as a message that could not be delivered."""


def newest(session: Session) -> Mark:
    """Mark of this moment."""
    return Mark(*_NEWEST.first(session))


def touched_since(session: Session, mark: Mark) -> tuple[Mark, list[Touched]]:
    """Mark of this moment, and the sessions about which anything was recorded after `mark`.

    Events, parts of notes, and messages about a session, such as a summary that was made. What was
    recorded about a child alone, such as who its guardians are, touches the child.
    """
    now, touched = touched_since_each(session, {mark})
    return now, touched[mark]


def touched_since_each(
    session: Session, marks: Collection[Mark]
) -> tuple[Mark, dict[Mark, list[Touched]]]:
    """Mark of this moment, and what has been touched after each of these."""
    now = newest(session)
    return now, {mark: [] if mark == now else _touched(session, mark) for mark in marks}


def _touched(session: Session, mark: Mark) -> list[Touched]:
    ids = union(
        _after(AuditEvent, mark.event_id),
        _after(NotePart, mark.part_id),
        _after(OutboxMessage, mark.message_id),
    )
    found = session.exec(
        select(Appointment.id, Appointment.tutor_id, Appointment.student_id).where(
            col(Appointment.id).in_(ids)
        )
    )
    children = session.exec(
        select(AuditEvent.student_id)
        .where(
            col(AuditEvent.id) > mark.event_id,
            col(AuditEvent.student_id).is_not(None),
            col(AuditEvent.appointment_id).is_(None),
        )
        .distinct()
    )
    touched = [Touched(*row) for row in found.all()]
    touched += [Touched(0, 0, one) for one in children.all() if one is not None]
    return touched or [ELSEWHERE]


def _after(
    table: type[AuditEvent] | type[NotePart] | type[OutboxMessage], last: int
) -> Select[int | None]:
    return select(table.appointment_id).where(
        col(table.id) > last, col(table.appointment_id).is_not(None)
    )


_NEWEST = Prepared(
    select(
        *(
            func.coalesce(select(func.max(table.id)).scalar_subquery(), 0)
            for table in (AuditEvent, NotePart, OutboxMessage)
        )
    )
)
