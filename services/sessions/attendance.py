"""Check-in, check-out, and the coordinators' correction of attendance (SPEC 3)."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from models import Appointment
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import for_update, require_coordinator, require_tutor
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import decide, require_possible, with_request
from services.lifecycle.facts import facts_of_row
from services.lifecycle.status import Outcome, change_status, record
from services.messaging.messages.sessions import AttendanceCorrected, CheckInCleared
from services.notifications.announcements import ask_parents, refresh_cards, tell_tutor
from services.rules.agency import Agency
from services.rules.attendance import require_possible_attendance
from services.rules.session_actions import SessionAction


def check_in(session: Session, appointment_id: int, actor: Actor, agency: Agency) -> Outcome:
    """Check the tutor in: `checked_in_at` becomes the instant of the tap (SPEC 3).

    Refused: NotYourSession, WrongStatus, ActedFirst, RescheduleOpen, RequestExpired, and
    outside the window TooEarlyToCheckIn and TooLateToCheckIn.
    """
    appointment = for_update(session, appointment_id)
    require_tutor(session, appointment, actor)
    facts = with_request(session, facts_of_row(appointment, agency.zone))
    if earlier := decide(session, appointment, facts, SessionAction.CHECK_IN, Role.TUTOR, actor):
        return earlier
    outcome = change_status(
        session,
        appointment,
        Action.CHECK_IN,
        Role.TUTOR,
        actor,
        values={"checked_in_at": actor.now},
    )
    refresh_cards(session, appointment, actor, event_id=outcome.event_id, is_answered=True)
    return outcome


def check_out(
    session: Session, appointment_id: int, actor: Actor, *, student_absent: bool = False
) -> Outcome:
    """Check the tutor out: `checked_out_at` is set, and the parents are asked (SPEC 3).

    Refused: NotYourSession, NotCheckedIn, ActedFirst, and outside the window
    TooEarlyToCheckOut and TooLateToCheckOut.
    """
    appointment = for_update(session, appointment_id)
    require_tutor(session, appointment, actor)
    facts = facts_of_row(appointment)
    if earlier := decide(session, appointment, facts, SessionAction.CHECK_OUT, Role.TUTOR, actor):
        return earlier
    outcome = change_status(
        session,
        appointment,
        Action.CHECK_OUT,
        Role.TUTOR,
        actor,
        values={"checked_out_at": actor.now, "student_absent": student_absent},
    )
    refresh_cards(session, appointment, actor, event_id=outcome.event_id, is_answered=True)
    ask_parents(session, appointment, actor, move_id=outcome.event_id)
    return outcome


def mark_absent(
    session: Session, appointment_id: int, actor: Actor, *, absent: bool
) -> Appointment:
    """Record after check-out that the student was absent, or not (SPEC 3); the status stays.

    Refused: NotYourSession, WrongStatus, ActedFirst once a parent has answered, and StaleButton for
    an extra session that was logged.
    """
    appointment = for_update(session, appointment_id)
    require_tutor(session, appointment, actor)
    if appointment.student_absent == absent:
        return appointment
    facts = facts_of_row(appointment)
    require_possible(session, facts, SessionAction.MARK_ABSENT, Role.TUTOR, actor.now)
    _set(session, appointment_id, student_absent=absent)
    record(
        session,
        Action.MARK_ABSENT,
        Role.TUTOR,
        actor,
        appointment_id=appointment_id,
        details={"student_absent": absent},
    )
    appointment = for_update(session, appointment_id)
    refresh_cards(session, appointment, actor)
    return appointment


def correct_attendance(
    session: Session,
    appointment_id: int,
    actor: Actor,
    checked_in_at: datetime,
    checked_out_at: datetime,
    reason: str,
) -> Outcome:
    """Set both times of a session with missing taps, as a coordinator (SPEC 2, 3).

    The parents are asked as after a check-out. Refused: NotCoordinator, WrongStatus, ActedFirst,
    ReasonRequired, RescheduleOpen, AttendanceImpossible (out of order, or in the future).
    """
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    facts = with_request(session, facts_of_row(appointment))
    action = SessionAction.CORRECT_ATTENDANCE
    if earlier := decide(session, appointment, facts, action, Role.COORDINATOR, actor):
        return earlier
    require_possible_attendance(checked_in_at, checked_out_at, actor.now)
    outcome = change_status(
        session,
        appointment,
        Action.CORRECT_ATTENDANCE,
        Role.COORDINATOR,
        actor,
        reason=reason,
        values={"checked_in_at": checked_in_at, "checked_out_at": checked_out_at},
        details=_attendance(appointment),
    )
    ask_parents(session, outcome.appointment, actor)
    refresh_cards(session, outcome.appointment, actor)
    tell_tutor(session, outcome.appointment, AttendanceCorrected(appointment_id), actor)
    return outcome


def clear_check_in(session: Session, appointment_id: int, actor: Actor, reason: str) -> Outcome:
    """Undo a mistaken check-in, as a coordinator; the session is scheduled again (SPEC 2).

    Refused: NotCoordinator, WrongStatus, ActedFirst, ReasonRequired.
    """
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    facts, action = facts_of_row(appointment), SessionAction.CLEAR_CHECK_IN
    if earlier := decide(session, appointment, facts, action, Role.COORDINATOR, actor):
        return earlier
    outcome = change_status(
        session,
        appointment,
        Action.CLEAR_CHECK_IN,
        Role.COORDINATOR,
        actor,
        reason=reason,
        values={"checked_in_at": None},
        details=_attendance(appointment),
    )
    refresh_cards(session, outcome.appointment, actor)
    tell_tutor(session, outcome.appointment, CheckInCleared(appointment_id), actor)
    return outcome


def _set(session: Session, appointment_id: int, **values: object) -> None:
    session.exec(
        update(Appointment)
        .where(col(Appointment.id) == appointment_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _attendance(appointment: Appointment) -> dict[str, str | None]:
    """Times before the change, for the audit trail."""
    return {
        name: at.isoformat() if at else None
        for name, at in (
            ("checked_in_at", appointment.checked_in_at),
            ("checked_out_at", appointment.checked_out_at),
        )
    }
