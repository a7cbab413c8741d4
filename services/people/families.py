"""Children, and who their guardians are; for coordinators (SPEC 1, 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, delete, func, select

from models import Appointment, Guardianship, Person, Student
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record_of_person
from services.notifications.menus import menu_follows
from services.notifications.own_cards import refresh_child
from services.notifications.waiting_cards import give_waiting_cards
from services.people.entries import change, free_ref, locked, named, short
from services.queries.sessions import NOT_SETTLED
from services.rules.refusals.people import LastGuardian

ADDRESS_LIMIT = 300
"""The longest address, in characters."""


@dataclass(frozen=True)
class StudentEntry:
    """A child as a coordinator enters it."""

    name: str
    address: str | None = None
    ref: str | None = None


def add_student(
    session: Session, actor: Actor, entry: StudentEntry, guardian_ids: Sequence[int] = ()
) -> Student:
    """Add a child with these guardians.

    Raises `Refusal`: NotCoordinator, NameMissing, TextTooLong, RefTaken, NotFound for a guardian.
    """
    require_coordinator(session, actor)
    columns = _checked(session, entry, None)
    student = Student(**columns)
    session.add(student)
    session.flush()
    record_of_person(
        session, Action.ADD_STUDENT, Role.COORDINATOR, actor, student_id=student.id, details=columns
    )
    for person_id in guardian_ids:
        add_guardian(session, actor, student.id, person_id)
    return student


def edit_student(session: Session, actor: Actor, student_id: int, entry: StudentEntry) -> Student:
    """Change a child's entry. Raises `Refusal` as `add_student` does."""
    require_coordinator(session, actor)
    student = locked(session, Student, student_id)
    columns = _checked(session, entry, student)
    change(session, student, columns, Action.EDIT_STUDENT, actor, student_id=student.id)
    return student


def add_guardian(session: Session, actor: Actor, student_id: int, person_id: int) -> None:
    """Link a person to a child as its guardian; they become a parent, if they were none.

    They get the cards that wait for an answer. Nothing where they are linked already. Raises
    `Refusal`: NotCoordinator, NotFound.
    """
    require_coordinator(session, actor)
    student = locked(session, Student, student_id)
    person = locked(session, Person, person_id)
    if session.get(Guardianship, (person.id, student.id)) is not None:
        return
    session.add(Guardianship(person_id=person.id, student_id=student.id))
    became_parent = not person.is_parent
    person.is_parent = True
    session.flush()
    if became_parent:
        menu_follows(session, person, actor.now)
    record_of_person(
        session,
        Action.ADD_GUARDIAN,
        Role.COORDINATOR,
        actor,
        person_id=person.id,
        student_id=student.id,
        details={"became_parent": became_parent},
    )
    if person.telegram_user_id is not None:
        give_waiting_cards(session, person, actor.now, student_id=student.id)
    refresh_child(session, person.id, student.id, actor.now)


def remove_guardian(session: Session, actor: Actor, student_id: int, person_id: int) -> None:
    """Unlink a guardian from a child: they see nothing of it from now on, in their chat neither.

    Nothing where they are not linked. Raises `Refusal`: NotCoordinator, NotFound, LastGuardian
    where nobody would be left to answer for the child's sessions.
    """
    require_coordinator(session, actor)
    student = locked(session, Student, student_id)
    guardians = session.exec(
        select(Guardianship.person_id).where(Guardianship.student_id == student.id)
    ).all()
    if person_id not in guardians:
        return
    if len(guardians) == 1:
        open_ones = select(func.count()).where(Appointment.student_id == student.id, NOT_SETTLED)
        if count := session.exec(open_ones).one():
            raise LastGuardian(count=count)
    session.exec(
        delete(Guardianship).where(
            col(Guardianship.student_id) == student.id, col(Guardianship.person_id) == person_id
        )
    )
    record_of_person(
        session,
        Action.REMOVE_GUARDIAN,
        Role.COORDINATOR,
        actor,
        person_id=person_id,
        student_id=student.id,
    )
    refresh_child(session, person_id, student.id, actor.now)


def _checked(session: Session, entry: StudentEntry, own: Student | None) -> dict[str, Any]:
    return {
        "name": named(entry.name),
        "address": short(entry.address, ADDRESS_LIMIT),
        "ref": free_ref(session, Student, entry.ref, own),
    }
