"""People, children and sessions in the database, to which refs in rows may point."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models import Appointment, AuditEvent, Guardianship, Person, Student
from models.enums import Action, Status
from services.db import Session
from services.imports.own_refs import id_in
from services.imports.stored_rows import (
    Refs,
    StoredSession,
    person_ref,
    plain_session_ref,
    session_document,
    student_ref,
)

STORED_COLUMNS = [
    Appointment.metadata.tables["appointment"].c[name]
    for name in StoredSession.__dataclass_fields__
]


@dataclass(frozen=True)
class Directory:
    """People and children in the database, by ref; those without one by their own."""

    people: Mapping[str, Person]
    accounts: Mapping[int, Person]
    """Linked people, with or without a ref, by Telegram account."""
    students: Mapping[str, Student]
    guardians: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """Guardians' ids by the child's id."""

    @property
    def refs(self) -> Refs:
        """Refs of everybody by id."""
        return Refs(
            {person.id: ref for ref, person in self.people.items()},
            {student.id: ref for ref, student in self.students.items()},
        )


def load_directory(session: Session) -> Directory:
    """Everybody in the database."""
    people = session.exec(select(Person)).all()
    students = session.exec(select(Student)).all()
    guardians: dict[int, set[int]] = {}
    for guardianship in session.exec(select(Guardianship)).all():
        guardians.setdefault(guardianship.student_id, set()).add(guardianship.person_id)
    return Directory(
        people={person_ref(person): person for person in people},
        accounts={one.telegram_user_id: one for one in people if one.telegram_user_id},
        students={student_ref(student): student for student in students},
        guardians={student_id: frozenset(ids) for student_id, ids in guardians.items()},
    )


@dataclass(frozen=True)
class KnownSession:
    """Session that exists already."""

    id: int
    status: Status
    document: Mapping[str, Any]
    """Content of its row in the newest import; what it is now, where it was never imported."""
    now: Mapping[str, Any]
    """Content that a row would have for what the session is now."""


def load_sessions(
    session: Session, refs: Iterable[str], known_refs: Refs
) -> dict[str, KnownSession]:
    """Sessions that exist already, by ref; `refs` are those of one batch."""
    own = {id_in(ref): ref for ref in refs}
    found = _stored(session, col(Appointment.ref).in_(sorted(refs)))
    ids = sorted(row_id for row_id in own if row_id is not None)
    if ids:
        found += [
            one
            for one in _stored(session, col(Appointment.id).in_(ids))
            if one.ref is None and own[one.id].endswith(plain_session_ref(one.id, one.created_at))
        ]
    documents = _documents(session, [one.id for one in found])
    known = {}
    for one in found:
        ref = one.ref or own[one.id]
        now = session_document(one, ref, known_refs)
        known[ref] = KnownSession(one.id, one.status, documents.get(one.id, now), now)
    return known


def _stored(session: Session, which: ColumnElement[bool]) -> list[StoredSession]:
    rows = session.execute(select_columns(*STORED_COLUMNS).where(which)).all()
    return [StoredSession(*row) for row in rows]


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
