"""What stands in one person's chat, where it reads otherwise for them from now on (UX 17)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect
from sqlmodel import col, or_, select, union

from models import (
    Appointment,
    Card,
    Dialogue,
    ListedAppointment,
    Match,
    Person,
    ShownList,
    StandingMessage,
)
from services.db import Session
from services.messaging import cards, outbox
from services.messaging.lists import refresh_packages
from services.messaging.messages.matches import MatchCardRefresh
from services.messaging.messages.sessions import SessionCardRefresh
from services.queries.sessions import NOT_SETTLED, children_of, of_children

MOST = 60
"""Most sessions whose cards are edited: those that start first."""


def zone_follows(session: Session, person: Person, now: datetime) -> None:
    """Update what stands in a person's chat about their sessions that go on: they have another time
    zone from now on.
    """
    session.flush()
    own = session.exec(
        select(Appointment.id)
        .where(
            NOT_SETTLED,
            or_(Appointment.tutor_id == person.id, of_children(children_of(session, person))),
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
        .limit(MOST)
    )
    rows = []
    for appointment_id in own.all():
        shown = cards.shown_in(session, appointment_id, now)
        to_them = [one for one in shown if one.person_id == person.id]
        if to_them:
            told = SessionCardRefresh(appointment_id, asks=any(one.asks for one in to_them))
            key = f"refresh:{appointment_id}:zone:{now.isoformat()}:{person.id}"
            rows.append(outbox.message(person.id, told, key=key, now=now))
    outbox.write_once(session, rows)


def refresh_child(session: Session, person_id: int, student_id: int, now: datetime) -> None:
    """Update all that stands in a person's chat about a child whose guardian they became, or are
    no more: cards of its sessions and matches, lists, reminders, questions.
    """
    session.flush()
    asked = (
        select(Dialogue.appointment_id)
        .join(Person, col(Person.telegram_user_id) == Dialogue.chat_id)
        .where(Person.id == person_id)
    )
    asking = set(session.exec(asked).all())
    shown: CompoundSelect[Any] = union(
        select(Card.appointment_id).where(Card.person_id == person_id, col(Card.is_live)),
        select(StandingMessage.appointment_id).where(StandingMessage.person_id == person_id),
        select(ListedAppointment.appointment_id)
        .join(ShownList, col(ShownList.id) == ListedAppointment.list_id)
        .where(ShownList.person_id == person_id),
    )
    is_there = or_(col(Appointment.id).in_(shown), col(Appointment.id).in_(asking))
    found = session.exec(
        select(Appointment.id)
        .where(Appointment.student_id == student_id, is_there)
        .order_by(col(Appointment.id))
    )
    because = f"family:{person_id}:{now.isoformat()}"
    rows = [
        outbox.message(
            person_id,
            SessionCardRefresh(one, asks=one in asking),
            key=f"refresh:{one}:{because}",
            now=now,
        )
        for one in found.all()
    ]
    offered = session.exec(
        select(StandingMessage.match_id)
        .join(Match, col(Match.id) == StandingMessage.match_id)
        .where(StandingMessage.person_id == person_id, Match.student_id == student_id)
        .distinct()
    )
    rows += [
        outbox.message(
            person_id, MatchCardRefresh(one), key=f"match_refresh:{one}:{because}", now=now
        )
        for one in offered.all()
        if one is not None
    ]
    outbox.write_once(session, rows)
    refresh_packages(session, student_id, now, because=because)
