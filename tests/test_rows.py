"""What is read to be compared is all there is."""

from sqlalchemy import func, select
from sqlmodel import SQLModel

from tests import builders
from tests.open_database import OpenDatabase
from tests.rows import rows_of_tables


def test_every_row_of_every_table_is_read(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        parents = [builders.parent(session) for _ in range(3)]
        emily = builders.student(session, guardians=parents)
        builders.appointment(session, tutor=builders.tutor(session), student=emily)

    with database.reading() as session:
        found = rows_of_tables(session)
        tables = SQLModel.metadata.sorted_tables
        count = {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in tables
        }
    assert {name: len(rows) for name, rows in found.items()} == count
    assert count["person"] == 4
    assert count["guardianship"] == 3
    assert [row.id for row in found["person"]] == sorted(row.id for row in found["person"])


def test_tables_and_a_column_are_left_out(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        builders.tutor(session, name="Grace Tan")

    with database.reading() as session:
        found = rows_of_tables(session, but={"student"}, without="name")
    assert set(found) == set(SQLModel.metadata.tables) - {"student"}
    (grace,) = found["person"]
    assert "name" not in grace._fields
