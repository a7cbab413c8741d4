"""People, children and sessions in the database, to which refs in rows may point."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from models import Appointment, AuditEvent, Guardianship, Person, Student
from models.enums import Action, Status
from services.db import Session


@dataclass(frozen=True)
class Directory:
    """People and children in the database, by ref."""

    people: Mapping[str, Person]
    accounts: Mapping[int, Person]
    """Linked people, with or without a ref, by Telegram account."""
    students: Mapping[str, Student]
    guardians: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """Guardians' ids by the child's id."""


def load_directory(session: Session) -> Directory:
    """Everybody in the database."""
    people = session.exec(select(Person)).all()
    students = session.exec(select(Student)).all()
    guardians: dict[int, set[int]] = {}
    for guardianship in session.exec(select(Guardianship)).all():
        guardians.setdefault(guardianship.student_id, set()).add(guardianship.person_id)
    return Directory(
        people={person.ref: person for person in people if person.ref},
        accounts={one.telegram_user_id: one for one in people if one.telegram_user_id},
        students={student.ref: student for student in students if student.ref},
        guardians={student_id: frozenset(ids) for student_id, ids in guardians.items()},
    )


@dataclass(frozen=True)
class KnownSession:
    """Session that exists already."""

    id: int
    status: Status
    document: Mapping[str, Any]
    """Content of its row in the newest import."""


def load_sessions(session: Session, refs: Iterable[str]) -> dict[str, KnownSession]:
    """Sessions that exist already, by ref; `refs` are those of one batch."""
    found = session.exec(
        select(Appointment.ref, Appointment.id, Appointment.status).where(
            col(Appointment.ref).in_(sorted(refs))
        )
    ).all()
    documents = _documents(session, [appointment_id for _, appointment_id, _ in found])
    return {
        ref: KnownSession(appointment_id, Status(status), documents.get(appointment_id, {}))
        for ref, appointment_id, status in found
        if ref is not None
    }


def _documents(session: Session, appointment_ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Content of each session's row in the newest import, by session id."""
    if not appointment_ids:
        return {}
    found = session.exec(
        select(AuditEvent.appointment_id, AuditEvent.details)
        .where(
            col(AuditEvent.appointment_id).in_(sorted(appointment_ids)),
            AuditEvent.action == Action.IMPORT,
        )
        .order_by(col(AuditEvent.id))
    )
    return {
        appointment_id: details["row"]
        for appointment_id, details in found.all()
        if appointment_id is not None and details is not None
    }
