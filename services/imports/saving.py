"""Saving a plan without problems; the caller's unit of work commits it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, delete, select

from models import Appointment, Guardianship, Person, Student
from models.enums import Action, Kind, Origin, Role, Status
from services.db import Session
from services.imports.directory import Directory
from services.imports.person_rows import PersonChange
from services.imports.progress import Progress
from services.imports.saving_records import RecordSaver
from services.imports.session_rows import SessionPlan
from services.imports.statements import INSERT_SESSIONS, insert_events
from services.imports.stored_rows import SessionDocument
from services.imports.student_rows import StudentChange
from services.lifecycle.access import for_update
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.notifications.announcements import ask_parents, refresh_cards
from services.notifications.menus import menu_follows
from services.notifications.own_cards import zone_follows
from services.notifications.waiting_cards import give_waiting_cards
from services.rules.agency import Agency


class Saver:
    """Writes people, then the children who name them, then the sessions that name both."""

    def __init__(self, session: Session, directory: Directory, actor: Actor) -> None:
        self._session = session
        self._people = dict(directory.people)
        self._students = dict(directory.students)
        self._guardians = directory.guardians
        self._actor = actor

    def records(self, agency: Agency) -> RecordSaver:
        """Give what writes the records that name the people and children saved so far."""
        return RecordSaver(self._session, agency, self._actor, self._people, self._students)

    def lock_sessions(self, plan: SessionPlan) -> None:
        """Lock the sessions to be changed before anything else, as every use case does."""
        for appointment_id in sorted(appointment_id for appointment_id, _ in plan.changed):
            for_update(self._session, appointment_id)

    def save_people(self, changes: Iterable[PersonChange]) -> None:
        for change in changes:
            person = change.person
            if person is None:
                person = Person(**change.values)
                self._session.add(person)
                self._people[change.row.ref] = person
            else:
                roles, zone = person.roles, person.time_zone
                _set(person, change.values)
                if person.roles != roles:
                    menu_follows(self._session, person, self._actor.now)
                if person.time_zone != zone:
                    zone_follows(self._session, person, self._actor.now)
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

    def save_sessions(self, plan: SessionPlan, progress: Progress) -> None:
        """Write sessions with their audit events, and cards for those that await an answer."""
        for documents in plan.new.batches():
            self._insert(documents)
            progress.advance(len(documents))
        for appointment_id, document in plan.changed:
            self._change_subject(appointment_id, document)

    def _insert(self, documents: list[SessionDocument]) -> None:
        """Insert in statements of many rows: nobody else can write to SQLite meanwhile."""
        connection = self._session.connection()
        connection.execute(INSERT_SESSIONS, [self._appointment(one) for one in documents])
        connection.execute(
            insert_events(connection.dialect.name),
            {
                "actor_id": self._actor.person_id,
                "role": Role.COORDINATOR,
                "channel": self._actor.channel,
                "at": self._actor.now,
                "action": Action.IMPORT,
                "details": [{"row": document} for document in documents],
            },
        )
        self._ask_parents([document["ref"] for document in documents if _asks(document)])

    def _ask_parents(self, refs: list[str]) -> None:
        found = self._session.exec(
            select(Appointment.id)
            .where(col(Appointment.ref).in_(refs))
            .order_by(col(Appointment.id))
        )
        for appointment_id in found.all() if refs else ():
            ask_parents(self._session, for_update(self._session, appointment_id), self._actor)

    def _change_subject(self, appointment_id: int, document: SessionDocument) -> None:
        appointment = for_update(self._session, appointment_id)
        appointment.subject = document["subject"]
        record(
            self._session,
            Action.IMPORT,
            Role.COORDINATOR,
            self._actor,
            appointment_id=appointment.id,
            details={"row": document},
        )
        self._session.flush()
        refresh_cards(self._session, appointment, self._actor)

    def _appointment(self, document: SessionDocument) -> dict[str, Any]:
        starts_at = datetime.fromisoformat(document["starts_at"])
        return {
            "ref": document["ref"],
            "tutor_id": self._people[document["tutor_ref"]].id,
            "student_id": self._students[document["student_ref"]].id,
            "subject": document["subject"],
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=document["duration_minutes"]),
            "status": document["status"],
            "kind": document["kind"],
            "origin": document["origin"],
            "billed_as_addon": int(document["kind"] == Kind.ADHOC),
            "checked_in_at": _instant(document["checked_in_at"]),
            "checked_out_at": _instant(document["checked_out_at"]),
            "student_absent": False,
            "created_at": self._actor.now,
        }


def _asks(document: SessionDocument) -> bool:
    """Whether parents are asked: about native sessions only, not about history."""
    where_it_stands = (document["origin"], document["status"])
    return where_it_stands == (Origin.NATIVE, Status.AWAITING_APPROVAL_PARENT)


def _instant(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def _set(row: Person | Student, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
