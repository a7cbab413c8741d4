"""Who is there when a use case is tried, and a unit of work for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from models import Appointment, Person, RescheduleProposal, RescheduleThread, Student
from models.enums import ChangeReason, ProposalStatus, Role, Status, ThreadStatus
from services.db import Database, Session
from tests import builders
from tests.builders import NOW

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


async def scene(database: Database, status: Status = Status.SCHEDULED, **over: Any) -> Scene:
    """Everybody, and the session in `status`; `over` are its columns."""
    async with database.unit_of_work() as session:
        tutor = await builders.tutor(session)
        grace = await builders.parent(session)
        daniel = await builders.parent(session, name="Daniel Lim")
        coordinator = await builders.coordinator(session)
        student = await builders.student(session, [grace, daniel])
        row = await builders.appointment(
            session, tutor=tutor, student=student, status=status, **over
        )
    return Scene(tutor, grace, daniel, coordinator, student, row)


async def another_session(database: Database, scene: Scene, **over: Any) -> Scene:
    """The same people with one session more."""
    async with database.unit_of_work() as session:
        row = await builders.appointment(
            session, **({"tutor": scene.tutor, "student": scene.student} | over)
        )
    return replace(scene, session=row)


async def open_thread(database: Database, scene: Scene) -> RescheduleThread:
    """A request of Grace's to move the session, that nobody has answered."""
    async with database.unit_of_work() as session:
        thread = RescheduleThread(
            appointment_id=scene.id,
            status=ThreadStatus.OPEN,
            opened_at=NOW - timedelta(days=1),
            expires_at=scene.session.starts_at,
        )
        session.add(thread)
        await session.flush()
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


async def carry_out(
    database: Database,
    use_case: Callable[Concatenate[Session, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """The use case in a unit of work of its own."""
    async with database.unit_of_work() as session:
        return await use_case(session, *args, **kwargs)
