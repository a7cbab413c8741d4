"""A child, its parents and a tutor, and matches between them, for tests of use cases."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from sqlmodel import col, select

from models import Appointment, Match, Person, Student
from services.lifecycle.actors import Actor
from services.matches.answers import accept
from services.matches.offers import Terms, offer
from services.rules.weekly import WeeklyTime
from tests import builders
from tests.builders import AGENCY, acting
from tests.open_database import OpenDatabase
from tests.services.scenes import carry_out

MONDAY, THURSDAY = 1, 4
FIRST_DAY = date(2026, 11, 30)
"""The Monday after `NOW`, which is a Wednesday."""


@dataclass(frozen=True)
class Stage:
    """A child with two parents, two tutors, and a coordinator."""

    tutor: Person
    other_tutor: Person
    grace: Person
    daniel: Person
    coordinator: Person
    student: Student

    def terms(self, **over: Any) -> Terms:
        """Mondays at 15:00 for an hour and a half, from next week on."""
        usual = Terms(
            tutor_id=self.tutor.id,
            student_id=self.student.id,
            subject="Mathematics",
            times=(at(MONDAY, "15:00"),),
            starts_on=FIRST_DAY,
        )
        return replace(usual, **over)


def stage(database: OpenDatabase) -> Stage:
    """Everybody, and no session yet."""
    with database.unit_of_work() as session:
        grace, daniel = builders.parent(session), builders.parent(session, name="Daniel Lim")
        return Stage(
            builders.tutor(session),
            builders.tutor(session, name="Arun Pillai"),
            grace,
            daniel,
            builders.coordinator(session),
            builders.student(session, [grace, daniel]),
        )


def at(weekday: int, start: str, minutes: int = 90) -> WeeklyTime:
    return WeeklyTime(weekday, time.fromisoformat(start), minutes)


def offered(database: OpenDatabase, there: Stage, **over: Any) -> Match:
    """A match that the parents have been asked about."""
    made = carry_out(database, offer, acting(there.coordinator), there.terms(**over), AGENCY)
    return made.match


def accepted(
    database: OpenDatabase, there: Stage, actor: Actor | None = None, **over: Any
) -> Match:
    """A match that a parent has accepted."""
    match = offered(database, there, **over)
    return carry_out(database, accept, match.id, actor or acting(there.grace), AGENCY).match


def match_as_it_stands(database: OpenDatabase, match_id: int) -> Match:
    with database.reading() as session:
        row = session.get(Match, match_id)
    assert row is not None
    return row


def sessions_of(database: OpenDatabase, match_id: int) -> list[Appointment]:
    """Sessions of a match by start, whatever became of them."""
    with database.reading() as session:
        found = session.exec(
            select(Appointment)
            .where(Appointment.match_id == match_id)
            .order_by(col(Appointment.starts_at), col(Appointment.id))
        )
        return list(found.all())


def days_of(database: OpenDatabase, match_id: int) -> list[str]:
    """Starts of the scheduled sessions of a match, as the agency's clocks show them."""
    return [
        f"{one.starts_at.astimezone(AGENCY.zone):%d %b %H:%M}"
        for one in sessions_of(database, match_id)
        if one.status == "scheduled"
    ]
