"""What the coordinators were told in the last four hours before a session (SPEC 6)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, TextClause, and_, bindparam, or_, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models import Appointment, AuditEvent, Person
from models.enums import Action, ChangeReason, Role
from services.db import Session
from services.prepared import Prepared
from services.queries.last_events import last_events
from services.rules.session_changes import LOCKOUT

Moment = datetime | ColumnElement[datetime]


@dataclass(frozen=True)
class LateChange:
    """What one side told the coordinators."""

    side: Role
    reason: ChangeReason
    text: str | None
    who: str
    actor_id: int | None
    at: datetime
    closed_by: str | None = None
    """Coordinator who has dealt with it and changed nothing, if one has."""
    closed_at: datetime | None = None


def late_change(session: Session, event_id: int) -> LateChange:
    """What was told, by its event in the audit trail. Raises LookupError where it is none."""
    event = session.get(AuditEvent, event_id)
    if event is None or event.reason is None:
        raise LookupError("the audit event of an outbox message is gone")
    return _told(event, "")


def late_changes_of(session: Session, appointment_ids: Collection[int]) -> dict[int, LateChange]:
    """What was told last about each of these sessions."""
    rows = _LAST_TOLD.rows(session, ids=sorted(appointment_ids))
    return {event.appointment_id: _told(event, who or "") for event, who in rows}


def late_changes_waiting(session: Session, now: datetime) -> list[int]:
    """Ids of the sessions of which coordinators were told, and nothing has come of it yet."""
    found = session.exec(
        select(Appointment.id)
        .where(*is_waiting(now, now + LOCKOUT, now - LOCKOUT))
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    return list(found.all())


def told_still(session: Session, appointment_id: int) -> tuple[LateChange, ...]:
    """What coordinators were told of a session that has not changed since: each person's last, with
    who has dealt with it.
    """
    last: dict[int | None, LateChange] = {}
    for event, who in _TOLD_STILL.rows(session, appointment_id=appointment_id):
        if event.action is Action.TELL_COORDINATORS:
            last[event.actor_id] = _told(event, who or "")
            continue
        for teller, one in last.items():
            if one.closed_at is None:
                last[teller] = replace(one, closed_by=who or "", closed_at=event.at)
    return tuple(sorted(last.values(), key=lambda one: one.at))


def is_told(session: Session, appointment_id: int) -> bool:
    """Whether coordinators were told of a change of it, and nothing has come of that."""
    found = session.exec(
        select(_event.id).where(_event.appointment_id == appointment_id, *_IS_TOLD).limit(1)
    )
    return found.first() is not None


def is_waiting(
    now: Moment, until: Moment, told_after: Moment
) -> tuple[ColumnElement[bool] | TextClause, ...]:
    """Conditions that a session is near, and that coordinators were told of a change of it of which
    nothing has come.

    `until`, `told_after`: four hours after `now` and before it, so that all they were told counts.
    What a tutor tells is dealt with once they check in after all, or another tutor has the session.
    """
    told = select(_event.appointment_id).where(col(_event.at) > told_after, *_IS_TOLD)
    return (
        text("appointment.status IN ('scheduled', 'checked_in')"),
        col(Appointment.starts_at) > now,
        col(Appointment.starts_at) <= until,
        col(Appointment.id).in_(told),
    )


def is_handed_over(session: Session, appointment_id: int, event_id: int) -> bool:
    """Whether the session was given to another tutor after this event of its audit trail."""
    found = session.exec(
        select(AuditEvent.id)
        .where(
            AuditEvent.appointment_id == appointment_id,
            AuditEvent.action == Action.REASSIGN,
            col(AuditEvent.id) > event_id,
        )
        .limit(1)
    )
    return found.first() is not None


def dealt_with_by(session: Session, appointment_id: int, event_id: int) -> str | None:
    """Who has said first, after this event, that nothing is left to do; None for nobody."""
    found = session.exec(
        select(Person.name)
        .join(AuditEvent, col(AuditEvent.actor_id) == Person.id)
        .where(
            AuditEvent.appointment_id == appointment_id,
            AuditEvent.action == Action.DEAL_WITH,
            col(AuditEvent.id) > event_id,
        )
        .order_by(col(AuditEvent.id))
        .limit(1)
    )
    return found.first()


def _told(event: AuditEvent, who: str) -> LateChange:
    reason = ChangeReason(event.reason) if event.reason else ChangeReason.OTHER
    words = (event.details or {}).get("text")
    return LateChange(event.role, reason, words, who, event.actor_id, event.at)


_event, _later = aliased(AuditEvent, name="told"), aliased(AuditEvent)
_CHANGED = or_(
    col(_later.action).in_((Action.MOVE, Action.ACCEPT)),
    and_(
        col(_later.action).in_((Action.REASSIGN, Action.CHECK_IN, Action.CORRECT_ATTENDANCE)),
        col(_event.role) == Role.TUTOR,
    ),
)
"""That the session was changed, as far as it concerns who has told."""


def _is_followed_by(what: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition that there is such a later event of the session."""
    is_later = _later.appointment_id == _event.appointment_id, col(_later.id) > col(_event.id)
    return select(_later.id).where(*is_later, what).exists()


_DEALT_WITH = _is_followed_by(or_(_CHANGED, col(_later.action) == Action.DEAL_WITH))
_IS_TOLD = text("told.action = 'tell_coordinators'"), ~_DEALT_WITH
_LAST_TOLD = last_events(Action.TELL_COORDINATORS)
_TOLD_STILL = Prepared(
    select(_event, Person.name)
    .outerjoin(Person, col(Person.id) == _event.actor_id)
    .where(
        _event.appointment_id == bindparam("appointment_id"),
        or_(
            and_(text("told.action = 'tell_coordinators'"), ~_is_followed_by(_CHANGED)),
            text("told.action = 'deal_with'"),
        ),
    )
    .order_by(col(_event.id))
)
