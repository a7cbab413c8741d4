"""What an import brings in; all of it, or nothing (SPEC 7, 11)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from models import Appointment, AuditEvent, Guardianship, OutboxMessage, Person, Student
from models.enums import Action, Channel, Kind, MessageKind, Origin, Role, Status
from services.imports.importing import Counts
from services.imports.problems import ProblemCode
from services.imports.sources import Table
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.imports import files
from tests.services.imports.runs import codes, contents, counts, imported, rows_of

STARTS_AT = datetime(2026, 11, 25, 8, tzinfo=UTC)


async def test_people_children_and_sessions_come_in(database: OpenDatabase, tmp_path: Path) -> None:
    grown_ups = [
        files.person(
            roles="tutor;parent", language="zh-Hans", time_zone="Europe/London", telegram_user_id=11
        ),
        files.parent(),
        files.parent("p2", name="Daniel Lim", language="ta"),
    ]
    child = files.student(guardian_refs="p1; p2", address="12 Orchard Road")

    report = await imported(database, files.write(tmp_path, people=grown_ups, students=[child]))

    assert report.is_saved
    assert counts(report) == {
        Table.PEOPLE: Counts(new=3),
        Table.STUDENTS: Counts(new=1),
        Table.SESSIONS: Counts(new=1),
    }
    grace, daniel, tutor = rows_of(database, Person)
    assert (tutor.ref, tutor.name, tutor.language) == ("t1", "Tan Wei Ming", "zh_Hans")
    assert (tutor.time_zone, tutor.telegram_user_id) == ("Europe/London", 11)
    assert tutor.roles == frozenset({Role.TUTOR, Role.PARENT})
    assert (tutor.started_at, grace.telegram_user_id, daniel.language) == (None, None, "ta")
    [emily] = rows_of(database, Student)
    assert (emily.name, emily.address) == ("Emily Lim", "12 Orchard Road")
    guardians = {row.person_id for row in rows_of(database, Guardianship)}
    assert guardians == {grace.id, daniel.id}
    [session] = rows_of(database, Appointment)
    assert (session.ref, session.tutor_id, session.student_id) == ("a1", tutor.id, emily.id)
    assert (session.starts_at, session.ends_at) == (STARTS_AT, STARTS_AT + timedelta(minutes=90))
    assert (session.status, session.kind) == (Status.SCHEDULED, Kind.REGULAR)
    assert (session.origin, session.billed_as_addon) == (Origin.NATIVE, 0)


async def test_each_session_has_an_audit_event(database: OpenDatabase, tmp_path: Path) -> None:
    await imported(database, files.write(tmp_path))

    [session] = rows_of(database, Appointment)
    [event] = rows_of(database, AuditEvent)
    assert (event.appointment_id, event.action) == (session.id, Action.IMPORT)
    assert (event.role, event.channel, event.at) == (Role.COORDINATOR, Channel.IMPORT, NOW)
    assert (event.from_status, event.to_status) == (None, Status.SCHEDULED)


async def test_a_past_session_is_imported_unless_it_says_otherwise(
    database: OpenDatabase, tmp_path: Path
) -> None:
    old = files.session(starts_at="2025-03-03 16:00", origin="", kind="", status="approved")

    await imported(database, files.write(tmp_path, sessions=[old]))

    [session] = rows_of(database, Appointment)
    assert (session.origin, session.kind) == (Origin.IMPORTED, Kind.REGULAR)
    assert (session.status, session.checked_in_at) == (Status.APPROVED, None)


async def test_an_adhoc_session_is_billed_as_an_add_on(
    database: OpenDatabase, tmp_path: Path
) -> None:
    await imported(database, files.write(tmp_path, sessions=[files.past(kind="adhoc")]))

    [session] = rows_of(database, Appointment)
    assert (session.kind, session.billed_as_addon) == (Kind.ADHOC, 1)


async def test_rows_may_point_at_what_an_earlier_import_brought(
    database: OpenDatabase, tmp_path: Path
) -> None:
    await imported(database, files.write(tmp_path / "first", sessions=[]))

    report = await imported(database, files.write(tmp_path / "then", people=[], students=[]))

    assert report.is_saved
    assert len(rows_of(database, Appointment)) == 1


async def test_a_dry_run_saves_nothing(database: OpenDatabase, tmp_path: Path) -> None:
    report = await imported(database, files.write(tmp_path), dry_run=True)

    assert not report.is_saved
    assert counts(report)[Table.PEOPLE] == Counts(new=2)
    assert contents(database) == [[], [], [], [], [], []]


async def test_one_bad_row_keeps_all_from_being_saved_and_every_one_is_told(
    database: OpenDatabase, tmp_path: Path
) -> None:
    folder = files.write(
        tmp_path,
        people=[files.person(), files.parent(roles="boss")],
        students=[files.student(name="")],
        sessions=[files.session(), files.session("a2", duration_minutes="0")],
    )

    report = await imported(database, folder)

    assert not report.is_saved
    assert codes(report) == [
        ("people.csv", 3, "roles", ProblemCode.NOT_ONE_OF),
        ("students.csv", 2, "name", ProblemCode.EMPTY),
        ("sessions.csv", 3, "duration_minutes", ProblemCode.NOT_A_NUMBER),
    ]
    assert contents(database) == [[], [], [], [], [], []]


def cards(database: OpenDatabase) -> list[tuple[MessageKind, int | None]]:
    return [(row.kind, row.person_id) for row in rows_of(database, OutboxMessage)]


async def test_a_native_session_that_awaits_an_answer_is_put_to_the_parents(
    database: OpenDatabase, tmp_path: Path
) -> None:
    rows = [files.person(), files.parent(telegram_user_id=12), files.parent("p2")]
    child = files.student(guardian_refs="p1;p2")
    folder = files.write(tmp_path, people=rows, students=[child], sessions=[files.past()])

    await imported(database, folder)
    await imported(database, folder)

    linked = next(row for row in rows_of(database, Person) if row.telegram_user_id == 12)
    assert cards(database) == [
        (MessageKind.APPOINTMENT_CARD, linked.id),
        *[(MessageKind.ACKNOWLEDGEMENT_DUE, linked.id)] * 2,
    ]


async def test_where_no_parent_is_linked_the_coordinators_are_told(
    database: OpenDatabase, tmp_path: Path
) -> None:
    await imported(database, files.write(tmp_path, sessions=[files.past()]))

    assert cards(database) == [(MessageKind.NO_PARENT_LINKED, None)]


async def test_an_imported_session_is_never_put_to_anybody(
    database: OpenDatabase, tmp_path: Path
) -> None:
    rows = [files.person(), files.parent(telegram_user_id=12)]
    old = files.past(origin="imported")

    await imported(database, files.write(tmp_path, people=rows, sessions=[old]))

    assert cards(database) == []


async def test_a_new_guardian_gets_the_cards_that_wait(
    database: OpenDatabase, tmp_path: Path
) -> None:
    rows = [files.person(), files.parent(), files.parent("p2", telegram_user_id=12)]
    await imported(database, files.write(tmp_path / "1", people=rows, sessions=[files.past()]))
    both = files.student(guardian_refs="p1;p2")

    await imported(database, files.write(tmp_path / "2", people=rows, students=[both], sessions=[]))

    [_, daniel, _] = rows_of(database, Person)
    assert (MessageKind.APPOINTMENT_CARD, daniel.id) in cards(database)
