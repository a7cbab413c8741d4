"""The audit trail for coordinators, newest first and key-paged (SPEC 2, 10)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, tuple_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import Appointment, AuditEvent, Person, Student
from models.enums import Action
from services.db import Session

A_PAGE = 50
"""Most events on a page."""


@dataclass(frozen=True)
class LogFilter:
    """Which events are listed; None leaves a condition out."""

    appointment_id: int | None = None
    person_id: int | None = None
    """Who did it, or to whom it was done."""
    student_id: int | None = None
    action: Action | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    """The day: from `begins_at` until before `ends_at`."""
    before_id: int | None = None
    """Only events older than this one."""


@dataclass(frozen=True)
class LogEntry:
    """One event with the names of those whom it concerns."""

    event: AuditEvent
    actor: str | None
    person: str | None
    student: str | None
    """The child whom it was done to, or whose session it is about."""
    starts_at: datetime | None
    """Start of the session that it is about."""


def log_entries(session: Session, wanted: LogFilter, limit: int = A_PAGE) -> list[LogEntry]:
    """A page of events, newest first, and one more if others follow.

    A day's events are found by their time, however many a person or an action has; all others by
    their number.
    """
    found = _of_day if wanted.begins_at is not None else _of_all_days
    ids = found(session, wanted, limit + 1)
    if not ids:
        return []
    rows = session.execute(_ENTRIES.where(col(AuditEvent.id).in_(ids)))
    entries = {row[0].id: LogEntry(*row) for row in rows}
    return [entries[one] for one in ids]


def _of_all_days(session: Session, wanted: LogFilter, limit: int) -> list[int]:
    """Ids by number; events by a person and about them are read apart, each from its index."""
    conditions = [
        column == value
        for column, value in (
            (col(AuditEvent.appointment_id), wanted.appointment_id),
            (col(AuditEvent.student_id), wanted.student_id),
            (col(AuditEvent.action), wanted.action),
        )
        if value is not None
    ]
    if wanted.before_id is not None:
        conditions.append(col(AuditEvent.id) < wanted.before_id)
    found: set[int] = set()
    for also in _by_or_about(wanted.person_id):
        newest = _IDS.where(*conditions, *also).order_by(col(AuditEvent.id).desc()).limit(limit)
        found.update(session.execute(newest).scalars())
    return sorted(found, reverse=True)[:limit]


def _by_or_about(person_id: int | None) -> list[list[ColumnElement[bool]]]:
    if person_id is None:
        return [[]]
    return [[col(AuditEvent.actor_id) == person_id], [col(AuditEvent.person_id) == person_id]]


def _of_day(session: Session, wanted: LogFilter, limit: int) -> list[int]:
    """Ids by time; sums keep the database from choosing another index than that of times."""
    at, number = col(AuditEvent.at), col(AuditEvent.id)
    conditions: list[ColumnElement[bool]] = [
        column + 0 == value
        for column, value in (
            (col(AuditEvent.appointment_id), wanted.appointment_id),
            (col(AuditEvent.student_id), wanted.student_id),
        )
        if value is not None
    ]
    if (person_id := wanted.person_id) is not None:
        actor, person = col(AuditEvent.actor_id), col(AuditEvent.person_id)
        conditions.append(or_(actor + 0 == person_id, person + 0 == person_id))
    if wanted.action is not None:
        conditions.append(func.lower(col(AuditEvent.action)) == wanted.action.value)
    if wanted.before_id is not None:
        last = select_columns(at).where(number == wanted.before_id).scalar_subquery()
        conditions.append(tuple_(at, number) < tuple_(last, wanted.before_id))
    newest = (
        _IDS.where(at >= wanted.begins_at, at < wanted.ends_at, *conditions)
        .order_by(at.desc(), number.desc())
        .limit(limit)
    )
    return list(session.execute(newest).scalars())


_IDS = select_columns(col(AuditEvent.id))
_actor, _person = aliased(Person), aliased(Person)
_own, _of_session = aliased(Student), aliased(Student)
_ENTRIES = (
    select_columns(
        *(AuditEvent, col(_actor.name), col(_person.name)),
        *(func.coalesce(col(_own.name), col(_of_session.name)), col(Appointment.starts_at)),
    )
    .outerjoin(_actor, col(_actor.id) == AuditEvent.actor_id)
    .outerjoin(_person, col(_person.id) == AuditEvent.person_id)
    .outerjoin(_own, col(_own.id) == AuditEvent.student_id)
    .outerjoin(Appointment, col(Appointment.id) == AuditEvent.appointment_id)
    .outerjoin(_of_session, col(_of_session.id) == Appointment.student_id)
)
