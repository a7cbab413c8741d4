"""Expiry of open requests: their session is not completed (SPEC 6, 8)."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from models import RescheduleThread
from models.enums import Action, ProposalStatus, Role, ThreadStatus
from services.db import Session
from services.lifecycle.access import for_update, people_of
from services.lifecycle.actors import Actor
from services.lifecycle.open_requests import end, open_request
from services.lifecycle.status import change_status
from services.messaging import outbox
from services.messaging.messages.sessions import SessionExpired
from services.notifications.announcements import tell_changed
from services.queries.requests import next_expiry
from services.rules.agency import Agency


def expired_sessions(session: Session, now: datetime) -> list[int]:
    """Ids of sessions whose open request has reached their start, oldest first."""
    found = session.exec(
        select(RescheduleThread.appointment_id)
        .where(text("reschedule_thread.status = 'open'"), col(RescheduleThread.expires_at) <= now)
        .order_by(col(RescheduleThread.expires_at))
    )
    return list(found.all())


def next_expired(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """Start of the next session with an open request."""
    return next_expiry(session, now)


def expire(session: Session, appointment_id: int, now: datetime) -> bool:
    """Expire a session's open request, and the session with it, if it is time; whether it was.

    Both sides and the coordinators are told. Safe to run twice at once: the second run finds
    nothing open.
    """
    actor = Actor.system(now)
    appointment = for_update(session, appointment_id)
    request = open_request(session, appointment_id)
    if request is None or now < request.thread.expires_at:
        return False
    end(session, request, ThreadStatus.EXPIRED, ProposalStatus.EXPIRED, actor)
    outcome = change_status(
        session,
        appointment,
        Action.EXPIRE,
        Role.SYSTEM,
        actor,
        details={"version": request.proposal.version},
    )
    sides = [people_of(session, appointment, side) for side in (Role.TUTOR, Role.PARENT)]
    tell_changed(session, outcome.appointment, [one for side in sides for one in side], actor)
    outbox.tell_coordinators(
        session,
        SessionExpired(appointment_id),
        key=f"expired:{request.thread.id}",
        now=now,
    )
    return True
