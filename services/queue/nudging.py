"""Nudging whoever owes an answer, as a coordinator (SPEC 5, 10)."""

from datetime import datetime

from models import Appointment
from models.enums import Action, Role, Status
from services.db import Session
from services.lifecycle.access import for_update, people_of, require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.open_requests import open_request
from services.lifecycle.status import last_move, record
from services.messaging import outbox
from services.messaging.messages.base import Message
from services.messaging.messages.sessions import AcknowledgementDue, AnswerDue
from services.queries.people import in_reach
from services.queries.queue_rows import nudges
from services.rules.queue import nudge_refusal
from services.rules.refusals.queue import NothingToNudge


def nudge(session: Session, appointment_id: int, actor: Actor) -> None:
    """Remind those who owe an answer: to the question after a check-out, or to an open request.

    Only those whom the bot can write to: the others are to be called.

    Refused: NotCoordinator, NotFound, NothingToNudge (answered meanwhile), NobodyToNudge,
    NudgedAlready (less than twelve hours ago).
    """
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    last = nudges(session, {appointment_id}).get(appointment_id)
    reminder, side = _owed(session, appointment, actor.now)
    whom = in_reach(session, people_of(session, appointment, side))
    told = (last.who, last.person_id, last.at) if last else None
    if refusal := nudge_refusal(told, len(whom), actor.now):
        raise refusal
    event_id = record(session, Action.NUDGE, Role.COORDINATOR, actor, appointment_id=appointment_id)
    outbox.write_once(
        session,
        [
            outbox.message(person_id, reminder, key=f"nudged:{event_id}:{person_id}", now=actor.now)
            for person_id in whom
        ],
    )


def _owed(session: Session, appointment: Appointment, now: datetime) -> tuple[Message, Role]:
    """Reminder of what is owed, and the side that owes it. Refused: NothingToNudge."""
    if appointment.status is Status.AWAITING_APPROVAL_PARENT:
        move = last_move(session, appointment.id)
        return AcknowledgementDue(appointment.id, move.id if move else 0), Role.PARENT
    request = open_request(session, appointment.id)
    is_open = request is not None and now < request.thread.expires_at
    if request is None or not is_open or appointment.status is not Status.SCHEDULED:
        raise NothingToNudge
    side = Role.TUTOR if request.proposal.side is Role.PARENT else Role.PARENT
    return AnswerDue(appointment.id, appointment.starts_at, request.proposal.id), side
