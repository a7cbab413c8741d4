"""Running an import again changes nothing that it should not (SPEC 7)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from models import Appointment, AuditEvent, Guardianship, Person, Student
from models.enums import MessageKind, Role, Status
from services.imports.importing import Counts
from services.imports.problems import ProblemCode
from services.imports.sources import Table
from services.lifecycle.actors import Actor
from services.people import accounts
from services.sessions.attendance import check_in
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.imports import files
from tests.services.imports.runs import codes, contents, counts, imported, rows_of
from tests.services.proofs import outbox_rows
from tests.services.scenes import scene, with_cards

STARTS_AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


async def test_running_it_twice_changes_nothing(database: OpenDatabase, tmp_path: Path) -> None:
    folder = files.write(tmp_path, sessions=[files.session(), files.past("a2")])
    await imported(database, folder)
    before = contents(database)

    report = await imported(database, folder, now=LATER)

    assert counts(report) == {
        Table.PEOPLE: Counts(unchanged=2),
        Table.STUDENTS: Counts(unchanged=1),
        Table.SESSIONS: Counts(unchanged=2),
    }
    assert contents(database) == before


async def test_it_changes_nothing_of_sessions_that_have_lived_on(
    database: OpenDatabase, tmp_path: Path
) -> None:
    folder = files.write(tmp_path)
    await imported(database, folder)
    [session] = rows_of(database, Appointment)
    with database.unit_of_work() as work:
        tutor = work.exec(select(Person).where(col(Person.is_tutor))).one()
        check_in(work, session.id, acting(tutor, STARTS_AT), AGENCY)

    report = await imported(database, folder, now=LATER)

    assert counts(report)[Table.SESSIONS] == Counts(unchanged=1)
    [session] = rows_of(database, Appointment)
    assert session.status is Status.CHECKED_IN


async def test_changed_people_and_children_are_brought_up_to_date(
    database: OpenDatabase, tmp_path: Path
) -> None:
    await imported(database, files.write(tmp_path / "first"))
    changed = files.write(
        tmp_path / "then",
        people=[
            files.person(name="Tan Wei Ling", roles="tutor;coordinator"),
            files.parent(language="ms", telegram_user_id=12),
            files.parent("p2", name="Daniel Lim"),
        ],
        students=[files.student(name="Emily Lim Hui", guardian_refs="p2")],
    )

    report = await imported(database, changed)

    assert counts(report)[Table.PEOPLE] == Counts(new=1, changed=2)
    assert counts(report)[Table.STUDENTS] == Counts(changed=1)
    grace, daniel, tutor = rows_of(database, Person)
    assert tutor.name == "Tan Wei Ling"
    assert tutor.roles == frozenset({Role.TUTOR, Role.COORDINATOR})
    assert (grace.language, grace.telegram_user_id) == ("ms", 12)
    [emily] = rows_of(database, Student)
    assert emily.name == "Emily Lim Hui"
    assert [row.person_id for row in rows_of(database, Guardianship)] == [daniel.id]


async def test_cards_of_a_person_whose_time_zone_is_changed_follow(
    database: OpenDatabase, tmp_path: Path
) -> None:
    there = with_cards(database, scene(database))
    with database.unit_of_work() as session:
        session.get_one(Person, there.grace.id).ref = "p1"
        session.get_one(Person, there.daniel.id).ref = "p2"
    people = [files.parent(time_zone="Europe/London"), files.parent("p2", name="Daniel Lim")]
    moved = files.write(tmp_path, people=people, students=[], sessions=[])
    for _ in range(2):
        await imported(database, moved)

    refreshed = outbox_rows(database, MessageKind.APPOINTMENT_CARD_REFRESH)
    assert [(one.person_id, one.appointment_id) for one in refreshed] == [
        (there.grace.id, there.id)
    ]


async def test_an_empty_cell_leaves_what_is_known(database: OpenDatabase, tmp_path: Path) -> None:
    known = files.parent(language="ms", time_zone="Europe/London", telegram_user_id=12)
    child = files.student(address="12 Orchard Road")
    await imported(
        database,
        files.write(tmp_path / "first", people=[files.person(), known], students=[child]),
    )

    report = await imported(
        database,
        files.write(tmp_path / "then", students=[files.student(guardian_refs="")]),
    )

    assert counts(report)[Table.PEOPLE] == Counts(unchanged=2)
    assert counts(report)[Table.STUDENTS] == Counts(unchanged=1)


async def test_language_and_account_are_a_persons_own_once_they_have_started(
    database: OpenDatabase, tmp_path: Path
) -> None:
    rows = [files.person(language="en", telegram_user_id=11), files.parent()]
    folder = files.write(tmp_path, people=rows)
    await imported(database, folder)
    with database.unit_of_work() as session:
        tutor = accounts.identify(session, 11)
        assert tutor is not None
        token = accounts.invite(session, Actor.system(NOW), tutor.id)
        accounts.accept_invitation(session, token, 99, "en", NOW)
        accounts.set_language(session, tutor, "ta")

    report = await imported(database, folder)

    assert counts(report)[Table.PEOPLE] == Counts(unchanged=2)
    [_, tutor] = rows_of(database, Person)
    assert (tutor.language, tutor.telegram_user_id) == ("ta", 99)


async def test_the_subject_of_a_scheduled_session_may_be_changed(
    database: OpenDatabase, tmp_path: Path
) -> None:
    await imported(database, files.write(tmp_path / "first"))
    changed = files.write(tmp_path / "then", sessions=[files.session(subject="Physics")])

    first, again = await imported(database, changed), await imported(database, changed)

    assert counts(first)[Table.SESSIONS] == Counts(changed=1)
    assert counts(again)[Table.SESSIONS] == Counts(unchanged=1)
    [session] = rows_of(database, Appointment)
    assert session.subject == "Physics"
    assert [event.to_status for event in rows_of(database, AuditEvent)] == [
        Status.SCHEDULED,
        None,
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": "2026-11-25 17:00"},
        {"duration_minutes": "60"},
        {"status": "cancelled_by_tutor"},
        {"kind": "trial"},
        {"origin": "imported"},
    ],
)
async def test_a_session_that_is_there_with_other_values_is_a_problem(
    database: OpenDatabase, tmp_path: Path, change: dict[str, str]
) -> None:
    await imported(database, files.write(tmp_path / "first"))
    before = contents(database)

    report = await imported(
        database, files.write(tmp_path / "then", sessions=[files.session(**change)])
    )

    assert codes(report) == [("sessions.csv", 2, None, ProblemCode.SESSION_DIFFERS)]
    assert report.problems[0].params == {"columns": next(iter(change))}
    assert contents(database) == before


async def test_the_subject_of_a_session_that_took_place_stays(
    database: OpenDatabase, tmp_path: Path
) -> None:
    await imported(database, files.write(tmp_path / "first", sessions=[files.past()]))

    report = await imported(
        database, files.write(tmp_path / "then", sessions=[files.past(subject="Physics")])
    )

    assert codes(report) == [("sessions.csv", 2, None, ProblemCode.SESSION_DIFFERS)]
