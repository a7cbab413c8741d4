"""Refs in rows: to a row of the same import, or to a row of the database."""

from collections.abc import Iterable

from models.enums import Role
from services.imports.cells import Cells
from services.imports.directory import Directory
from services.imports.person_rows import PersonChange
from services.imports.problems import ProblemCode
from services.imports.sources import Rows, SourceRow, Table


class References:
    """Check of refs. A row with an error of its own can still be referred to."""

    def __init__(self, rows: Rows, people: Iterable[PersonChange], directory: Directory) -> None:
        self._roles = {ref: person.roles for ref, person in directory.people.items()}
        self._roles |= {change.row.ref: change.row.roles for change in people}
        self._named_people = _refs(rows[Table.PEOPLE])
        self._students = _refs(rows[Table.STUDENTS]) | set(directory.students)
        self.known_refs = directory.refs

    def require_person(self, cells: Cells, column: str, ref: str, role: Role) -> None:
        """Note a problem where nobody has this ref, or has it without the role."""
        roles = self._roles.get(ref)
        if roles is not None and role not in roles:
            cells.fail(column, ProblemCode.ROLE_MISSING, value=ref, role=role)
        if roles is None and ref not in self._named_people:
            cells.fail(column, ProblemCode.REF_UNKNOWN, value=ref, table=Table.PEOPLE)

    def require_student(self, cells: Cells, column: str, ref: str) -> None:
        """Note a problem where no child has this ref."""
        if ref not in self._students:
            cells.fail(column, ProblemCode.REF_UNKNOWN, value=ref, table=Table.STUDENTS)


def _refs(rows: Iterable[SourceRow]) -> set[str]:
    return {row.cells["ref"] for row in rows}
