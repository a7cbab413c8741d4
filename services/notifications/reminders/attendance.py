"""Reminders to tutors to check in and out, once for each session and time (SPEC 8)."""

from datetime import datetime

from sqlalchemy import ColumnElement, text
from sqlmodel import col, select

from models import Appointment, Person, RescheduleThread
from models.enums import Role
from services.db import Session
from services.lifecycle.access import for_update, require_tutor
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import require_possible, with_request
from services.lifecycle.facts import facts_of_row
from services.messaging.messages.sessions import CheckInOpen, CheckOutDue, CheckOutOpen
from services.notifications.reminders.reminder import Reminder, of_session, write
from services.queries.requests import OPEN_THREAD
from services.queries.session_lists import next_end, next_start
from services.rules.agency import Agency
from services.rules.reminders import (
    CHECK_IN_LASTS,
    check_in_open,
    check_out_due,
    check_out_open,
)
from services.rules.session_actions import SessionAction
from services.rules.windows import CHECK_IN_LEAD, CHECK_OUT_GRACE


def remind_to_check_in(session: Session, _agency: Agency, now: datetime) -> None:
    """Tell tutors of scheduled sessions that check-in is open.

    Not while an open request blocks check-in: `services.notifications.reminders.requests` tells
    them about that.
    """
    is_open = (
        select(RescheduleThread.id)
        .where(RescheduleThread.appointment_id == Appointment.id, OPEN_THREAD)
        .exists()
    )
    due = _sessions(
        session,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at <= now + CHECK_IN_LEAD,
        Appointment.starts_at > now - CHECK_IN_LASTS,
        ~is_open,
    )
    write(session, [_check_in(one) for one in due], now)


def remind_to_check_out(session: Session, _agency: Agency, now: datetime) -> None:
    """Remind tutors who are still checked in at the scheduled end."""
    due = _sessions(
        session,
        text("appointment.status = 'checked_in'"),
        Appointment.ends_at <= now,
        Appointment.ends_at > now - CHECK_OUT_GRACE,
    )
    reminders = [
        of_session(one, one.tutor_id, CheckOutDue, check_out_due(one.ends_at)) for one in due
    ]
    write(session, reminders, now)


def next_check_in_open(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When tutors are next told that check-in is open."""
    starts_at = next_start(session, now + CHECK_IN_LEAD)
    return None if starts_at is None else check_in_open(starts_at).due_at


def next_check_out_due(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When tutors are next reminded to check out."""
    ends_at = next_end(session, now)
    return None if ends_at is None else check_out_due(ends_at).due_at


def remind_me(session: Session, appointment_id: int, actor: Actor) -> Appointment:
    """Write the reminder that check-in is open, for a tutor who came too early and asks for it.

    It is the one that the sweep would write. Refused: NotYourSession, WrongStatus, ActedFirst,
    RescheduleOpen.
    """
    appointment = for_update(session, appointment_id)
    require_tutor(session, appointment, actor)
    facts = with_request(session, facts_of_row(appointment))
    require_possible(session, facts, SessionAction.REMIND_OF_CHECK_IN, Role.TUTOR, actor.now)
    write(session, [_check_in(appointment)], actor.now)
    return appointment


def remind_me_to_check_out(session: Session, appointment_id: int, actor: Actor) -> Appointment:
    """Write the reminder that check-out is open, for a tutor who came too early and asks for it.

    Refused: NotYourSession, NotCheckedIn, WrongStatus, ActedFirst.
    """
    appointment = for_update(session, appointment_id)
    require_tutor(session, appointment, actor)
    facts, action = facts_of_row(appointment), SessionAction.REMIND_OF_CHECK_OUT
    require_possible(session, facts, action, Role.TUTOR, actor.now)
    span = check_out_open(appointment.ends_at)
    reminder = of_session(appointment, appointment.tutor_id, CheckOutOpen, span)
    write(session, [reminder], actor.now)
    return appointment


def _check_in(appointment: Appointment) -> Reminder:
    span = check_in_open(appointment.starts_at)
    return of_session(appointment, appointment.tutor_id, CheckInOpen, span)


def _sessions(session: Session, *conditions: object) -> list[Appointment]:
    """Sessions that meet all conditions and have a linked tutor."""
    has_account: ColumnElement[bool] = col(Person.telegram_user_id).is_not(None)
    found = session.exec(
        select(Appointment)
        .join(Person, col(Person.id) == Appointment.tutor_id)
        .where(has_account, *conditions)  # type: ignore[arg-type]
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    return list(found.all())
