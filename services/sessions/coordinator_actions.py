"""Coordinators' changes of a scheduled session: another time, another tutor (SPEC 2).

`seen` is the value that the coordinator saw at the beginning: if somebody has changed it since, the
refusal says who, what and when, and nothing is changed.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col

from models import Appointment, Person
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import for_update, others_in, require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import read_appointment, require_possible, with_request
from services.lifecycle.facts import facts_of_row
from services.lifecycle.moves import move_to
from services.lifecycle.open_requests import close_open_thread
from services.lifecycle.slots import lock_calendars, require_free
from services.lifecycle.status import Outcome, done_first, last_done, record
from services.messaging import outbox
from services.messaging.messages.sessions import SessionReassigned
from services.notifications.announcements import tell_changed
from services.notifications.free_times import offer_no_more
from services.queries.closed_days import leave_between
from services.queries.movable import require_movable
from services.rules.refusals.requests import SlotTaken
from services.rules.refusals.sessions import NotFound, TutorAway, TutorTaken
from services.rules.session_actions import SessionAction
from services.rules.texts import require_reason

MOVES = (Action.MOVE, Action.ACCEPT)
"""Actions that change a session's time."""


def require_scheduled(
    session: Session, appointment_id: int, actor: Actor, action: Action
) -> Appointment:
    """Session that a coordinator could change so now; asked before a dialogue.

    Refused: NotCoordinator, NotFound, WrongStatus, ActedFirst; RequestExpired where an open
    request has reached the session's start (SPEC 6).
    """
    require_coordinator(session, actor)
    appointment = read_appointment(session, appointment_id)
    _require(session, appointment, actor, action)
    return appointment


def _lock_scheduled(
    session: Session, appointment_id: int, actor: Actor, action: Action
) -> Appointment:
    """Session, locked for the change. Refused as `require_scheduled`."""
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    _require(session, appointment, actor, action)
    return appointment


def _require(session: Session, appointment: Appointment, actor: Actor, action: Action) -> None:
    facts, asked = with_request(session, facts_of_row(appointment)), SessionAction(action.value)
    require_possible(session, facts, asked, Role.COORDINATOR, actor.now)


def move(
    session: Session,
    appointment_id: int,
    actor: Actor,
    starts_at: datetime,
    reason: str,
    *,
    seen: datetime,
    zone: ZoneInfo,
) -> Outcome:
    """Move a scheduled session at any time; its length stays, both sides are told (SPEC 2).

    `seen`: start before; `zone`: the agency's, in which days are closed. An open request to move it
    is closed. Refused as `require_scheduled`, and ActedFirst, SameTime, SlotPassed, ClosedDay,
    SlotTaken, ReasonRequired, TextTooLong.
    """
    appointment = _lock_scheduled(session, appointment_id, actor, Action.MOVE)
    last = last_done(session, appointment_id, *MOVES)
    is_own = last and (last.action, last.actor_id) == (Action.MOVE, actor.person_id)
    if last and is_own and appointment.starts_at == starts_at:
        return Outcome(appointment, last.at, repeated=True)
    if last and appointment.starts_at != seen:
        raise done_first(session, last)
    checked_reason = require_reason(reason)
    lock_calendars(session, appointment.tutor_id, appointment.student_id)
    ends_at = require_movable(session, appointment, starts_at, actor.now, zone)
    close_open_thread(session, appointment, actor)
    before = appointment.starts_at
    moved = move_to(session, appointment, starts_at, ends_at)
    record(
        session,
        Action.MOVE,
        Role.COORDINATOR,
        actor,
        appointment_id=appointment_id,
        reason=checked_reason,
        details={"starts_at": before.isoformat(), "new_starts_at": starts_at.isoformat()},
    )
    told = others_in(session, moved, actor)
    tell_changed(session, moved, told, actor, before=before)
    offer_no_more(session, [moved], actor.now)
    return Outcome(moved, actor.now)


def reassign(
    session: Session,
    appointment_id: int,
    actor: Actor,
    tutor_id: int,
    reason: str,
    *,
    seen: int,
    zone: ZoneInfo,
) -> Outcome:
    """Give a scheduled session to another tutor; both tutors and the parents are told (SPEC 2).

    `seen`: tutor before. An open request to move it is closed. A tutor who is the child's guardian
    acts only as its tutor from now on (SPEC 9). Refused as `require_scheduled`, and ActedFirst,
    NotFound (no tutor), TutorAway, TutorTaken, SlotTaken (the student), ReasonRequired,
    TextTooLong.
    """
    appointment = _lock_scheduled(session, appointment_id, actor, Action.REASSIGN)
    last = last_done(session, appointment_id, Action.REASSIGN)
    if last and last.actor_id == actor.person_id and appointment.tutor_id == tutor_id:
        return Outcome(appointment, last.at, repeated=True)
    if last and appointment.tutor_id != seen:
        raise done_first(session, last)
    checked_reason = require_reason(reason)
    lock_calendars(session, tutor_id, appointment.student_id)
    require_able(session, appointment, tutor_id, zone)
    close_open_thread(session, appointment, actor)
    before = appointment.tutor_id
    session.exec(
        update(Appointment)
        .where(col(Appointment.id) == appointment_id)
        .values(tutor_id=tutor_id)
        .execution_options(synchronize_session=False)
    )
    given = for_update(session, appointment_id)
    record(
        session,
        Action.REASSIGN,
        Role.COORDINATOR,
        actor,
        appointment_id=appointment_id,
        reason=checked_reason,
        details={"tutor_id": before, "new_tutor_id": tutor_id},
    )
    _tell_former(session, given, before, actor)
    tell_changed(session, given, others_in(session, given, actor), actor)
    offer_no_more(session, [given], actor.now)
    return Outcome(given, actor.now)


def require_able(session: Session, appointment: Appointment, tutor_id: int, zone: ZoneInfo) -> None:
    """Check that a person could teach a session in its tutor's place.

    On a holiday it may stay with another tutor, too. Refused: NotFound, TutorAway, TutorTaken,
    SlotTaken.
    """
    tutor = session.get(Person, tutor_id, populate_existing=True)
    if tutor is None or not tutor.is_tutor or tutor.id == appointment.tutor_id:
        raise NotFound
    day = appointment.starts_at.astimezone(zone).date()
    if leave_between(session, tutor_id, day, day):
        raise TutorAway(tutor=tutor.name, day=day)
    try:
        require_free(
            session,
            tutor_id=tutor_id,
            student_id=appointment.student_id,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            besides=appointment.id,
        )
    except SlotTaken as refusal:
        if refusal.whose is not Role.TUTOR:
            raise
        raise TutorTaken(
            tutor=tutor.name, starts_at=refusal.starts_at, ends_at=refusal.ends_at
        ) from None


def _tell_former(session: Session, appointment: Appointment, tutor_id: int, actor: Actor) -> None:
    """Tell the former tutor that the session is no longer theirs, unless they changed it."""
    if tutor_id == actor.person_id:
        return
    event = last_done(session, appointment.id, Action.REASSIGN)
    outbox.tell_person(
        session,
        tutor_id,
        SessionReassigned(appointment.id),
        key=f"reassigned:{appointment.id}:{event.id if event else 0}",
        now=actor.now,
    )
