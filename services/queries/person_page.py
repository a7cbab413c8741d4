"""What the pages of a person and of a child show to coordinators (SPEC 10)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam
from sqlmodel import col, select

from models import Guardianship, Invitation, Person, SignInLink, Student, WebSession
from models.columns import UtcDateTime
from services.db import Session
from services.prepared import Prepared
from services.queries.found_people import parents_of
from services.rules.texts import ERASED

DEVICES = 50
"""Most browsers that are listed; the newest come first."""


@dataclass(frozen=True)
class OpenWay:
    """An unused invitation or sign-in link that still works."""

    made_by: str | None
    """None for the system's."""
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class PersonPage:
    """A person with their children and their ways in."""

    person: Person
    children: list[Student]
    invitation: OpenWay | None
    web_link: OpenWay | None
    devices: list[WebSession]


@dataclass(frozen=True)
class StudentPage:
    """A child with its guardians, by name."""

    student: Student
    guardians: list[Person]


def person_page(session: Session, person_id: int, now: datetime) -> PersonPage | None:
    """What the page of a person shows; None where there is none, or they were erased."""
    person = session.get(Person, person_id)
    if person is None or not person.roles:
        return None
    return PersonPage(
        person,
        _children(session, person_id),
        _invitation(session, person_id, now),
        _web_link(session, person_id, now),
        devices_of(session, person_id, now),
    )


def student_page(session: Session, student_id: int) -> StudentPage | None:
    """What the page of a child shows; None where there is none, or it was erased."""
    student = session.get(Student, student_id)
    if student is None or student.name == ERASED:
        return None
    return StudentPage(student, parents_of(session, [student_id])[student_id])


def devices_of(session: Session, person_id: int, now: datetime) -> list[WebSession]:
    """Browsers in which a person is signed in, newest first."""
    return _DEVICES.firsts(session, person_id=person_id, now=now)


def _children(session: Session, person_id: int) -> list[Student]:
    return _CHILDREN.firsts(session, person_id=person_id)


def _invitation(session: Session, person_id: int, now: datetime) -> OpenWay | None:
    row = _INVITATION.first(session, person_id=person_id, now=now)
    return None if row is None else OpenWay(*row)


def _web_link(session: Session, person_id: int, now: datetime) -> OpenWay | None:
    """The coordinators' own; what the bot gives is between it and the person."""
    row = _WEB_LINK.first(session, person_id=person_id, now=now)
    return None if row is None else OpenWay(*row)


_WHO, _NOW = bindparam("person_id", type_=Integer), bindparam("now", type_=UtcDateTime)
_DEVICES = Prepared(
    select(WebSession)
    .where(WebSession.person_id == _WHO, col(WebSession.expires_at) > _NOW)
    .order_by(col(WebSession.created_at).desc(), col(WebSession.id).desc())
    .limit(DEVICES)
)
_CHILDREN = Prepared(
    select(Student)
    .join(Guardianship, col(Guardianship.student_id) == Student.id)
    .where(Guardianship.person_id == _WHO)
    .order_by(col(Student.name), col(Student.id))
)
_INVITATION = Prepared(
    select(Person.name, Invitation.created_at, Invitation.expires_at)
    .select_from(Invitation)
    .outerjoin(Person, col(Person.id) == Invitation.created_by_id)
    .where(
        Invitation.person_id == _WHO,
        col(Invitation.used_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > _NOW,
    )
    .order_by(col(Invitation.id).desc())
    .limit(1)
)
_WEB_LINK = Prepared(
    select(Person.name, SignInLink.created_at, SignInLink.expires_at)
    .select_from(SignInLink)
    .join(Person, col(Person.id) == SignInLink.made_by_id)
    .where(
        SignInLink.person_id == _WHO,
        col(SignInLink.used_at).is_(None),
        col(SignInLink.expires_at) > _NOW,
    )
    .order_by(col(SignInLink.id).desc())
    .limit(1)
)
