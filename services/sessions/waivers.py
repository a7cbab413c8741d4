"""A coordinator waives the penalty of a cancellation (SPEC 6)."""

from sqlalchemy import update
from sqlmodel import col, select

from models import Appointment, Cancellation
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import for_update, people_of, require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome, done_first, last_done, record
from services.notifications.announcements import give_cards
from services.rules.refusals import Refusal, RefusalCode
from services.rules.texts import require_reason


def waive_penalty(session: Session, appointment_id: int, actor: Actor, reason: str) -> Outcome:
    """The penalty that was named when the session was cancelled does not stand (SPEC 6).

    Whose side it was gets a new card that says so. Refused: NOT_COORDINATOR, NO_PENALTY,
    ACTED_FIRST (somebody else waived it), REASON_REQUIRED, TEXT_TOO_LONG.
    """
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    cancellation = _with_penalty(session, appointment)
    if cancellation.waived_at is not None:
        if cancellation.waived_by_id == actor.person_id:
            return Outcome(appointment, cancellation.waived_at, repeated=True)
        raise _waived_first(session, appointment)
    said = require_reason(reason)
    session.exec(
        update(Cancellation)
        .where(col(Cancellation.id) == cancellation.id)
        .values(waived_at=actor.now, waived_by_id=actor.identified, waiver_reason=said)
        .execution_options(synchronize_session=False)
    )
    record(
        session,
        Action.WAIVE_PENALTY,
        Role.COORDINATOR,
        actor,
        appointment_id=appointment_id,
        reason=said,
        details={"penalty": cancellation.penalty},
    )
    side = people_of(session, appointment, cancellation.side)
    others = [person_id for person_id in side if person_id != actor.person_id]
    give_cards(session, appointment, others, actor)
    return Outcome(appointment, actor.now)


def require_waivable(session: Session, appointment_id: int, actor: Actor) -> None:
    """Whether they could waive its penalty now; asked before the reason is.

    Refused as `waive_penalty` would be, and ACTED_FIRST where they have waived it themselves.
    """
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    cancellation = _with_penalty(session, appointment)
    if cancellation.waived_at is not None:
        raise _waived_first(session, appointment)


def _with_penalty(session: Session, appointment: Appointment) -> Cancellation:
    """The session's cancellation, if a penalty was named. Refused: NO_PENALTY."""
    found = session.exec(
        select(Cancellation)
        .where(
            Cancellation.appointment_id == appointment.id, col(Cancellation.penalty).is_not(None)
        )
        .execution_options(populate_existing=True)
    )
    cancellation = found.one_or_none()
    if cancellation is None:
        raise Refusal(RefusalCode.NO_PENALTY)
    return cancellation


def _waived_first(session: Session, appointment: Appointment) -> Refusal:
    event = last_done(session, appointment.id, Action.WAIVE_PENALTY)
    return done_first(session, event) if event else Refusal(RefusalCode.NO_PENALTY)
