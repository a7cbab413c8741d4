"""Replacing a lost session: the request, and the booking (SPEC 6)."""

from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models import Appointment, AuditEvent, Person
from models.enums import Action, Role, Status
from services.db import Session
from services.lifecycle.access import for_update, others_in, require_coordinator, side_of
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import decide, read_appointment, require_possible
from services.lifecycle.facts import facts_of_row
from services.lifecycle.slots import lock_calendars, require_free
from services.lifecycle.status import Outcome, create, record
from services.lifecycle.wanted import forget, want
from services.messaging import outbox
from services.messaging.messages.sessions import ReplacementAsked
from services.notifications.announcements import refresh_cards, tell_changed
from services.notifications.free_times import offer_no_more
from services.queries.closed_days import require_open_day
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import NotFound
from services.rules.repetitions import done_at
from services.rules.reschedule import new_end, require_to_come
from services.rules.session_actions import SessionAction
from services.rules.session_facts import BookedInstead, Done, SessionFacts
from services.rules.texts import require_reason


@dataclass(frozen=True)
class Instead:
    """What a replacement has of its own: another start, another tutor, or both."""

    starts_at: datetime | None = None
    tutor_id: int | None = None

    def of(self, lost: Appointment) -> tuple[int, datetime]:
        """Tutor and start of the replacement."""
        return self.tutor_id or lost.tutor_id, self.starts_at or lost.starts_at


def ask_for_replacement(
    session: Session,
    appointment_id: int,
    actor: Actor,
    wished: datetime | None = None,
    said: str | None = None,
    *,
    zone: ZoneInfo,
) -> Outcome:
    """Ask the coordinators for a replacement, as the tutor or a parent (SPEC 6).

    Once a session, and again where the coordinators have closed the request without a booking.
    `wished`: start that suits them; nothing is booked by that. `said`: what they wrote about it,
    for the coordinators. Of a session that the tutor cancelled, the parents ask. `zone`: the
    agency's, in which days are closed. Refused: NotYourChild, OwnSession, WrongStatus, Replaced,
    SlotPassed, ClosedDay, SlotTaken, TextTooLong, and ActedFirst where somebody else has asked.
    """
    appointment = for_update(session, appointment_id)
    side = side_of(session, appointment, actor)
    _, facts = _facts(session, appointment)
    if earlier := decide(session, appointment, facts, SessionAction.ASK_REPLACEMENT, side, actor):
        return earlier
    if wished is not None:
        _require_slot(session, appointment, actor, wished, appointment.tutor_id, zone)
    details = {
        **({"wished": wished.isoformat()} if wished else {}),
        **({"text": require_reason(said)} if said else {}),
    }
    event_id = record(
        session,
        Action.ASK_REPLACEMENT,
        side,
        actor,
        appointment_id=appointment_id,
        details=details or None,
    )
    want(session, appointment, actor.now)
    outbox.tell_coordinators(
        session,
        ReplacementAsked(appointment_id),
        key=f"replacement:{appointment_id}:{event_id}",
        now=actor.now,
    )
    refresh_cards(session, appointment, actor)
    return Outcome(appointment, actor.now)


def can_wish(
    session: Session, appointment_id: int, actor: Actor, wished: datetime, *, zone: ZoneInfo
) -> bool:
    """Whether this person could ask the coordinators for a replacement at this time now."""
    try:
        require_wishable(session, appointment_id, actor, wished, zone=zone)
    except Refusal:
        return False
    return True


def can_ask(session: Session, appointment_id: int, actor: Actor) -> bool:
    """Whether this person could ask the coordinators for a replacement now."""
    try:
        _askable(session, appointment_id, actor)
    except Refusal:
        return False
    return True


def require_wishable(
    session: Session,
    appointment_id: int,
    actor: Actor,
    wished: datetime | None,
    *,
    zone: ZoneInfo,
) -> None:
    """Check that this person could ask for a replacement now, and at `wished` if it is given.

    Asked during a dialogue; refused as `ask_for_replacement`.
    """
    appointment = _askable(session, appointment_id, actor)
    if wished is not None:
        _require_slot(session, appointment, actor, wished, appointment.tutor_id, zone)


def _askable(session: Session, appointment_id: int, actor: Actor) -> Appointment:
    """Lost session in whose place they can ask for another. Refused as `ask_for_replacement`."""
    appointment = read_appointment(session, appointment_id)
    side = side_of(session, appointment, actor)
    _, facts = _facts(session, appointment)
    require_possible(session, facts, SessionAction.ASK_REPLACEMENT, side, actor.now)
    return appointment


