"""Cancelling a session, by its tutor, by a parent, or by a coordinator for them (SPEC 2, 6)."""

from collections.abc import Sequence
from datetime import timedelta

from models import Appointment
from models.enums import ChangeReason, Role
from services.db import Session
from services.lifecycle.access import (
    for_update,
    others_in,
    require_coordinator,
    side_of,
)
from services.lifecycle.actors import Actor
from services.lifecycle.cancelling import ON_BEHALF, cancel_by, cancel_on_behalf
from services.lifecycle.decisions import (
    decide,
    read_appointment,
    require_possible,
    with_request,
)
from services.lifecycle.facts import facts_of_row
from services.lifecycle.status import Outcome
from services.messaging import outbox
from services.messaging.messages.sessions import SessionCancelled
from services.notifications.announcements import refresh_cards
from services.rules.penalties import Guidance
from services.rules.session_actions import SessionAction
from services.rules.session_changes import require_change_reason
from services.rules.texts import require_reason


def cancel(
    session: Session,
    appointment_id: int,
    actor: Actor,
    reason: ChangeReason,
    text: str | None,
    shown: Guidance | None,
) -> Outcome:
    """Cancel as the tutor or a parent, more than four hours before the start (SPEC 6).

    `shown`: penalty guidance that they read, which is recorded. An open request to move the session
    is closed; everybody else in the session and the coordinators are told. Refused: NotYourChild,
    OwnSession, WrongStatus, ActedFirst, TooLateToChange, ReasonRequired, TextTooLong.
    """
    appointment = for_update(session, appointment_id)
    side = side_of(session, appointment, actor)
    facts = facts_of_row(appointment)
    if earlier := decide(session, appointment, facts, SessionAction.CANCEL, side, actor):
        return earlier
    checked_text = require_change_reason(side, reason, text)
    outcome = cancel_by(session, appointment, actor, side, reason, checked_text, shown)
    _tell(session, outcome.appointment, [*others_in(session, appointment, actor), None], actor)
    return outcome


def cancel_for(
    session: Session,
    appointment_id: int,
    actor: Actor,
    side: Role,
    text: str,
    shown: Guidance | None,
) -> Outcome:
    """Cancel a scheduled session for `side` as a coordinator, at any time (SPEC 2, 3).

    `shown`: penalty guidance that they read, which is recorded. An open request to move the session
    is closed; both sides are told. Refused: NotCoordinator, WrongStatus, ActedFirst,
    RequestExpired, ReasonRequired, TextTooLong.
    """
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    facts = with_request(session, facts_of_row(appointment))
    asked = SessionAction(ON_BEHALF[side].value)
    if earlier := decide(session, appointment, facts, asked, Role.COORDINATOR, actor):
        return earlier
    outcome = cancel_on_behalf(session, appointment, actor, side, require_reason(text), shown)
    _tell(session, outcome.appointment, others_in(session, appointment, actor), actor)
    return outcome


def require_cancellable(
    session: Session, appointment_id: int, actor: Actor
) -> tuple[Role, timedelta]:
    """Side for which a person could cancel now, and their notice; asked before a dialogue.

    Refused as `cancel` would be, and ActedFirst where they have cancelled it themselves.
    """
    appointment = read_appointment(session, appointment_id)
    side = side_of(session, appointment, actor)
    facts = facts_of_row(appointment)
    require_possible(session, facts, SessionAction.CANCEL, side, actor.now)
    return side, appointment.starts_at - actor.now


def _tell(
    session: Session, appointment: Appointment, whom: Sequence[int | None], actor: Actor
) -> None:
    """Send a new card, since an edited one does not notify; None: a few lines to the group."""
    for person_id in whom:
        key = f"cancelled:{appointment.id}:{person_id or 'group'}"
        told = SessionCancelled(appointment.id)
        if person_id is None:
            outbox.tell_coordinators(session, told, key=key, now=actor.now)
        else:
            outbox.tell_person(session, person_id, told, key=key, now=actor.now)
    refresh_cards(session, appointment, actor)
