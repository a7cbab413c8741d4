"""Scheduling one more session, as a coordinator (SPEC 2)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models import Appointment, AuditEvent, Person, Student
from models.enums import Action, Kind, Role, Status
from services.db import Session
from services.lifecycle.access import others_in, require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.slots import lock_calendars, require_free
from services.lifecycle.status import Outcome, create, done_first
from services.messaging import outbox
from services.messaging.messages.sessions import SessionScheduled
from services.notifications.free_times import offer_no_more
from services.queries.closed_days import require_open_day
from services.queries.matches import Agreed, agreed_with
from services.rules.agency import Agency
from services.rules.refusals.sessions import NotFound
from services.rules.reschedule import require_to_come
from services.rules.scheduling import require_kind, require_length, require_subject

LIVE = (Status.SCHEDULED, Status.CHECKED_IN)


@dataclass(frozen=True)
class Wanted:
    """The session that a coordinator wants."""

    tutor_id: int
    student_id: int
    subject: str
    starts_at: datetime
    minutes: int
    kind: Kind = Kind.REGULAR


def schedule(session: Session, actor: Actor, wanted: Wanted, agency: Agency) -> Outcome:
    """Schedule a session in the future; tutor and parents get its card (SPEC 2).

    A regular one takes price and pay from the match of tutor and child, where there is one. The
    same one again, by the same coordinator, is the one that there is. Refused: NotCoordinator,
    NotFound, ActedFirst (another coordinator scheduled just that), SlotPassed, LengthNotPossible,
    ClosedDay, SlotTaken, TextTooLong, StaleButton.
    """
    require_coordinator(session, actor)
    lock_calendars(session, wanted.tutor_id, wanted.student_id)
    if earlier := _scheduled(session, wanted.tutor_id, wanted.student_id, wanted.starts_at):
        appointment, event = earlier
        if event.actor_id != actor.person_id:
            raise done_first(session, event)
        return Outcome(appointment, event.at, repeated=True)
    ends_at = _require_possible(session, actor, wanted, agency)
    agreed = Agreed()
    if wanted.kind is Kind.REGULAR:
        agreed = agreed_with(session, wanted.tutor_id, wanted.student_id)
    new = Appointment(
        tutor_id=wanted.tutor_id,
        student_id=wanted.student_id,
        subject=require_subject(wanted.subject),
        starts_at=wanted.starts_at,
        ends_at=ends_at,
        status=Status.SCHEDULED,
        kind=wanted.kind,
        price=agreed.price,
        pay=agreed.pay,
        price_unit=agreed.price_unit,
        created_at=actor.now,
    )
    outcome = create(session, new, Action.SCHEDULE, Role.COORDINATOR, actor)
    offer_no_more(session, [new], actor.now)
    for person_id in others_in(session, new, actor):
        outbox.tell_person(
            session,
            person_id,
            SessionScheduled(new.id),
            key=f"scheduled:{new.id}:{person_id}",
            now=actor.now,
        )
    return outcome


def require_schedulable(session: Session, actor: Actor, wanted: Wanted, agency: Agency) -> None:
    """Check that a coordinator could schedule this now; asked before a dialogue confirms it.

    Refused as `schedule`.
    """
    require_coordinator(session, actor)
    _require_possible(session, actor, wanted, agency)


def scheduled_before(
    session: Session, actor: Actor, tutor_id: int, student_id: int, starts_at: datetime
) -> Outcome | None:
    """Live session that this coordinator scheduled for that start; None where there is none."""
    require_coordinator(session, actor)
    found = _scheduled(session, tutor_id, student_id, starts_at)
    if found is None or found[1].actor_id != actor.person_id:
        return None
    return Outcome(found[0], found[1].at, repeated=True)


def _require_possible(session: Session, actor: Actor, wanted: Wanted, agency: Agency) -> datetime:
    """End of the session, if it can be."""
    tutor = session.get(Person, wanted.tutor_id, populate_existing=True)
    if tutor is None or not tutor.is_tutor or session.get(Student, wanted.student_id) is None:
        raise NotFound
    require_kind(wanted.kind)
    require_to_come(wanted.starts_at, actor.now)
    ends_at = wanted.starts_at + require_length(wanted.minutes)
    require_open_day(session, wanted.tutor_id, wanted.starts_at, agency.zone)
    require_free(
        session,
        tutor_id=wanted.tutor_id,
        student_id=wanted.student_id,
        starts_at=wanted.starts_at,
        ends_at=ends_at,
        besides=None,
    )
    return ends_at


def _scheduled(
    session: Session, tutor_id: int, student_id: int, starts_at: datetime
) -> tuple[Appointment, AuditEvent] | None:
    """Live session of these two at this start that a coordinator scheduled, and the event."""
    found = session.exec(
        select(Appointment, AuditEvent)
        .join(AuditEvent, col(AuditEvent.appointment_id) == Appointment.id)
        .where(
            Appointment.tutor_id == tutor_id,
            Appointment.student_id == student_id,
            Appointment.starts_at == starts_at,
            col(Appointment.status).in_(LIVE),
            AuditEvent.action == Action.SCHEDULE,
        )
    ).first()
    return None if found is None else (found[0], found[1])
