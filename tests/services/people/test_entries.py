"""People, children and guardians, as coordinators enter them (SPEC 1, 10)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from models import AuditEvent, Guardianship, Person, Student
from models.enums import Action, MessageKind, Role, Status
from services.people.entries import PersonEntry, add_person, edit_person
from services.people.families import (
    StudentEntry,
    add_guardian,
    add_student,
    edit_student,
    remove_guardian,
)
from services.rules.refusals import Refusal
from services.rules.refusals.people import (
    LastCoordinator,
    LastGuardian,
    NameMissing,
    NoRoles,
    OwnCoordination,
    RefTaken,
    StillGuardian,
    StillTeaches,
    ZoneUnknown,
)
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import TextTooLong
from tests import builders
from tests.builders import acting
from tests.open_database import OpenDatabase
from tests.services.newcomers import cards_for, newcomer
from tests.services.proofs import every_row, outbox_rows, refused
from tests.services.scenes import carry_out, scene, with_cards

PARENT = frozenset({Role.PARENT})
TUTOR = frozenset({Role.TUTOR})


def events(database: OpenDatabase) -> list[AuditEvent]:
    with database.reading() as session:
        return list(session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all())


def stored(database: OpenDatabase, person_id: int) -> Person:
    with database.reading() as session:
        found = session.get(Person, person_id)
    assert found is not None
    return found


def guardians(database: OpenDatabase, student_id: int) -> set[int]:
    with database.reading() as session:
        found = session.exec(
            select(Guardianship.person_id).where(Guardianship.student_id == student_id)
        )
        return set(found.all())


def test_a_person_is_added_with_what_was_typed_and_is_in_the_audit_trail(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    entry = PersonEntry(
        " Mei Lim ", frozenset({Role.PARENT, Role.TUTOR}), "ta", "Asia/Tokyo", " P-7 "
    )

    mei = carry_out(database, add_person, acting(there.coordinator), entry)

    row = stored(database, mei.id)
    assert (row.name, row.language, row.time_zone, row.ref) == (
        "Mei Lim",
        "ta",
        "Asia/Tokyo",
        "P-7",
    )
    assert row.roles == {Role.PARENT, Role.TUTOR}
    assert (row.telegram_user_id, row.started_at, row.web_since) == (None, None, None)
    [event] = events(database)
    assert (event.action, event.actor_id, event.person_id) == (
        Action.ADD_PERSON,
        there.coordinator.id,
        mei.id,
    )


def test_a_change_keeps_what_was_before_and_the_same_again_is_none(database: OpenDatabase) -> None:
    there = scene(database)
    entry = PersonEntry("Grace Tan", PARENT, None, None, "P-1")
    for _ in range(2):
        carry_out(database, edit_person, acting(there.coordinator), there.grace.id, entry)

    row = stored(database, there.grace.id)
    assert (row.name, row.ref) == ("Grace Tan", "P-1")
    assert row.telegram_user_id == there.grace.telegram_user_id
    [event] = events(database)
    assert event.person_id == there.grace.id
    assert event.details == {
        "before": {"name": "Grace Lim", "ref": None},
        "after": {"name": "Grace Tan", "ref": "P-1"},
    }


def test_with_another_time_zone_the_cards_of_that_person_alone_follow(
    database: OpenDatabase,
) -> None:
    there = with_cards(database, scene(database))
    by, london = acting(there.coordinator), {"time_zone": "Europe/London"}
    for over in ({}, london, london, {"time_zone": None}):
        entry = PersonEntry(there.grace.name, PARENT, **over)
        carry_out(database, edit_person, by, there.grace.id, entry)
        by = acting(there.coordinator, by.now + timedelta(minutes=1))

    found = outbox_rows(database, MessageKind.APPOINTMENT_CARD_REFRESH)
    assert [(one.person_id, one.appointment_id) for one in found] == [
        (there.grace.id, there.id),
    ] * 2


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"name": "  "}, NameMissing),
        ({"name": "x" * 121}, TextTooLong),
        ({"roles": frozenset()}, NoRoles),
        ({"time_zone": "Asia/Nowhere"}, ZoneUnknown),
        ({"time_zone": "../etc/passwd"}, ZoneUnknown),
        ({"ref": "TAKEN"}, RefTaken),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_changed(
    database: OpenDatabase, over: dict[str, Any], refusal: type[Refusal]
) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        builders.parent(session, ref="TAKEN")
    before = every_row(database)
    entry = PersonEntry(**({"name": "Mei", "roles": PARENT} | over))

    with refused(refusal):
        carry_out(database, add_person, acting(there.coordinator), entry)
    with refused(refusal):
        carry_out(database, edit_person, acting(there.coordinator), there.grace.id, entry)
    assert every_row(database) == before


def test_a_role_that_is_needed_cannot_be_taken(database: OpenDatabase) -> None:
    there = scene(database)
    by = acting(there.coordinator)
    for person, roles, refusal, fields in (
        (there.tutor, PARENT, StillTeaches, {"count": 1}),
        (there.grace, TUTOR, StillGuardian, {"who": there.student.name}),
        (there.coordinator, TUTOR, LastCoordinator, {}),
    ):
        with refused(refusal, **fields):
            carry_out(database, edit_person, by, person.id, PersonEntry(person.name, roles))
    with database.unit_of_work() as session:
        other = builders.coordinator(session)
    entry = PersonEntry(there.coordinator.name, TUTOR)
    with refused(OwnCoordination):
        carry_out(database, edit_person, by, there.coordinator.id, entry)
    carry_out(database, edit_person, acting(other), there.coordinator.id, entry)
    assert stored(database, there.coordinator.id).roles == TUTOR


@pytest.mark.parametrize("who", ["tutor", "grace"])
def test_entries_are_for_coordinators(database: OpenDatabase, who: str) -> None:
    there = scene(database)
    by, before = acting(getattr(there, who)), every_row(database)
    person, child = PersonEntry("Mei", PARENT), StudentEntry("Ryan")
    student_id, grace_id = there.student.id, there.grace.id
    for use_case, args in (
        (add_person, (person,)),
        (edit_person, (grace_id, person)),
        (add_student, (child,)),
        (edit_student, (student_id, child)),
        (add_guardian, (student_id, grace_id)),
        (remove_guardian, (student_id, grace_id)),
    ):
        with refused(NotCoordinator):
            carry_out(database, use_case, by, *args)
    assert every_row(database) == before


def test_who_is_not_there_cannot_be_changed(database: OpenDatabase) -> None:
    by = acting(scene(database).coordinator)
    for use_case, args in (
        (edit_person, (99_999, PersonEntry("Mei", PARENT))),
        (edit_student, (99_999, StudentEntry("Ryan"))),
        (add_guardian, (1, 99_999)),
        (add_guardian, (99_999, 1)),
        (remove_guardian, (99_999, 1)),
    ):
        with refused(NotFound):
            carry_out(database, use_case, by, *args)


def test_a_child_is_added_with_its_guardians_and_changed(database: OpenDatabase) -> None:
    there = scene(database)
    by = acting(there.coordinator)
    entry = StudentEntry(" Ryan Lim ", "1 Orchard Road", "S-1")

    ryan = carry_out(database, add_student, by, entry, [there.grace.id])
    for _ in range(2):
        carry_out(database, edit_student, by, ryan.id, StudentEntry("Ryan Lim", None, "S-1"))
    for refusal, wrong in (
        (NameMissing, StudentEntry("")),
        (TextTooLong, StudentEntry("Ryan", "x" * 301)),
        (RefTaken, StudentEntry("Ryan", None, "S-1")),
    ):
        with refused(refusal):
            carry_out(database, edit_student, by, there.student.id, wrong)

    assert guardians(database, ryan.id) == {there.grace.id}
    with database.reading() as session:
        row = session.get(Student, ryan.id)
    assert row is not None
    assert (row.name, row.address, row.ref) == ("Ryan Lim", None, "S-1")
    assert [(one.action, one.student_id, one.person_id) for one in events(database)] == [
        (Action.ADD_STUDENT, ryan.id, None),
        (Action.ADD_GUARDIAN, ryan.id, there.grace.id),
        (Action.EDIT_STUDENT, ryan.id, None),
    ]


def test_a_new_guardian_becomes_a_parent_and_gets_the_cards_that_wait(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    by = acting(there.coordinator)
    with database.unit_of_work() as session:
        linked = builders.person(session, name="Aunt", is_tutor=True)
        unlinked = newcomer(session, is_parent=False, is_tutor=True)

    for person in (linked, unlinked, linked):  # the second time nothing is to be done
        carry_out(database, add_guardian, by, there.student.id, person.id)

    assert guardians(database, there.student.id) >= {linked.id, unlinked.id}
    assert all(stored(database, one.id).is_parent for one in (linked, unlinked))
    with database.reading() as session:
        assert cards_for(session, linked) == [there.id]
        assert cards_for(session, unlinked) == []
    assert len(events(database)) == 2


def test_the_last_guardian_stays_while_something_is_not_settled(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    by, student_id = acting(there.coordinator), there.student.id

    for _ in range(2):
        carry_out(database, remove_guardian, by, student_id, there.grace.id)
    with refused(LastGuardian, count=1):
        carry_out(database, remove_guardian, by, student_id, there.daniel.id)

    assert guardians(database, student_id) == {there.daniel.id}
    [event] = events(database)
    assert (event.action, event.person_id, event.student_id) == (
        Action.REMOVE_GUARDIAN,
        there.grace.id,
        student_id,
    )


def test_without_open_sessions_the_last_guardian_can_go(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    for person in (there.grace, there.daniel):
        carry_out(database, remove_guardian, acting(there.coordinator), there.student.id, person.id)
    assert guardians(database, there.student.id) == set()
