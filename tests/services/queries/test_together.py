"""Siblings taught together (SPEC 6)."""

from datetime import timedelta

import pytest

from models import Person, Student
from models.enums import Status
from services.db import Session
from services.queries.sessions import SessionView, views_where
from services.queries.together import beside, taught_together
from tests import builders
from tests.builders import NOW
from tests.open_database import OpenDatabase


def named(groups: list[list[SessionView]]) -> list[list[str]]:
    return [[view.student.name for view in group] for group in groups]


def child(session: Session, name: str, *guardians: Person) -> Student:
    return builders.student(session, name=name, guardians=guardians)


def test_a_common_guardian_and_the_same_times_make_a_group(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        grace = builders.tutor(session)
        mother, father, other = (builders.parent(session) for _ in range(3))
        children = [
            child(session, "Emily", mother),
            child(session, "Ben", other),
            child(session, "Ryan", mother, father),
            child(session, "Chloe", other),
            child(session, "Sam", father),
            child(session, "Noah"),
        ]
        for one in children:
            builders.appointment(session, tutor=grace, student=one)
    with database.reading() as session:
        views = views_where(session)

        both = [["Emily", "Ryan", "Sam"], ["Ben", "Chloe"]]
        assert named(taught_together(session, views)) == both
        assert named([beside(session, views[1])]) == [["Ben", "Chloe"]]
        assert named([beside(session, views[5])]) == [["Noah"]]


@pytest.mark.parametrize("apart", ["tutor", "start", "end", "status", "the same child"])
def test_what_differs_is_not_together(database: OpenDatabase, apart: str) -> None:
    with database.unit_of_work() as session:
        grace, mother = builders.tutor(session), builders.parent(session)
        emily, ryan = child(session, "Emily", mother), child(session, "Ryan", mother)
        first = builders.appointment(session, tutor=grace, student=emily)
        builders.appointment(
            session,
            tutor=builders.tutor(session) if apart == "tutor" else grace,
            student=emily if apart == "the same child" else ryan,
            starts_at=NOW + timedelta(minutes=apart == "start"),
            minutes=90 + (apart == "end") - (apart == "start"),
            status=Status.CHECKED_IN if apart == "status" else Status.SCHEDULED,
        )
    with database.reading() as session:
        views = views_where(session)

        together = taught_together(session, views)
        assert named(together) == ([["Emily", "Ryan"]] if apart == "status" else [])
        (view,) = [one for one in views if one.id == first.id]
        assert beside(session, view) == [view]
