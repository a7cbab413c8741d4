"""Who and what the tests of people and accounts begin with."""

from typing import Any

from sqlmodel import col, select

from models import OutboxMessage, Person
from models.enums import MessageKind, Status
from services.db import Session
from services.messaging.messages.sessions import SessionCard
from services.messaging.outbox import tell_person
from tests import builders
from tests.builders import NOW

PHONE, OTHER_PHONE = 9_111, 9_222
"""Telegram accounts of nobody."""


def newcomer(session: Session, **over: object) -> Person:
    """A parent without an account."""
    return builders.parent(session, **({"telegram_user_id": None, "started_at": None} | over))


def awaiting(session: Session, guardian: Person, **over: Any) -> int:
    """A session of a child of theirs that awaits an answer."""
    tutor = builders.tutor(session)
    student = builders.student(session, [guardian])
    row = builders.appointment(
        session,
        tutor=tutor,
        student=student,
        **({"status": Status.AWAITING_APPROVAL_PARENT} | over),
    )
    return row.id


def cards_for(session: Session, person: Person) -> list[int | None]:
    found = session.exec(
        select(OutboxMessage.appointment_id)
        .where(
            OutboxMessage.person_id == person.id,
            OutboxMessage.kind == MessageKind.APPOINTMENT_CARD,
        )
        .order_by(col(OutboxMessage.id))
    )
    return list(found.all())


def write_card(session: Session, person: Person, appointment_id: int, *, sent: bool) -> None:
    tell_person(
        session,
        person.id,
        SessionCard(appointment_id),
        key="the first",
        now=NOW,
    )
    [message] = session.exec(select(OutboxMessage)).all()
    message.sent_at = NOW if sent else None
    session.flush()
