"""A tutor's leave: asked for by the tutor, or entered by a coordinator (SPEC 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from models import OutboxMessage, Person, TutorLeave
from models.enums import Action, LeaveStatus, Role
from services.closures.booked import Closure, Found, booked_then, lock_booked
from services.closures.reopening import refresh_told, take_back
from services.closures.settling import Settled, Why, require_apart, settle, tell_families
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.messaging import outbox
from services.messaging.messages.matches import LeaveTaken, LeaveWithdrawn
from services.notifications.free_times import offer_anew
from services.queries.closed_days import leave_between
from services.queries.movable import require_movable
from services.rules.agency import Agency
from services.rules.closures import Choice, days_between, digest_of, require_days
from services.rules.penalties import PenaltySheet
from services.rules.refusals.matches import LeaveOverlaps, PreviewOutdated
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotTutor
from services.rules.texts import require_reason


@dataclass(frozen=True)
class LeaveWanted:
    """Days on which a tutor does not teach, and why."""

    tutor_id: int
    starts_on: date
    ends_on: date
    reason: str


@dataclass(frozen=True)
class Taken:
    """Leave that was entered, and what became of the sessions."""

    leave: TutorLeave
    settled: Settled


def sessions_during(
    session: Session, actor: Actor, wanted: LeaveWanted, agency: Agency, sheet: PenaltySheet
) -> list[Found]:
    """What is booked during the leave; changes nothing.

    Refused: NotTutor, DatesWanted, LeaveOverlaps, ReasonRequired, TextTooLong.
    """
    as_tutor = _require_may(session, actor, wanted.tutor_id)
    _require_days(wanted, agency, actor)
    require_reason(wanted.reason)
    there = leave_between(session, wanted.tutor_id, wanted.starts_on, wanted.ends_on)
    if there:
        raise LeaveOverlaps(starts_on=there[0].starts_on, ends_on=there[0].ends_on)
    closure = Closure(tuple(days_between(wanted.starts_on, wanted.ends_on)), wanted.tutor_id)
    return booked_then(
        session, closure, agency, actor.now, is_coordinator=not as_tutor, sheet=sheet
    )


def require_askable(
    session: Session,
    actor: Actor,
    wanted: LeaveWanted,
    found: Sequence[Found],
    choices: Mapping[int, Choice],
    about: Found,
    agency: Agency,
) -> None:
    """Check that a session can be asked to move to the time that was chosen; changes nothing.

    `choices` are those for all that was `found`. Refused as it would be in the end: SameTime,
    SlotPassed, ClosedDay, SlotTaken.
    """
    starts_at = choices[about.view.id].new_starts_at
    if starts_at is None:
        raise PreviewOutdated
    away, row = days_between(wanted.starts_on, wanted.ends_on), about.view.appointment
    zone, now = agency.zone, actor.now
    require_movable(session, row, starts_at, now, zone, may_stay=False, away=away)
    require_apart(session, found, choices)


def take(
    session: Session,
    actor: Actor,
    wanted: LeaveWanted,
    choices: Mapping[int, Choice],
    agency: Agency,
    sheet: PenaltySheet,
    *,
    digest: str,
) -> Taken:
    """Enter the leave, and settle the sessions that are booked then, all in one go.

    The same leave again, by the same person, is the one that there is. Each family gets one
    message, the coordinators a line. Refused as `sessions_during`, PreviewOutdated where something
    has changed since the digest was made; SameTime, SlotPassed,
    ClosedDay, SlotTaken.
    """
    _require_days(wanted, agency, actor)
    closure = Closure(tuple(days_between(wanted.starts_on, wanted.ends_on)), wanted.tutor_id)
    lock_booked(session, closure, agency, actor.now)
    if earlier := _same(session, actor, wanted):
        return Taken(earlier, Settled())
    found = sessions_during(session, actor, wanted, agency, sheet)
    if digest_of(one.booked for one in found) != digest:
        raise PreviewOutdated
    as_tutor = actor.person_id == wanted.tutor_id
    reason = require_reason(wanted.reason)
    leave = TutorLeave(
        tutor_id=wanted.tutor_id,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        reason=reason,
        asked_by_id=actor.identified,
        asked_at=actor.now,
    )
    session.add(leave)
    session.flush()
    settled = settle(session, found, choices, actor, reason, agency.zone, as_tutor=as_tutor)
    _record(session, Action.TAKE_LEAVE, leave, actor)
    key = f"leave:{leave.id}"
    offer_anew(session, actor.now, because=key, tutor_id=leave.tutor_id)
    why = Why(agency.zone, leave_id=leave.id)
    tell_families(session, found, settled, actor, key, tutors=not as_tutor, why=why)
    outbox.tell_coordinators(
        session,
        LeaveTaken(
            leave.id,
            cancelled=len(settled.cancelled),
            asked=len(settled.asked),
            left=len(settled.left),
        ),
        key=f"leave_taken:{leave.id}",
        now=actor.now,
    )
    return Taken(leave, settled)


def withdraw(session: Session, leave_id: int, actor: Actor, agency: Agency) -> TutorLeave:
    """Take leave back: sessions can be booked on its days again; none comes back by itself.

    Who was asked to move one because of it, and has not answered, hears that it stays; what stands
    in chats about the leave says so, and a tutor hears of it whose leave somebody else takes back.
    Refused: NotFound, NotTutor.
    """
    leave = session.exec(
        select(TutorLeave)
        .where(TutorLeave.id == leave_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if leave is None:
        raise NotFound
    _require_may(session, actor, leave.tutor_id)
    if leave.status is LeaveStatus.WITHDRAWN:
        return leave
    leave.status = LeaveStatus.WITHDRAWN
    leave.withdrawn_by_id, leave.withdrawn_at = actor.person_id, actor.now
    session.add(leave)
    session.flush()
    _record(session, Action.WITHDRAW_LEAVE, leave, actor)
    outbox.tell_coordinators(
        session,
        LeaveWithdrawn(leave.id),
        key=f"leave_withdrawn:{leave.id}",
        now=actor.now,
    )
    if actor.person_id != leave.tutor_id:
        told = LeaveWithdrawn(leave.id)
        key = f"leave_withdrawn:{leave.id}:tutor"
        outbox.tell_person(session, leave.tutor_id, told, key=key, now=actor.now)
    closure = Closure(tuple(days_between(leave.starts_on, leave.ends_on)), leave.tutor_id)
    take_back(session, closure, agency.zone, actor, asked_at=leave.asked_at)
    refresh_told(session, col(OutboxMessage.created_at) == leave.asked_at, actor)
    return leave


def _require_days(wanted: LeaveWanted, agency: Agency, actor: Actor) -> None:
    today = actor.now.astimezone(agency.zone).date()
    require_days(wanted.starts_on, wanted.ends_on, today)


def _require_may(session: Session, actor: Actor, tutor_id: int) -> bool:
    """Whether the actor is the tutor; a coordinator may, too. Refused: NotTutor."""
    tutor = session.get(Person, tutor_id)
    if tutor is None or not tutor.is_tutor:
        raise NotTutor
    if actor.person_id == tutor_id:
        return True
    person = session.get(Person, actor.person_id)
    if person is None or not person.is_coordinator:
        raise NotTutor
    return False


def _same(session: Session, actor: Actor, wanted: LeaveWanted) -> TutorLeave | None:
    found = session.exec(
        select(TutorLeave).where(
            TutorLeave.tutor_id == wanted.tutor_id,
            TutorLeave.starts_on == wanted.starts_on,
            TutorLeave.ends_on == wanted.ends_on,
            TutorLeave.status == LeaveStatus.TAKEN,
            TutorLeave.asked_by_id == actor.person_id,
        )
    )
    return found.first()


def _record(session: Session, action: Action, leave: TutorLeave, actor: Actor) -> None:
    role = Role.TUTOR if actor.person_id == leave.tutor_id else Role.COORDINATOR
    record(session, action, role, actor, details={"leave_id": leave.id})
