"""Prepared statements: what SQLAlchemy would give, without its work each time."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, event, func, insert, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, select

from models import Appointment, Person, Student
from models.enums import Status
from services.prepared import Prepared
from tests.builders import NOW, appointment, parent, student, tutor
from tests.open_database import OpenDatabase
from tests.web.test_costs import statements

OF_PERSON = Prepared(select(Person).where(Person.id == bindparam("number")))
OF_PERSON_ANEW = Prepared(
    select(Person).where(Person.id == bindparam("number")).execution_options(populate_existing=True)
)
RENAMED = Prepared(
    update(Person.__table__)  # type: ignore[attr-defined]
    .where(col(Person.id) == bindparam("number"))
    .values(name=bindparam("called"))
)
STUDENT = Prepared(
    insert(Student.__table__).values(  # type: ignore[attr-defined]
        {name: bindparam(name) for name in ("id", "name")}
    )
)


def test_a_row_of_a_table_is_the_object_that_the_orm_gives(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        row = appointment(
            session,
            tutor=tutor(session),
            student=student(session),
            status=Status.CHECKED_IN,
            checked_in_at=NOW,
        )
        number, student_id = row.id, row.student_id
    both = select(Appointment, Student).join(
        Student, col(Student.id) == Appointment.student_id, isouter=True
    )
    with database.reading() as session:
        by_orm = session.exec(both).one()
        expected = [dict(part) for part in by_orm]
        assert expected[0]["status"] is Status.CHECKED_IN
    with database.reading() as session:
        found = Prepared(both.where(Appointment.id == bindparam("number"))).first(
            session, number=number
        )
        assert [dict(part) for part in found] == expected
        assert session.get(Appointment, number) is found[0]
        assert session.get(Student, student_id) is found[1]


def test_an_object_that_was_read_can_be_changed(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        number = tutor(session).id
    with database.unit_of_work() as session:
        OF_PERSON.one(session, number=number).name = "Tan"
    with database.reading() as session:
        assert OF_PERSON.one(session, number=number).name == "Tan"


def test_what_the_session_has_changed_is_written_before_it_reads(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        person = tutor(session)
        person.name = "Tan"
        names = Prepared(select(Person.name).where(Person.id == bindparam("number")))
        assert names.firsts(session, number=person.id) == ["Tan"]


def test_only_a_statement_that_populates_what_exists_changes_a_known_object(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        person = tutor(session, name="Tan")
        assert RENAMED.run(session, number=person.id, called="Lee") == 1
        assert OF_PERSON.one(session, number=person.id) is person
        assert person.name == "Tan"
        assert OF_PERSON_ANEW.one(session, number=person.id) is person
        assert person.name == "Lee"
    with database.reading() as session:
        assert OF_PERSON.one(session, number=person.id).name == "Lee"


def test_what_may_be_done_later_is_done_for_whoever_looks_and_on_disk(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        grace, mei = tutor(session).id, parent(session).id
    seen: list[str] = []
    with database.unit_of_work() as session:
        RENAMED.run_later(session, number=grace, called="Lee")
        OF_PERSON.look_later(session, lambda rows: seen.append(rows[0][0].name), number=grace)
        assert session.exec(select(Person.name).where(Person.id == grace)).one() == "Lee"
        assert seen == ["Lee"]
        rows = [{"number": grace, "called": "Koh"}, {"number": mei, "called": "Ong"}]
        RENAMED.run_many_later(session, rows)
    with database.reading() as session:
        names = select(Person.name).order_by(col(Person.id))
        assert session.exec(names).all() == ["Koh", "Ong"]


def test_an_error_of_what_may_be_done_later_undoes_the_unit(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        number = student(session).id

    def enrol_twice() -> None:
        with database.unit_of_work() as session:
            tutor(session)
            STUDENT.run_later(session, id=number, name="Emily Lim")

    with pytest.raises(IntegrityError):
        enrol_twice()
    with database.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_columns_have_their_names_types_and_constants(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        row = appointment(session, tutor=tutor(session), student=student(session), starts_at=NOW)
        found = Prepared(
            select(Appointment.status, Appointment.starts_at, func.count().label("how_many"))
            .where(Appointment.subject == row.subject, col(Appointment.id) == bindparam("number"))
            .group_by(col(Appointment.id))
        ).first(session, number=row.id)
        assert (found.status, found.starts_at, found.how_many) == (Status.SCHEDULED, NOW, 1)


def test_sqlite_plans_a_statement_about_rows_of_a_status_once(database: OpenDatabase) -> None:
    if not database.is_sqlite:
        return  # PostgreSQL plans as it likes
    planned: list[int] = []

    def note(what: int, *_: str | None) -> int:
        planned.append(what)
        return sqlite3.SQLITE_OK

    of_tutor = Prepared(
        select(Appointment.id).where(
            Appointment.status == Status.SCHEDULED, Appointment.tutor_id == bindparam("number")
        )
    )
    with database.reading() as session:
        driver: Any = session.connection().connection.dbapi_connection
        driver.set_authorizer(note)
        of_tutor.rows(session, number=1)
        assert planned.count(sqlite3.SQLITE_SELECT) == 1
        of_tutor.rows(session, number=2)
        assert planned.count(sqlite3.SQLITE_SELECT) == 1


def test_an_outer_join_that_finds_nothing_gives_none(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        person = parent(session)
        found = Prepared(
            select(Person, Student)
            .join(Student, text("1 = 0"), isouter=True)
            .where(Person.id == bindparam("number"))
        ).first(session, number=person.id)
        assert found[0] is person
        assert found[1] is None


@pytest.mark.parametrize("values", [{}, {"number": 1, "other": 2}])
def test_a_value_that_is_missing_or_unknown_is_an_error(
    database: OpenDatabase, values: dict[str, Any]
) -> None:
    with database.reading() as session, pytest.raises(KeyError):
        OF_PERSON.rows(session, **values)


def test_an_error_is_sqlalchemys_and_shows_no_values(database: OpenDatabase) -> None:
    rows = [{"id": 1, "name": "Ryan Lim"}, {"id": 1, "name": "Ryan Lim"}]
    for how in (rows, rows[:1] * 2):
        with pytest.raises(IntegrityError) as raised, database.unit_of_work() as session:
            STUDENT.run_many(session, how)
        assert "Ryan" not in str(raised.value).partition("[SQL")[2]


def test_many_rows_are_counted(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        assert STUDENT.run_many(session, [{"id": n, "name": "Ryan"} for n in (1, 2, 3)]) == 3


def test_a_connection_that_is_lost_is_not_used_again(database: OpenDatabase) -> None:
    if database.is_sqlite:
        return  # a file is not lost that way
    with database.unit_of_work() as session:
        number = tutor(session).id
    with database.reading() as session:
        own = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with database.unit_of_work() as other:
            other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
        with pytest.raises(DBAPIError) as raised:
            OF_PERSON.rows(session, number=number)
    assert raised.value.connection_invalidated
    with database.reading() as session:
        assert OF_PERSON.one(session, number=number).id == number


def test_listeners_are_told_of_it_as_of_every_statement(database: OpenDatabase) -> None:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement.split(maxsplit=1)[0])

    for moment in ("before_cursor_execute", "after_cursor_execute"):
        event.listen(Engine, moment, note)
    try:
        with database.reading() as session:
            OF_PERSON.rows(session, number=1)
    finally:
        for moment in ("before_cursor_execute", "after_cursor_execute"):
            event.remove(Engine, moment, note)
    assert seen[-2:] == ["SELECT", "SELECT"]


CALLED = Prepared(
    select(Student.name)
    .where(
        col(Student.id).in_(bindparam("numbers", expanding=True)),
        col(Student.name).in_(["Ryan 1", "Ryan 2", "Ryan 3", "Ryan 5", "Emily"]),
        Student.id != bindparam("but", type_=Integer),
    )
    .order_by(col(Student.id))
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([], []),
        ([1], ["Ryan 1"]),
        ([1, 2], ["Ryan 1", "Ryan 2"]),
        ([3, 2, 1], ["Ryan 1", "Ryan 2", "Ryan 3"]),
        ([1, 2, 3, 4, 5], ["Ryan 1", "Ryan 2", "Ryan 3", "Ryan 5"]),
        ([1, 2, 3, 4, 5, 6], ["Ryan 1", "Ryan 2", "Ryan 3", "Ryan 5"]),
    ],
)
def test_a_list_may_have_any_length(
    database: OpenDatabase, wanted: list[int], expected: list[str]
) -> None:
    with database.unit_of_work() as session:
        STUDENT.run_many(session, [{"id": n, "name": f"Ryan {n}"} for n in range(1, 7)])
        assert CALLED.firsts(session, numbers=wanted, but=6) == expected
        assert CALLED.firsts(session, numbers=wanted, but=1) == [
            name for name in expected if name != "Ryan 1"
        ]


def test_lists_of_about_the_same_length_share_a_text(database: OpenDatabase) -> None:
    with statements() as executed, database.reading() as session:
        for length in (5, 6, 7, 8):
            CALLED.rows(session, numbers=list(range(length)), but=0)
        CALLED.rows(session, numbers=list(range(9)), but=0)

    assert len(set(executed)) == 2


def test_values_that_a_statement_does_not_take_may_be_offered(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        person = tutor(session)
        found = OF_PERSON.some_of(session, {"number": person.id, "other": 2})
        assert [row[0] for row in found] == [person]
