"""Requests that were asked because of days without sessions, once these are open again (SPEC 7)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from models import Appointment, OutboxMessage, RescheduleProposal, StandingMessage
from models.enums import MessageKind, Role
from services.closures.booked import Closure
from services.db import Session
from services.lifecycle.access import for_update, others_in
from services.lifecycle.actors import Actor
from services.lifecycle.open_requests import end, open_request, record_version
from services.notifications.announcements import refresh_cards, tell_changed
from services.queries.closed_days import closed_on
from services.queries.requests import requests_expiring
from services.rules.reschedule import Answer


def still_asked(
    session: Session,
    closure: Closure,
    zone: ZoneInfo,
    now: datetime,
    *,
    asked_at: datetime | None = None,
) -> list[Appointment]:
    """Sessions to come on these days that are asked to move because of them, without an answer.

    `asked_at`: when a tutor asked for leave; None where the agency is closed.
    """
    return [
        one.appointment
        for one in requests_expiring(session, now)
        if closure.tutor_id in (None, one.appointment.tutor_id)
        and one.appointment.starts_at.astimezone(zone).date() in closure.days
        and _is_because(one.proposal, one.appointment, asked_at)
    ]


def take_back(
    session: Session,
    closure: Closure,
    zone: ZoneInfo,
    actor: Actor,
    *,
    asked_at: datetime | None = None,
) -> None:
    """Withdraw these requests for the side that asked: the sessions stay, and everybody hears it.

    One that is on a day which is closed for another reason as well stays open.
    """
    for asked in still_asked(session, closure, zone, actor.now, asked_at=asked_at):
        row = for_update(session, asked.id)
        request = open_request(session, row.id)
        day = row.starts_at.astimezone(zone).date()
        if request is None or closed_on(session, row.tutor_id, day):
            continue
        answer = Answer.WITHDRAW
        end(session, request, answer.thread_becomes, answer.version_becomes, actor)
        record_version(session, answer.action, Role.TUTOR, actor, row, request.proposal)
        tell_changed(session, row, others_in(session, row, actor), actor)


def refresh_told(session: Session, which: ColumnElement[bool], actor: Actor) -> None:
    """Bring messages up to date that told what became of sessions on such days: `which` of them."""
    found = session.exec(
        select(Appointment)
        .join(StandingMessage, col(StandingMessage.appointment_id) == Appointment.id)
        .join(OutboxMessage, col(OutboxMessage.id) == StandingMessage.outbox_message_id)
        .where(col(OutboxMessage.kind) == MessageKind.DAYS_SETTLED, which)
        .distinct()
        .order_by(col(Appointment.id))
    )
    for row in found.all():
        refresh_cards(session, row, actor, because=f"open_again:{actor.now.isoformat()}")


def _is_because(
    proposal: RescheduleProposal, appointment: Appointment, asked_at: datetime | None
) -> bool:
    if proposal.version != 1 or proposal.side is not Role.TUTOR:
        return False
    if asked_at is not None:
        return proposal.proposed_at == asked_at
    return proposal.proposed_by_id != appointment.tutor_id  # nobody else asks for a tutor's side
