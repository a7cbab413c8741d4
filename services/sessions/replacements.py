"""A session that was lost is asked to be replaced, and replaced (SPEC 6)."""

from datetime import datetime

from models import Appointment
from models.enums import Action, MessageKind, Role, Status
from services.db import Session
from services.lifecycle.access import for_update, others_in, require_coordinator, side_of
from services.lifecycle.actors import Actor
from services.lifecycle.slots import require_free
from services.lifecycle.status import (
    Outcome,
    acted_first,
    create,
    done_first,
    last_done,
    record,
)
from services.messaging import outbox
from services.notifications.announcements import refresh_cards, tell_changed
from services.queries.replacements import replacement_of
from services.rules.refusals import Refusal, RefusalCode
from services.rules.reschedule import new_end, require_to_come
from services.rules.texts import require_reason


def ask_for_replacement(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    """The tutor or a parent asks the coordinators for another session; once a session (SPEC 6).

    Refused: NOT_YOUR_CHILD, OWN_SESSION, WRONG_STATUS, REPLACED, and ACTED_FIRST where somebody
    else has asked.
    """
    appointment = for_update(session, appointment_id)
    side = side_of(session, appointment, actor)
    if asked := last_done(session, appointment_id, Action.ASK_REPLACEMENT):
        if asked.actor_id == actor.person_id:
            return Outcome(appointment, asked.at, repeated=True)
        raise done_first(session, asked)
    _require_lost(session, appointment)
    record(session, Action.ASK_REPLACEMENT, side, actor, appointment_id=appointment_id)
    outbox.tell_coordinators(
        session,
        MessageKind.REPLACEMENT_ASKED,
        {"appointment_id": appointment_id},
        key=f"replacement:{appointment_id}",
        now=actor.now,
    )
    refresh_cards(session, appointment, actor)
    return Outcome(appointment, actor.now)


def replace(
    session: Session, lost_id: int, actor: Actor, starts_at: datetime, reason: str
) -> Outcome:
    """A coordinator books another session in the place of a lost one, once (SPEC 2, 6).

    It has the same tutor, student, subject, kind and length, and names the lost one; both sides
    are told. Refused: NOT_COORDINATOR, WRONG_STATUS, REPLACED (by somebody else), SLOT_PASSED,
    SLOT_TAKEN, REASON_REQUIRED, TEXT_TOO_LONG.
    """
    require_coordinator(session, actor)
    lost = for_update(session, lost_id)
    if new := replacement_of(session, lost_id):
        booked = last_done(session, new.id, Action.REPLACE)
        if booked and booked.actor_id == actor.person_id:
            return Outcome(new, booked.at, repeated=True)
    said = require_reason(reason)
    ends_at = _require_slot(session, lost, actor, starts_at)
    new = Appointment(
        tutor_id=lost.tutor_id,
        student_id=lost.student_id,
        subject=lost.subject,
        starts_at=starts_at,
        ends_at=ends_at,
        status=Status.SCHEDULED,
        kind=lost.kind,
        billed_as_addon=lost.billed_as_addon,
        replaces_id=lost.id,
        created_at=actor.now,
    )
    outcome = create(
        session,
        new,
        Action.REPLACE,
        Role.COORDINATOR,
        actor,
        reason=said,
        details={"replaces_id": lost_id},
    )
    record(
        session,
        Action.REPLACE,
        Role.COORDINATOR,
        actor,
        appointment_id=lost_id,
        reason=said,
        details={"replaced_by_id": new.id},
    )
    tell_changed(session, new, others_in(session, new, actor), actor)
    refresh_cards(session, lost, actor)
    return outcome


def require_replaceable(
    session: Session, lost_id: int, actor: Actor, starts_at: datetime | None = None
) -> Appointment:
    """The lost session, locked, if a coordinator could replace it now, by one at that time.

    Asked before they are asked; refused as `replace` is, and REPLACED where they have done it.
    """
    require_coordinator(session, actor)
    lost = for_update(session, lost_id)
    if starts_at is None:
        _require_lost(session, lost)
    else:
        _require_slot(session, lost, actor, starts_at)
    return lost


def _require_slot(
    session: Session, lost: Appointment, actor: Actor, starts_at: datetime
) -> datetime:
    """The end of a session in the place of the lost one, if that could be then."""
    _require_lost(session, lost)
    require_to_come(starts_at, actor.now)
    ends_at = new_end(lost.starts_at, lost.ends_at, starts_at)
    require_free(
        session,
        tutor_id=lost.tutor_id,
        student_id=lost.student_id,
        starts_at=starts_at,
        ends_at=ends_at,
        besides=None,
    )
    return ends_at


def _require_lost(session: Session, appointment: Appointment) -> None:
    """It was lost, and nothing is in its place yet. Refused: WRONG_STATUS, REPLACED."""
    if appointment.status is not Status.NOT_COMPLETED:
        raise acted_first(session, appointment, Action.REPLACE)
    new = replacement_of(session, appointment.id)
    if new is None:
        return
    booked = last_done(session, new.id, Action.REPLACE)
    told = done_first(session, booked) if booked else None
    raise Refusal(
        RefusalCode.REPLACED,
        who=told.params["who"] if told else "",
        actor_id=booked.actor_id if booked else None,
        at=booked.at if booked else new.created_at,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
    )
