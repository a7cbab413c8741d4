"""People by id."""

from collections.abc import Collection

from sqlmodel import col, or_, select

from models import AuditEvent, Guardianship, Person, Student
from models.enums import Action
from services.db import Session
from services.lifecycle.access import guardian_ids
from services.messaging.deliveries import READER_IN_REACH

STUDENTS = 1000
"""Most children in a list to choose from."""


def person_with(session: Session, person_id: int | None) -> Person | None:
    """Person with this id; None where there is none, or for None.

    One whom the session has read already is found without SQLAlchemy, which takes twenty calls.
    """
    if person_id is None:
        return None
    known = session.identity_map.get((Person, (person_id,), None))
    return session.get(Person, person_id) if known is None else known


def has_reached_parent(session: Session, student_id: int) -> bool:
    """Whether a parent of the child can answer: in Telegram, or on the pages (SPEC 5, 9)."""
    found = session.exec(
        select(Person.id)
        .where(
            col(Person.id).in_(guardian_ids(session, student_id)),
            or_(col(Person.telegram_user_id).is_not(None), col(Person.web_since).is_not(None)),
        )
        .limit(1)
    )
    return found.first() is not None


def can_answer(parent: Person) -> bool:
    """Whether a parent can answer: in Telegram, or on the pages (SPEC 5, 9)."""
    return parent.telegram_user_id is not None or parent.web_since is not None


def was_unlinked(session: Session, person_id: int, student_id: int) -> bool:
    """Whether the person was the child's guardian once, and is no more."""
    if session.get(Guardianship, (person_id, student_id)) is not None:
        return False
    found = session.exec(
        select(AuditEvent.id)
        .where(
            AuditEvent.action == Action.REMOVE_GUARDIAN,
            AuditEvent.person_id == person_id,
            AuditEvent.student_id == student_id,
        )
        .limit(1)
    )
    return found.first() is not None


def students_by_name(session: Session) -> list[Student]:
    """Children to choose from, by name: the first thousand."""
    found = session.exec(select(Student).order_by(Student.name, col(Student.id)).limit(STUDENTS))
    return list(found.all())


def tutors_by_name(session: Session) -> list[Person]:
    """Tutors to choose from, by name."""
    found = session.exec(
        select(Person).where(col(Person.is_tutor)).order_by(Person.name, col(Person.id))
    )
    return list(found.all())


def in_reach(session: Session, person_ids: Collection[int]) -> list[int]:
    """Those of these people whom the bot can write to now (SPEC 9)."""
    found = session.exec(
        select(Person.id)
        .where(col(Person.id).in_(person_ids), READER_IN_REACH)
        .order_by(col(Person.id))
    )
    return list(found.all())
