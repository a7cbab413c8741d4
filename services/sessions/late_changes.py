"""What tutor or parents tell the coordinators in the last four hours before a session, and a tutor
about one that has begun, such as a check-in or check-out that was missed (SPEC 3, 6).

It changes nothing by itself: a coordinator does, or talks to them.
"""

from models import Appointment
from models.enums import Action, ChangeReason, Role, Status
from services.db import Session
from services.lifecycle.access import for_update, require_tutor, side_of
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import read_appointment, require_possible, with_request
from services.lifecycle.facts import facts_of_row
from services.lifecycle.status import last_done, record
from services.messaging import outbox
from services.messaging.messages.sessions import LateChangeTold, MissedExplained
from services.notifications.announcements import refresh_cards
from services.rules.agency import Agency
from services.rules.session_actions import SessionAction
from services.rules.session_changes import require_change_reason
from services.rules.texts import require_reason


def tell_coordinators(
    session: Session, appointment_id: int, actor: Actor, reason: ChangeReason, text: str | None
) -> None:
    """Tell the coordinators' group that something is in the way of a session.

    The same again by the same person is told once. Refused: NotYourChild, OwnSession, WrongStatus,
    ActedFirst, StaleButton (not within the last four hours), ReasonRequired, TextTooLong.
    """
    appointment = for_update(session, appointment_id)
    side = side_of(session, appointment, actor)
    details = _details(appointment, require_change_reason(side, reason, text))
    if _is_told(session, appointment, actor, reason, details):
        return
    _require(session, appointment, side, actor)
    event_id = _record(session, appointment, side, actor, reason, details)
    told = LateChangeTold(appointment_id, appointment.starts_at, event_id)
    _tell(session, appointment, actor, told, key=f"late_change:{event_id}")


def is_under_way(session: Session, appointment_id: int, actor: Actor) -> bool:
    """Whether a person is the tutor of a session, who tells of it by `explain_missed` now."""
    appointment = read_appointment(session, appointment_id)
    is_tutor = side_of(session, appointment, actor) is Role.TUTOR
    has_begun = appointment.status is Status.CHECKED_IN or actor.now >= appointment.starts_at
    return is_tutor and has_begun


def require_late(session: Session, appointment_id: int, actor: Actor) -> Role:
    """Side from which a person could tell the coordinators now; asked before a dialogue.

    Refused as `tell_coordinators` would be.
    """
    appointment = read_appointment(session, appointment_id)
    side = side_of(session, appointment, actor)
    _require(session, appointment, side, actor)
    return side


def explain_missed(
    session: Session, appointment_id: int, actor: Actor, text: str | None, agency: Agency
) -> None:
    """Tell the coordinators' group what the tutor writes about a session that they have checked in
    to, or that has begun without that.

    The same again is told once. Refused: NotYourSession, WrongStatus, ActedFirst, RequestExpired,
    StaleButton (it is still to begin), ReasonRequired, TextTooLong.
    """
    appointment = for_update(session, appointment_id)
    require_tutor(session, appointment, actor)
    reason, details = ChangeReason.OTHER, _details(appointment, require_reason(text))
    if _is_told(session, appointment, actor, reason, details):
        return
    _require_missed(session, appointment, actor, agency)
    event_id = _record(session, appointment, Role.TUTOR, actor, reason, details)
    told = MissedExplained(appointment_id, event_id)
    _tell(session, appointment, actor, told, key=f"missed_explained:{event_id}")


def require_missed(session: Session, appointment_id: int, actor: Actor, agency: Agency) -> None:
    """Check that the tutor could tell of a session that has begun; asked before a dialogue.

    Refused as `explain_missed` would be.
    """
    appointment = read_appointment(session, appointment_id)
    require_tutor(session, appointment, actor)
    _require_missed(session, appointment, actor, agency)


def _require_missed(
    session: Session, appointment: Appointment, actor: Actor, agency: Agency
) -> None:
    facts = with_request(session, facts_of_row(appointment, agency.zone))
    require_possible(session, facts, SessionAction.EXPLAIN_MISSED, Role.TUTOR, actor.now)


def told_last(
    session: Session, appointment_id: int, actor: Actor
) -> tuple[ChangeReason, str | None] | None:
    """Reason and text that this person was the last to tell of a session; None for nobody's or
    another's.
    """
    event = last_done(session, appointment_id, Action.TELL_COORDINATORS)
    if event is None or event.actor_id != actor.person_id or event.reason is None:
        return None
    return ChangeReason(event.reason), (event.details or {}).get("text")


def _require(session: Session, appointment: Appointment, side: Role, actor: Actor) -> None:
    facts = facts_of_row(appointment)
    require_possible(session, facts, SessionAction.TELL_COORDINATORS, side, actor.now)


Details = dict[str, str | None]
"""What is told besides its reason, as the audit trail keeps it."""


def _details(appointment: Appointment, text: str | None) -> Details:
    return {"text": text, "starts_at": appointment.starts_at.isoformat()}


def _is_told(
    session: Session,
    appointment: Appointment,
    actor: Actor,
    reason: ChangeReason,
    details: Details,
) -> bool:
    """Whether the newest that was told is this, by the same person, for the same start."""
    event = last_done(session, appointment.id, Action.TELL_COORDINATORS)
    return (
        event is not None
        and event.actor_id == actor.person_id
        and event.reason == reason.value
        and event.details == details
    )


def _record(
    session: Session,
    appointment: Appointment,
    side: Role,
    actor: Actor,
    reason: ChangeReason,
    details: Details,
) -> int:
    return record(
        session,
        Action.TELL_COORDINATORS,
        side,
        actor,
        appointment_id=appointment.id,
        reason=reason.value,
        details=details,
    )


def _tell(
    session: Session,
    appointment: Appointment,
    actor: Actor,
    told: LateChangeTold | MissedExplained,
    *,
    key: str,
) -> None:
    """Tell the group, and bring the cards up to date."""
    outbox.tell_coordinators(session, told, key=key, now=actor.now)
    if actor.chat_id is None:  # in a chat the answer stands on the card
        refresh_cards(session, appointment, actor, event_id=told.event_id)
