"""Changes of status: all go through this module (SPEC 2; DESIGN 2, idea 1)."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, text, update
from sqlmodel import col, select

from models import Appointment, AuditEvent, Person
from models.enums import Action, Role, Status
from services.db import Session
from services.lifecycle.access import for_update
from services.lifecycle.actors import Actor
from services.lifecycle.beyond_status import action_of
from services.prepared import Prepared
from services.prepared_rows import set_values
from services.rules import lifecycle
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import ActedFirst, WrongStatus
from services.rules.texts import require_reason


@dataclass(frozen=True)
class Outcome:
    """Result of an action: the appointment after it, and whether it had been done before."""

    appointment: Appointment
    at: datetime
    """When the action took effect: now, or earlier if it is `repeated`."""
    repeated: bool = False
    event_id: int | None = None
    """Id of the audit event; None if it is `repeated`."""


def change_status(
    session: Session,
    appointment: Appointment,
    action: Action,
    role: Role,
    actor: Actor,
    *,
    reason: str | None = None,
    values: dict[str, Any] | None = None,
    details: dict[str, Any] | None = None,
) -> Outcome:
    """Take `action` on an appointment locked by this unit of work.

    Effects: the status (and `values`, its other columns) by a guarded UPDATE, and one audit event,
    in the caller's transaction. What else follows (messages, dispute records) is the caller's.

    Raises `Refusal`: WrongStatus or ActedFirst where the table has no such step,
    ReasonRequired where a reason is missing.
    """
    if lifecycle.next_status(appointment.status, action, role) is None:
        raise acted_first(session, appointment, action)
    if action in lifecycle.REASON_REQUIRED:
        reason = require_reason(reason)
    before = appointment.status
    after = lifecycle.ARROWS[before, action, role]
    session.flush()  # whatever belongs to the change, such as a dispute, has its id from here on
    changes = {"status": after, **(values or {})}
    if _guarded_update(before, *changes).run(session, row_id=appointment.id, **changes) != 1:
        # Only possible where the caller did not lock the row.
        raise acted_first(session, for_update(session, appointment.id), action)
    set_values(appointment, changes)
    event_id = record(
        session,
        action,
        role,
        actor,
        appointment_id=appointment.id,
        move=(before, after),
        reason=reason,
        details=details,
    )
    return Outcome(appointment, actor.now, event_id=event_id)


@cache
def _guarded_update(before: Status, *columns: str) -> Prepared:
    """UPDATE of these columns of one appointment, guarded by its former status.

    That is written out: SQLite compiles a statement anew each time a value in it may decide about
    a partial index.
    """
    table = Appointment.__table__  # type: ignore[attr-defined]
    return Prepared(
        update(table)
        .where(table.c.id == bindparam("row_id"), text(f"status = '{before.value}'"))
        .values({name: bindparam(name, type_=table.c[name].type) for name in columns})
    )


def create(
    session: Session,
    appointment: Appointment,
    action: Action,
    role: Role,
    actor: Actor,
    *,
    reason: str | None = None,
    details: dict[str, Any] | None = None,
) -> Outcome:
    """Insert a new appointment, in the status that `action` gives it.

    Effects: the row and one audit event, in the caller's transaction. Raises `Refusal`
    ReasonRequired where a reason is missing, KeyError where the table has no such step.
    """
    if action in lifecycle.REASON_REQUIRED:
        reason = require_reason(reason)
    appointment.status = lifecycle.ARROWS[None, action, role]
    session.add(appointment)
    session.flush()
    event_id = record(
        session,
        action,
        role,
        actor,
        appointment_id=appointment.id,
        move=(None, appointment.status),
        reason=reason,
        details=details,
    )
    return Outcome(appointment, actor.now, event_id=event_id)


def last_move(session: Session, appointment_id: int) -> AuditEvent | None:
    """Newest event that changed the appointment's status."""
    return _newest(session, appointment_id, col(AuditEvent.to_status).is_not(None))


def last_done(session: Session, appointment_id: int, *actions: Action) -> AuditEvent | None:
    """Newest event with one of these actions."""
    return _newest(session, appointment_id, col(AuditEvent.action).in_(actions))


def _newest(session: Session, appointment_id: int, which: ColumnElement[bool]) -> AuditEvent | None:
    found = session.exec(
        select(AuditEvent)
        .where(AuditEvent.appointment_id == appointment_id, which)
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    )
    return found.first()


def record(
    session: Session,
    action: Action,
    role: Role,
    actor: Actor,
    *,
    appointment_id: int | None = None,
    move: tuple[Status | None, Status | None] = (None, None),
    reason: str | None = None,
    details: dict[str, Any] | None = None,
) -> int:
    """Write an audit event in the caller's transaction and return its id. `move` is (from, to)."""
    values = {
        "appointment_id": appointment_id,
        "from_status": move[0],
        "to_status": move[1],
        "reason": reason,
        "details": details,
    }
    return _write(session, action, role, actor, values)


def record_of_person(
    session: Session,
    action: Action,
    role: Role,
    actor: Actor,
    *,
    person_id: int | None = None,
    student_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> int:
    """Write an audit event about a person or a child and no session; return its id."""
    whom = {"person_id": person_id, "student_id": student_id}
    return _write(session, action, role, actor, whom | {"details": details})


def _write(
    session: Session, action: Action, role: Role, actor: Actor, values: dict[str, Any]
) -> int:
    own = {
        "actor_id": actor.person_id,
        "role": role,
        "channel": actor.channel,
        "at": actor.now,
        "action": action,
    }
    return int(_INSERT_EVENT.one(session, **(_NOTHING | own | values)))


_EVENT = AuditEvent.__table__  # type: ignore[attr-defined]
_INSERT_EVENT = Prepared(
    insert(_EVENT)
    .values(
        {
            column.name: bindparam(column.name, type_=column.type)
            for column in _EVENT.columns
            if column is not _EVENT.c.id
        }
    )
    .returning(_EVENT.c.id)
)
_NOTHING = dict.fromkeys(
    (
        *("appointment_id", "person_id", "student_id", "from_status", "to_status"),
        *("reason", "details"),
    )
)
"""Columns that most events leave empty: named, so that all are written by one statement."""


def acted_first(session: Session, appointment: Appointment, action: Action) -> Refusal:
    """Refusal that names who was first, with what and when; otherwise the session's status."""
    last = last_move(session, appointment.id)
    if last is None or last.actor_id is None or last.from_status is None:
        return WrongStatus(action=action, status=appointment.status)
    return done_first(session, last)


def done_first(session: Session, event: AuditEvent) -> Refusal:
    """Refusal that names who did this, and when."""
    actor = session.exec(select(Person).where(Person.id == event.actor_id)).one()
    return ActedFirst(
        who=actor.name,
        actor_id=actor.id,
        action=action_of(session, event),
        role=event.role,
        at=event.at,
    )
