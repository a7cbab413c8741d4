"""Who is there already, and who comes with the files: what refs in rows may point at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlmodel import col, select

from models import Appointment, AuditEvent, Guardianship, Person, Student
from models.enums import Action
from services.db import Session
from services.imports.sources import SourceRow

Value = TypeVar("Value")

AT_ONCE = 500
"""Values in one query."""


@dataclass(frozen=True)
class Directory:
    """The people and children that the database has, by ref."""

    people: Mapping[str, Person]
    accounts: Mapping[int, Person]
    """Everybody who has one, with or without a ref, by Telegram account."""
    students: Mapping[str, Student]
    guardians: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """The guardians' ids by the child's id."""


def load_directory(session: Session) -> Directory:
    """Everybody there is."""
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


def load_appointments(session: Session, rows: Iterable[SourceRow]) -> dict[str, Appointment]:
    """The sessions that the rows name and that are there already, by ref."""
    known: dict[str, Appointment] = {}
    for refs in _batches(sorted({row.cells["ref"] for row in rows})):
        found = session.exec(select(Appointment).where(col(Appointment.ref).in_(refs)))
        known |= {one.ref: one for one in found.all() if one.ref}
    return known


def load_documents(
    session: Session, appointments: Iterable[Appointment]
) -> dict[int, dict[str, Any]]:
    """What the newest import said of each session, by its id."""
    documents: dict[int, dict[str, Any]] = {}
    for ids in _batches(sorted(appointment.id for appointment in appointments)):
        found = session.exec(
            select(AuditEvent)
            .where(col(AuditEvent.appointment_id).in_(ids), AuditEvent.action == Action.IMPORT)
            .order_by(col(AuditEvent.id))
        )
        for event in found.all():
            if event.appointment_id is not None and event.details is not None:
                documents[event.appointment_id] = event.details["row"]
    return documents


def _batches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
