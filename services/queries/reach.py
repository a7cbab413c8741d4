"""Who can answer a request to move a session: in Telegram, or on the pages (SPEC 6, 9)."""

from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, text
from sqlmodel import col, or_, select

from models import Appointment, Guardianship, Person, RescheduleThread
from models.enums import Role
from services.db import Session
from services.lifecycle.access import people_of
from services.messaging.deliveries import READER_IN_REACH
from services.prepared import Prepared


@dataclass(frozen=True)
class Unreached:
    """A side of a session that is asked, and of whom nobody can answer."""

    side: Role
    tutor: str | None = None
    """Name of the tutor; None for a family."""
    has_blocked: bool = False
    """Whether the tutor has blocked the bot; else they have never pressed Start."""


def unreached(session: Session, appointment: Appointment, side: Role) -> Unreached | None:
    """Why nobody on this side can answer; None where somebody can."""
    if _REACHED.one(session, ids=people_of(session, appointment, side)) is not None:
        return None
    tutor = session.get(Person, appointment.tutor_id) if side is Role.TUTOR else None
    if tutor is None:
        return Unreached(side)
    return Unreached(side, tutor.name, tutor.unreachable_since is not None)


_REACHED = Prepared(
    select(Person.id)
    .where(
        col(Person.id).in_(bindparam("ids", type_=Integer, expanding=True)),
        or_(READER_IN_REACH, col(Person.web_since).is_not(None)),
    )
    .limit(1)
)


def sessions_with_request(session: Session, person: Person) -> list[Appointment]:
    """Sessions in which this person takes part, and which somebody has asked to move."""
    children = select(Guardianship.student_id).where(Guardianship.person_id == person.id)
    found = session.exec(
        select(Appointment)
        .join(RescheduleThread, col(RescheduleThread.appointment_id) == Appointment.id)
        .where(
            text("reschedule_thread.status = 'open'"),
            text("appointment.status = 'scheduled'"),  # as those with a request are
            or_(Appointment.tutor_id == person.id, col(Appointment.student_id).in_(children)),
        )
        .order_by(col(Appointment.id))
    )
    return list(found.all())
