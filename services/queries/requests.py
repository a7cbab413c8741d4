"""Open requests to move a session (SPEC 6)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, bindparam, text
from sqlmodel import col, select

from models import Appointment, Person, RescheduleProposal, RescheduleThread
from models.columns import UtcDateTime
from models.enums import Role, Status
from services.db import Session
from services.lifecycle.open_requests import AskedToMove
from services.prepared import Prepared
from services.queries.sessions import (
    SessionView,
    children_of,
    views_by,
    views_with,
)

OPEN_THREAD = text("reschedule_thread.status = 'open'")
OPEN_PROPOSAL = text("reschedule_proposal.status = 'open'")


@dataclass(frozen=True)
class ExpiringRequest(AskedToMove):
    """Open request with the session that would be moved."""

    appointment: Appointment


def requests_expiring(
    session: Session, now: datetime, within: timedelta | None = None
) -> list[ExpiringRequest]:
    """Open requests to move scheduled sessions that expire after `now`, soonest first.

    All of them, or those that expire `within` this time.
    """
    soon = [] if within is None else [RescheduleThread.expires_at <= now + within]
    return _requests(
        session,
        text("appointment.status = 'scheduled'"),
        RescheduleThread.expires_at > now,
        *soon,
    )


def next_expiry(session: Session, after: datetime) -> datetime | None:
    """When the next open request expires."""
    found = session.exec(
        select(RescheduleThread.expires_at)
        .where(OPEN_THREAD, RescheduleThread.expires_at > after)
        .order_by(col(RescheduleThread.expires_at))
        .limit(1)
    )
    return found.first()


def answers_owed(session: Session, tutor: Person, now: datetime) -> list[SessionView]:
    """Tutor's sessions with an open request of a parent, which the tutor has to answer."""
    return views_with(_OWED_BY_TUTOR, session, tutor_id=tutor.id, now=now)


def answers_owed_by_family(session: Session, parent: Person, now: datetime) -> list[SessionView]:
    """Sessions of a parent's children with an open request of the tutor."""
    return answers_owed_for(session, children_of(session, parent), now)


def answers_owed_for(
    session: Session, children: Collection[int], now: datetime
) -> list[SessionView]:
    """Sessions of these children with an open request of the tutor."""
    if not children:
        return []
    return views_with(_OWED_BY_FAMILY, session, children=sorted(children), now=now)


def _asked_by(side: Role, now: ColumnElement[datetime]) -> tuple[object, ...]:
    """Conditions that a session has an open request of this side, which can still be answered."""
    asked = (
        select(RescheduleThread.appointment_id)
        .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
        .where(
            OPEN_THREAD,
            OPEN_PROPOSAL,
            col(RescheduleProposal.side) == side,
            col(RescheduleThread.expires_at) > now,
        )
    )
    return text("appointment.status = 'scheduled'"), col(Appointment.id).in_(asked)


_OWED_BY_TUTOR = Prepared(
    views_by(
        Appointment.tutor_id == bindparam("tutor_id"),
        *_asked_by(Role.PARENT, bindparam("now", type_=UtcDateTime)),
    )
)


_OWED_BY_FAMILY = Prepared(
    views_by(
        col(Appointment.student_id).in_(bindparam("children", type_=Integer, expanding=True)),
        *_asked_by(Role.TUTOR, bindparam("now", type_=UtcDateTime)),
    )
)


def requests_in(
    session: Session, views: Iterable[SessionView], now: datetime
) -> dict[int, ExpiringRequest]:
    """Open requests to move these sessions, by the session's id."""
    ids = {view.id for view in views if view.status is Status.SCHEDULED}
    found = _requests(session, col(Appointment.id).in_(ids), RescheduleThread.expires_at > now)
    return {one.appointment.id: one for one in found}


def _requests(session: Session, *conditions: object) -> list[ExpiringRequest]:
    found = session.exec(
        select(RescheduleThread, RescheduleProposal, Appointment)
        .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
        .join(Appointment, col(Appointment.id) == RescheduleThread.appointment_id)
        .where(OPEN_THREAD, OPEN_PROPOSAL, *conditions)  # type: ignore[arg-type]
        .order_by(col(RescheduleThread.expires_at), col(RescheduleThread.id))
    )
    return [ExpiringRequest(*row) for row in found.all()]
