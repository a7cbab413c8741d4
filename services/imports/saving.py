"""Saving a plan in which there is no problem left; the caller's unit of work commits it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, delete, insert

from models import Appointment, AuditEvent, Guardianship, Person, Student
from models.enums import Action, Channel, Kind, Origin, Role, Status
from services.db import Session
from services.imports.directory import Directory
from services.imports.person_rows import PersonChange
from services.imports.session_rows import SessionChange, SessionRow
from services.imports.student_rows import StudentChange
from services.lifecycle.access import for_update
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.notifications.announcements import ask_parents, refresh_cards
from services.notifications.waiting_cards import give_waiting_cards

AT_ONCE = 500
"""Sessions in one statement."""


class Saver:
    """Writes people, then the children who name them, then the sessions that name both."""

    def __init__(self, session: Session, directory: Directory, now: datetime) -> None:
        self._session = session
        self._people = dict(directory.people)
        self._students = dict(directory.students)
        self._guardians = directory.guardians
        self._actor = Actor(None, Channel.IMPORT, now)

    def lock_sessions(self, changes: Iterable[SessionChange]) -> None:
        """Sessions to be changed are locked before anybody else: so does who acts on them."""
        differing = (one.appointment.id for one in changes if one.appointment and one.differs)
        for appointment_id in sorted(differing):
            for_update(self._session, appointment_id)

    def save_people(self, changes: Iterable[PersonChange]) -> None:
        for change in changes:
            person = change.person
            if person is None:
                person = Person(**change.values)
                self._session.add(person)
                self._people[change.row.ref] = person
            else:
                _set(person, change.values)
        self._session.flush()

    def save_students(self, changes: list[StudentChange]) -> None:
        for change in changes:
            student = change.student
            if student is None:
                student = Student(**change.values)
                self._session.add(student)
                self._students[change.row.ref] = student
            else:
                _set(student, change.values)
        self._session.flush()
        for change in changes:
            if change.row.guardian_refs:
                student = self._students[change.row.ref]
                guardians = [self._people[ref] for ref in change.row.guardian_refs]
                self._set_guardians(student.id, guardians)

    def _set_guardians(self, student_id: int, guardians: list[Person]) -> None:
        known = self._guardians.get(student_id, frozenset())
        gone = known - {person.id for person in guardians}
        if gone:
            self._session.exec(
                delete(Guardianship).where(
                    col(Guardianship.student_id) == student_id,
                    col(Guardianship.person_id).in_(gone),
                )
            )
        for person in guardians:
            if person.id not in known:
                self._session.add(Guardianship(person_id=person.id, student_id=student_id))
                if person.telegram_user_id is not None:
                    give_waiting_cards(
                        self._session, person, self._actor.now, student_id=student_id
                    )

    def save_sessions(self, changes: list[SessionChange]) -> None:
        """Write sessions, each with its audit event; and the cards of native ones that wait."""
        new = [change.row for change in changes if change.appointment is None]
        for start in range(0, len(new), AT_ONCE):
            self._insert(new[start : start + AT_ONCE])
        for change in changes:
            if change.appointment is not None and change.differs:
                self._change_subject(change.appointment, change.row)

    def _insert(self, rows: list[SessionRow]) -> None:
        """In statements of many rows: nobody else can write to SQLite meanwhile."""
        inserted = self._session.exec(
            insert(Appointment).returning(col(Appointment.ref), col(Appointment.id)),
            params=[self._appointment(row) for row in rows],
        )
        ids: dict[str, int] = dict(inserted.all())
        self._session.exec(
            insert(AuditEvent), params=[self._event(row, ids[row.ref]) for row in rows]
        )
        for row in rows:
            if _asks(row):
                appointment = for_update(self._session, ids[row.ref])
                ask_parents(self._session, appointment, self._actor)

    def _change_subject(self, appointment: Appointment, row: SessionRow) -> None:
        appointment.subject = row.subject
        record(
            self._session,
            Action.IMPORT,
            Role.COORDINATOR,
            self._actor,
            appointment_id=appointment.id,
            details={"row": row.as_document},
        )
        self._session.flush()
        refresh_cards(self._session, appointment, self._actor)

    def _appointment(self, row: SessionRow) -> dict[str, Any]:
        return {
            "ref": row.ref,
            "tutor_id": self._people[row.tutor_ref].id,
            "student_id": self._students[row.student_ref].id,
            "subject": row.subject,
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "status": row.status,
            "kind": row.kind,
            "origin": row.origin,
            "billed_as_addon": int(row.kind is Kind.ADHOC),
            "checked_in_at": row.checked_in_at,
            "checked_out_at": row.checked_out_at,
            "student_absent": False,
            "created_at": self._actor.now,
        }

    def _event(self, row: SessionRow, appointment_id: int) -> dict[str, Any]:
        return {
            "appointment_id": appointment_id,
            "role": Role.COORDINATOR,
            "channel": self._actor.channel,
            "at": self._actor.now,
            "action": Action.IMPORT,
            "to_status": row.status,
            "details": {"row": row.as_document},
        }


def _asks(row: SessionRow) -> bool:
    """Whether parents are to answer: what is imported from before was never ours to ask about."""
    return row.origin is Origin.NATIVE and row.status is Status.AWAITING_APPROVAL_PARENT


def _set(row: Person | Student, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
