"""Values that must be unique in a table."""

from services.imports.cells import Cells
from services.imports.problems import Place, ProblemCode


class Uniqueness:
    """Values of one column, with the row in which each was first."""

    def __init__(self, column: str, code: ProblemCode) -> None:
        self._column = column
        self._code = code
        self._first: dict[str, dict[str, int]] = {}
        """By file, the row in which each value was first."""

    def once(self, cells: Cells) -> str:
        """Text of the cell, which must be there and be new."""
        value = cells.text(self._column)
        self.once_if_given(cells)
        return value

    def once_if_given(self, cells: Cells) -> None:
        """Note a value that an earlier row has; empty cells do not count."""
        value = cells.row.cells[self._column]
        if not value:
            return
        for file, rows in self._first.items():
            if value in rows:
                first = Place(file, rows[value])
                cells.fail(self._column, self._code, value=value, first=first)
                return
        self._first.setdefault(cells.row.file, {})[value] = cells.row.number
