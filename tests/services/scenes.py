"""Scenes of people and a session for tests of use cases, and a unit of work for them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar

from models import Appointment, Card, Person, RescheduleProposal, RescheduleThread, Student
from models.enums import ChangeReason, ProposalStatus, Role, Status, ThreadStatus
from services.db import Session
from tests import builders
from tests.builders import NOW
from tests.open_database import OpenDatabase

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    """A child with two parents and a tutor, a coordinator, and one session of theirs."""

    tutor: Person
    grace: Person
    daniel: Person
    coordinator: Person
    student: Student
    session: Appointment

    @property
    def id(self) -> int:
        """The session's."""
        return self.session.id


def scene(database: OpenDatabase, status: Status = Status.SCHEDULED, **over: Any) -> Scene:
    """Everybody, and the session in `status`; `over` are its columns."""
    with database.unit_of_work() as session:
        tutor = builders.tutor(session)
        grace = builders.parent(session)
        daniel = builders.parent(session, name="Daniel Lim")
        coordinator = builders.coordinator(session)
        student = builders.student(session, [grace, daniel])
        row = builders.appointment(session, tutor=tutor, student=student, status=status, **over)
    return Scene(tutor, grace, daniel, coordinator, student, row)


def another_session(database: OpenDatabase, scene: Scene, **over: Any) -> Scene:
    """The same people with one session more."""
    with database.unit_of_work() as session:
        row = builders.appointment(
            session, **({"tutor": scene.tutor, "student": scene.student} | over)
        )
    return replace(scene, session=row)


def open_thread(database: OpenDatabase, scene: Scene) -> RescheduleThread:
    """A request of Grace's to move the session, that nobody has answered."""
    with database.unit_of_work() as session:
        thread = RescheduleThread(
            appointment_id=scene.id,
            status=ThreadStatus.OPEN,
            opened_at=NOW - timedelta(days=1),
            expires_at=scene.session.starts_at,
        )
        session.add(thread)
        session.flush()
        session.add(
            RescheduleProposal(
                thread_id=thread.id,
                version=1,
                status=ProposalStatus.OPEN,
                side=Role.PARENT,
                proposed_by_id=scene.grace.id,
                new_starts_at=NOW + timedelta(days=2),
                new_ends_at=NOW + timedelta(days=2, minutes=90),
                reason=ChangeReason.SCHOOL_EVENT,
                proposed_at=NOW - timedelta(days=1),
            )
        )
    return thread


def with_cards(database: OpenDatabase, there: Scene, *people: Person) -> Scene:
    """The session, shown on a live card to each of these, or to tutor and parents."""
    with database.unit_of_work() as session:
        for person in people or (there.tutor, there.grace, there.daniel):
            session.add(
                Card(
                    chat_id=person.telegram_user_id or 0,
                    message_id=next(_message_ids),
                    person_id=person.id,
                    appointment_id=there.id,
                )
            )
    return there


_message_ids = count(1)


def carry_out(
    database: OpenDatabase,
    use_case: Callable[Concatenate[Session, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run the use case in a unit of work of its own."""
    with database.unit_of_work() as session:
        return use_case(session, *args, **kwargs)
