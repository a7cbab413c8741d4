"""Lists of people and the audit trail are paged by their keys, on each database (SPEC 2, 10)."""

from datetime import timedelta

import pytest

from models.enums import Action, Channel, Role
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import record, record_of_person
from services.queries.audit_log import LogFilter, log_entries
from services.queries.people_listed import Place, children_listed, people_listed
from tests import builders
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, scene

DAY = timedelta(days=1)
NAMES = ["anna", "Anna", "Ärzte", "Zoë", "zoe", "陈伟", "Anna", "O'Brien", "%_"]


def paged_people(session: Session, search: str = "", role: Role | None = None) -> list[int]:
    """Ids of every page, two to a page."""
    seen: list[int] = []
    after: Place | None = None
    while True:
        found = people_listed(session, search, role, after, 2)
        seen += [one.person.id for one in found[:2]]
        if len(found) <= 2:
            return seen
        after = Place(found[1].person.name, found[1].person.id)


def test_every_person_is_on_one_page_whatever_the_name(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        made = [builders.parent(session, name=name).id for name in NAMES]
        children = [builders.student(session, name=name).id for name in NAMES]
    with database.reading() as session:
        seen = paged_people(session)
        found = children_listed(session, "", None)
        percent = paged_people(session, "%_")
        tutors = paged_people(session, role=Role.TUTOR)

    assert sorted(seen) == sorted(made)
    assert sorted(one.student.id for one in found) == sorted(children)
    assert percent == [made[-1]]
    assert tutors == []


def filled(database: OpenDatabase) -> Scene:
    """Acts by the coordinator and about Grace, of two days, the later ones written first."""
    there = scene(database)
    with database.unit_of_work() as session:
        for number in range(6):
            at = NOW - DAY * (number % 2) - timedelta(minutes=number)
            by = Actor(there.coordinator.id, Channel.WEB, at)
            record(session, Action.ADD_NOTE, Role.COORDINATOR, by, appointment_id=there.id)
            record_of_person(session, Action.INVITE, Role.COORDINATOR, by, person_id=there.grace.id)
    return there


@pytest.mark.parametrize("by_day", [False, True])
@pytest.mark.parametrize("action", [None, Action.INVITE])
@pytest.mark.parametrize("who", [None, "grace", "coordinator"])
def test_every_event_is_on_one_page(
    database: OpenDatabase, who: str | None, action: Action | None, *, by_day: bool
) -> None:
    there = filled(database)
    person_id = getattr(there, who).id if who else None
    day = (NOW - timedelta(hours=7), NOW + timedelta(hours=17)) if by_day else (None, None)
    seen: list[tuple[int, Action]] = []
    before: int | None = None
    with database.reading() as session:
        while True:
            wanted = LogFilter(
                person_id=person_id,
                action=action,
                begins_at=day[0],
                ends_at=day[1],
                before_id=before,
            )
            found = log_entries(session, wanted, 2)
            seen += [(one.event.id, one.event.action) for one in found[:2]]
            if len(found) <= 2:
                break
            before = found[1].event.id

    invited = [number for number, one in seen if one is Action.INVITE]
    noted = [number for number, one in seen if one is Action.ADD_NOTE]
    each = 3 if by_day else 6
    assert len(set(invited)) == len(invited) == each
    assert len(set(noted)) == len(noted) == (0 if action or who == "grace" else each)


def test_an_entry_names_whom_it_is_about(database: OpenDatabase) -> None:
    there = filled(database)
    with database.reading() as session:
        [about_person, about_session] = log_entries(session, LogFilter(), 1)

    assert (about_person.actor, about_person.person, about_person.student) == (
        there.coordinator.name,
        there.grace.name,
        None,
    )
    assert (about_session.student, about_session.starts_at) == (
        there.student.name,
        there.session.starts_at,
    )
