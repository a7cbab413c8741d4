"""Cards and messages of a person whose times are written otherwise from now on (UX 17)."""

from datetime import datetime

from sqlmodel import col, or_, select

from models import Appointment, Person
from services.db import Session
from services.messaging import cards, outbox
from services.messaging.messages.sessions import SessionCardRefresh
from services.queries.sessions import NOT_SETTLED, children_of, of_children

MOST = 60
"""Most sessions whose cards are edited: those that start first."""


def refresh_own(session: Session, person: Person, now: datetime, *, because: str) -> None:
    """Update what stands in a person's chat about their sessions that go on.

    `because` names the news.
    """
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
            key = f"refresh:{appointment_id}:{because}:{person.id}"
            rows.append(outbox.message(person.id, told, key=key, now=now))
    outbox.write_once(session, rows)
