"""Rows of `students` (SPEC 11): children and their guardians."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from models import Student
from models.enums import Role
from services.imports.cells import Cells
from services.imports.directory import Directory
from services.imports.problems import ProblemCode, Problems
from services.imports.references import References
from services.imports.sources import SourceRow
from services.imports.uniqueness import Uniqueness


@dataclass(frozen=True)
class StudentRow:
    """Valid row. None, and no guardians, stand for empty cells."""

    ref: str
    name: str
    guardian_refs: tuple[str, ...]
    address: str | None


@dataclass(frozen=True)
class StudentChange:
    """Valid row with the child that it changes."""

    row: StudentRow
    student: Student | None
    """None for a new child."""

    @property
    def values(self) -> dict[str, Any]:
        """Columns that the row sets; an empty cell changes nothing."""
        values = {"name": self.row.name}
        if self.student is None:
            values["ref"] = self.row.ref
        return values | ({"address": self.row.address} if self.row.address else {})

    def changes_guardians(self, directory: Directory) -> bool:
        """Whether the row's guardians differ from those of the child."""
        if self.student is None or not self.row.guardian_refs:
            return False
        known = (directory.people.get(ref) for ref in self.row.guardian_refs)
        ids = {person.id if person else None for person in known}
        return ids != directory.guardians.get(self.student.id, frozenset())


def read_students(
    rows: Iterable[SourceRow], directory: Directory, references: References, problems: Problems
) -> list[StudentChange]:
    """Valid rows, in the order of the file; problems of the others are noted."""
    refs = Uniqueness("ref", ProblemCode.REF_TWICE)
    changes = []
    for source in rows:
        cells = Cells(source, problems)
        row = StudentRow(
            ref=refs.once(cells),
            name=cells.text("name"),
            guardian_refs=tuple(cells.several("guardian_refs")),
            address=cells.optional_text("address"),
        )
        for ref in row.guardian_refs:
            references.require_person(cells, "guardian_refs", ref, Role.PARENT)
        if cells.is_good:
            changes.append(StudentChange(row, directory.students.get(row.ref)))
    return changes
