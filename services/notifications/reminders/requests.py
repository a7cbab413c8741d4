"""Reminders of open requests: to the side that owes the answer, and to the tutor (SPEC 6, 8)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models import Person
from models.enums import Role
from services.db import Session
from services.lifecycle.access import guardian_ids
from services.messaging.messages.sessions import AnswerDue, RequestExpires
from services.notifications.reminders.reminder import Reminder, of_session, write
from services.queries.requests import ExpiringRequest, next_expiry, requests_expiring
from services.rules.agency import Agency
from services.rules.quiet_hours import LONGEST_SHIFT
from services.rules.reminders import (
    ANSWER_LEAD,
    REQUEST_LEAD,
    Span,
    answer_due_awake,
    request_expires,
)


def remind_of_answers(session: Session, agency: Agency, now: datetime) -> None:
    """Remind the side that owes an answer, once for each proposed version, while it is awake."""
    reminders: list[Reminder] = []
    for request in requests_expiring(session, now, ANSWER_LEAD + LONGEST_SHIFT):
        for person in _side(session, request):
            span = _span(request, person, agency)
            if span.is_open(now):
                reminders.append(_answer(request, person.id, span))
    write(session, reminders, now)


def next_answer_due(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """When the next reminder of an owed answer is due."""
    instants = (
        _span(one, person, agency).due_at
        for one in requests_expiring(session, now)
        for person in _side(session, one)
    )
    return min((at for at in instants if at > now), default=None)


def is_answer_due(session: Session, agency: Agency, at: datetime) -> bool:
    """Whether somebody is reminded of an owed answer at this instant."""
    return any(
        _span(one, person, agency).due_at == at
        for one in requests_expiring(session, at)
        for person in _side(session, one)
    )


def remind_of_expiry(session: Session, _agency: Agency, now: datetime) -> None:
    """Warn tutors, half an hour before the start, that an open request will end the session.

    It replaces the reminder that check-in is open, which the request blocks.
    """
    reminders = [
        of_session(
            request.appointment,
            tutor.id,
            RequestExpires,
            request_expires(request.thread.expires_at),
        )
        for request in requests_expiring(session, now, REQUEST_LEAD)
        for tutor in _with_account(session, [request.appointment.tutor_id])
    ]
    write(session, reminders, now)


def next_expiry_told(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When the next tutor is warned that an open request will end the session."""
    expires_at = next_expiry(session, now + REQUEST_LEAD)
    return None if expires_at is None else request_expires(expires_at).due_at


def _answer(request: ExpiringRequest, person_id: int, span: Span) -> Reminder:
    return Reminder(
        person_id,
        AnswerDue(request.appointment.id, request.appointment.starts_at, request.proposal.id),
        f"answer_due:{request.proposal.id}:{person_id}",
        span,
    )


def _span(request: ExpiringRequest, person: Person, agency: Agency) -> Span:
    """When a person is reminded of the answer, by the clock where they are."""
    zone = ZoneInfo(person.time_zone) if person.time_zone else agency.zone
    return answer_due_awake(
        request.proposal.proposed_at, request.thread.expires_at, request.owed_by, zone
    )


def _side(session: Session, request: ExpiringRequest) -> list[Person]:
    """People who may answer."""
    if request.owed_by is Role.TUTOR:
        return _with_account(session, [request.appointment.tutor_id])
    family = guardian_ids(session, request.appointment.student_id)
    return _with_account(session, family)


def _with_account(session: Session, person_ids: list[int]) -> list[Person]:
    found = session.exec(
        select(Person)
        .where(col(Person.id).in_(person_ids), col(Person.telegram_user_id).is_not(None))
        .order_by(col(Person.id))
    )
    return list(found.all())
