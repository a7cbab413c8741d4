"""The real services on a real database, driven as the model is, and what stands there after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, func, select

from models import Appointment, AuditEvent, Dispute, Person, RescheduleProposal, RescheduleThread
from models.enums import ChangeReason, DisputeReason, Role
from services.approvals.approvals import acknowledge, verify
from services.approvals.disputes import claim, dispute, return_to_parent, uphold
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome
from services.reschedules.expiry import expire
from services.reschedules.negotiation import accept, counter, propose, reject, withdraw
from services.rules.refusals import Refusal
from services.sessions.attendance import (
    check_in,
    check_out,
    clear_check_in,
    correct_attendance,
    mark_absent,
)
from services.sessions.cancellations import cancel, cancel_for
from services.sessions.coordinator_actions import move
from services.sessions.scheduling import Wanted, schedule
from tests import builders
from tests.builders import AGENCY, ZONE, acting
from tests.model.lifecycle_model import Verdict, Who
from tests.open_database import OpenDatabase

WHY = "It is so"
CHANGE = ChangeReason.SCHEDULE_CONFLICT


@dataclass
class Stage:
    """Everybody of the model with an id, and the session that it is about."""

    database: OpenDatabase
    people: dict[Who, Person]
    appointment_id: int
    threads: list[list[int]]
    """The ids of the versions of each thread, in order."""
    disputes: list[int]

    def do(self, action: Callable[[Session], object]) -> Verdict:
        """An action in a unit of work of its own."""
        try:
            with self.database.unit_of_work() as session:
                done = action(session)
        except Refusal as refusal:
            return Verdict("refused", frozenset({type(refusal).__name__}))
        if isinstance(done, Outcome) and done.repeated:
            return Verdict("repeated")
        return Verdict("nothing") if done is False else Verdict("done")

    def actions(self, who: Who, now: datetime) -> "Actions":
        """What somebody can do at `now`."""
        return Actions(self, acting(self.people[who], now))

    def stands(self) -> "Standing":
        """What the database says; ids of new versions and disputes are learnt from it."""
        about = self.appointment_id
        with self.database.reading() as session:
            row = session.exec(select(Appointment).where(Appointment.id == about)).one()
            threads = session.exec(
                select(RescheduleThread)
                .where(RescheduleThread.appointment_id == about)
                .order_by(col(RescheduleThread.id))
            ).all()
            versions = session.exec(
                select(RescheduleProposal)
                .where(col(RescheduleProposal.thread_id).in_([one.id for one in threads]))
                .order_by(col(RescheduleProposal.id))
            ).all()
            disputes = session.exec(
                select(Dispute).where(Dispute.appointment_id == about).order_by(col(Dispute.id))
            ).all()
            counted = select(func.count()).where(AuditEvent.appointment_id == about)
            events = session.exec(counted).one()
        of_thread = {one.id: [v for v in versions if v.thread_id == one.id] for one in threads}
        self.threads = [[version.id for version in of_thread[one.id]] for one in threads]
        self.disputes = [one.id for one in disputes]
        who = {person.id: name for name, person in self.people.items()}
        return Standing(
            [row.status.value, row.starts_at, row.ends_at, row.first_starts_at],
            [row.checked_in_at, row.checked_out_at, row.student_absent],
            [
                (
                    one.status.value,
                    one.expires_at,
                    [
                        (
                            number + 1 == v.version,
                            v.side.value,
                            v.status.value,
                            v.new_starts_at,
                            v.new_ends_at - v.new_starts_at,
                            who.get(v.closed_by_id or 0),
                        )
                        for number, v in enumerate(of_thread[one.id])
                    ],
                )
                for one in threads
            ],
            [
                (one.status.value, who.get(one.claimed_by_id or 0), who.get(one.settled_by_id or 0))
                for one in disputes
            ],
            events,
        )


@dataclass(frozen=True)
class Standing:
    """Everything in which model and database have to agree."""

    session: list[Any]
    attendance: list[Any]
    threads: list[Any]
    disputes: list[Any]
    events: int


@dataclass(frozen=True)
class Actions:
    """The use cases, as one person calls them."""

    stage: Stage
    actor: Actor

    def session(self, what: str, *rest: Any) -> Verdict:
        """A use case about the session itself."""
        about, actor = self.stage.appointment_id, self.actor
        cases: dict[str, Callable[[Session], object]] = {
            "check_in": lambda s: check_in(s, about, actor, AGENCY),
            "check_out": lambda s: check_out(s, about, actor),
            "mark_absent": lambda s: mark_absent(s, about, actor, absent=rest[0]),
            "correct": lambda s: correct_attendance(s, about, actor, rest[0], rest[1], WHY),
            "clear": lambda s: clear_check_in(s, about, actor, WHY),
            "acknowledge": lambda s: acknowledge(s, about, actor),
            "object": lambda s: dispute(s, about, actor, DisputeReason.CONDUCT, None),
            "verify": lambda s: verify(s, about, actor, WHY),
            "cancel": lambda s: cancel(s, about, actor, CHANGE, None, None),
            "cancel_for": lambda s: cancel_for(s, about, actor, Role(rest[0]), WHY, None),
            "move": lambda s: move(s, about, actor, rest[0], WHY, seen=rest[1], zone=ZONE),
            "propose": lambda s: propose(s, about, actor, rest[0], CHANGE, None, zone=ZONE),
            "expire": lambda s: expire(s, about, actor.now),
        }
        return self.stage.do(cases[what])

    def dispute(self, what: str, number: int) -> Verdict:
        """A use case about one of its disputes."""
        about, actor = self.stage.disputes[number], self.actor
        cases: dict[str, Callable[[Session], object]] = {
            "claim": lambda s: claim(s, about, actor),
            "uphold": lambda s: uphold(s, about, actor, WHY),
            "hand_back": lambda s: return_to_parent(s, about, actor, WHY),
        }
        return self.stage.do(cases[what])

    def version(self, how: str, thread: int, number: int, starts_at: datetime) -> Verdict:
        """An answer to a version of a request."""
        about, actor = self.stage.threads[thread][number], self.actor
        cases: dict[str, Callable[[Session], object]] = {
            "accept": lambda s: accept(s, about, actor, zone=ZONE),
            "reject": lambda s: reject(s, about, actor),
            "counter": lambda s: counter(s, about, actor, starts_at, zone=ZONE),
            "withdraw": lambda s: withdraw(s, about, actor),
        }
        return self.stage.do(cases[how])


def set_up(
    database: OpenDatabase, starts_at: datetime, taken: tuple[datetime, datetime]
) -> tuple[dict[Who, Person], int]:
    """Everybody, the session that a coordinator has scheduled, and the other one of its tutor."""
    with database.unit_of_work() as session:
        people = {
            Who.TUTOR: builders.tutor(session),
            Who.MOTHER: builders.parent(session),
            Who.FATHER: builders.parent(session, name="Daniel Lim"),
            Who.COORDINATOR: builders.coordinator(session),
            Who.COLLEAGUE: builders.coordinator(session, name="Farah Aziz"),
            Who.OTHER_TUTOR: builders.tutor(session, name="Nurul Huda"),
            Who.OTHER_PARENT: builders.parent(session, name="Ong Mei"),
        }
        family = [people[Who.MOTHER], people[Who.FATHER]]
        child = builders.student(session, family)
        other = builders.student(session, [people[Who.OTHER_PARENT]], name="Ben Ong")
        tutor = people[Who.TUTOR]
        wanted = Wanted(tutor.id, child.id, "Mathematics", starts_at, 90)
        row = schedule(session, acting(people[Who.COORDINATOR]), wanted, AGENCY).appointment
        builders.appointment(
            session,
            tutor=tutor,
            student=other,
            starts_at=taken[0],
            minutes=(taken[1] - taken[0]) // timedelta(minutes=1),
        )
    return people, row.id