def replace(
    session: Session,
    lost_id: int,
    actor: Actor,
    instead: Instead,
    reason: str,
    *,
    zone: ZoneInfo,
) -> Outcome:
    """Book a session in the place of a lost one, as a coordinator, once (SPEC 2, 6).

    It has the same student, subject, kind and length, and refers to the lost one; both sides are
    told. Refused: NotCoordinator, WrongStatus, Replaced (by somebody else), NotFound, SlotPassed,
    ClosedDay, SlotTaken, ReasonRequired, TextTooLong.
    """
    require_coordinator(session, actor)
    lost = for_update(session, lost_id)
    booked, facts = _facts(session, lost)
    action, role = SessionAction.REPLACE, Role.COORDINATOR
    at = done_at(facts, action, role, actor.person_id)
    if booked is not None and at is not None:
        return Outcome(booked, at, repeated=True)
    checked_reason = require_reason(reason)
    require_possible(session, facts, action, role, actor.now)
    tutor_id, starts_at = instead.of(lost)
    lock_calendars(session, tutor_id, lost.student_id)
    ends_at = _require_slot(session, lost, actor, starts_at, tutor_id, zone)
    new = Appointment(
        tutor_id=tutor_id,
        student_id=lost.student_id,
        subject=lost.subject,
        starts_at=starts_at,
        ends_at=ends_at,
        status=Status.SCHEDULED,
        kind=lost.kind,
        billed_as_addon=lost.billed_as_addon,
        price=lost.price,
        pay=lost.pay,
        price_unit=lost.price_unit,
        replaces_id=lost.id,
        created_at=actor.now,
    )
    outcome = create(
        session,
        new,
        Action.REPLACE,
        role,
        actor,
        reason=checked_reason,
        details={"replaces_id": lost_id},
    )
    record(
        session,
        Action.REPLACE,
        role,
        actor,
        appointment_id=lost_id,
        reason=checked_reason,
        details={"replaced_by_id": new.id},
    )
    forget(session, lost)
    tell_changed(session, new, others_in(session, new, actor), actor)
    offer_no_more(session, [new], actor.now)
    refresh_cards(session, lost, actor)
    return outcome


def require_replaceable(
    session: Session,
    lost_id: int,
    actor: Actor,
    instead: Instead | None = None,
    *,
    zone: ZoneInfo,
) -> Appointment:
    """Lost session that a coordinator could replace now, and so if it is given.

    Asked before a dialogue; refused as `replace`, and Replaced where they have done it.
    """
    require_coordinator(session, actor)
    lost = read_appointment(session, lost_id)
    _, facts = _facts(session, lost)
    require_possible(session, facts, SessionAction.REPLACE, Role.COORDINATOR, actor.now)
    if instead is not None:
        tutor_id, starts_at = instead.of(lost)
        _require_slot(session, lost, actor, starts_at, tutor_id, zone)
    return lost


def _require_slot(
    session: Session,
    lost: Appointment,
    actor: Actor,
    starts_at: datetime,
    tutor_id: int,
    zone: ZoneInfo,
) -> datetime:
    """End of the replacement, if it can begin at `starts_at` with this tutor."""
    tutor = session.get(Person, tutor_id, populate_existing=True)
    if tutor_id != lost.tutor_id and (tutor is None or not tutor.is_tutor):
        raise NotFound
    require_to_come(starts_at, actor.now)
    require_open_day(session, tutor_id, starts_at, zone)
    ends_at = new_end(lost.starts_at, lost.ends_at, starts_at)
    require_free(
        session,
        tutor_id=tutor_id,
        student_id=lost.student_id,
        starts_at=starts_at,
        ends_at=ends_at,
        besides=None,
    )
    return ends_at


def _facts(session: Session, appointment: Appointment) -> tuple[Appointment | None, SessionFacts]:
    """Replacement of a session, and its facts with that and with the request for it."""
    this = {"appointment_id": appointment.id}
    asked = session.execute(_ASKED, this).first()
    found = session.execute(_BOOKED, this).first()
    facts = replace_fields(
        facts_of_row(appointment),
        replacement_asked=_done(*asked) if asked else None,
        replaced_by=_booked(*found) if found else None,
    )
    return found[0] if found else None, facts


def _done(event: AuditEvent, who: str | None) -> Done:
    return Done(event.action, event.role, event.at, event.actor_id, who or "")


def _booked(new: Appointment, event: AuditEvent | None, who: str | None) -> BookedInstead:
    by, at = (event.actor_id, event.at) if event else (None, new.created_at)
    return BookedInstead(who or "", by, at, new.starts_at, new.ends_at)


_THIS: BindParameter[int] = bindparam("appointment_id")
_later = aliased(AuditEvent)
_ASKED = (
    select(AuditEvent, Person.name)
    .join(Person, col(Person.id) == AuditEvent.actor_id, isouter=True)
    .where(
        AuditEvent.appointment_id == _THIS,
        AuditEvent.action == Action.ASK_REPLACEMENT,
        ~exists().where(
            col(_later.appointment_id) == _THIS,
            col(_later.action) == Action.DEAL_WITH,
            col(_later.id) > col(AuditEvent.id),
        ),
    )
    .order_by(col(AuditEvent.id).desc())
    .limit(1)
)
_BOOKED = (
    select(Appointment, AuditEvent, Person.name)
    .join(
        AuditEvent,
        (col(AuditEvent.appointment_id) == Appointment.id)
        & (col(AuditEvent.action) == Action.REPLACE),
        isouter=True,
    )
    .join(Person, col(Person.id) == AuditEvent.actor_id, isouter=True)
    .where(Appointment.replaces_id == _THIS)
    .order_by(col(AuditEvent.id).desc())
    .limit(1)
)
