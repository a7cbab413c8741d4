"""Requests that nobody can answer: coordinators are told, and cards follow (SPEC 6)."""

from datetime import datetime

from models import Appointment, Person, RescheduleProposal
from services.db import Session
from services.lifecycle.actors import Actor
from services.messaging import outbox
from services.messaging.messages.sessions import NobodyToAnswer
from services.notifications.announcements import refresh_cards
from services.queries.reach import sessions_with_request, unreached
from services.rules.session_changes import other_side


def tell_if_in_vain(
    session: Session, appointment: Appointment, proposal: RescheduleProposal, actor: Actor
) -> None:
    """Tell the coordinators of a new version of a request that nobody can answer."""
    if unreached(session, appointment, other_side(proposal.side)) is None:
        return
    outbox.tell_coordinators(
        session,
        NobodyToAnswer(appointment.id, proposal.id),
        key=f"nobody_to_answer:{proposal.id}",
        now=actor.now,
    )


def refresh_asked(session: Session, person: Person, now: datetime) -> None:
    """Bring the cards up to date that say that this person could not answer: now they can."""
    because = f"reached:{person.id}:{now.isoformat()}"
    for appointment in sessions_with_request(session, person):
        refresh_cards(session, appointment, Actor.system(now), because=because)
