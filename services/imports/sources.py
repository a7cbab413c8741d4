"""Reading import files: folders of CSV files, single files, or a workbook's sheets (SPEC 11)."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from pathlib import Path

from services.imports.packed_rows import AT_ONCE, PackedRows
from services.imports.problems import (
    LONGEST_CELL,
    Place,
    ProblemCode,
    Problems,
    UnreadableError,
)
from services.imports.progress import Progress


class Table(StrEnum):
    """Tables that can be imported; a file or sheet has the table's name."""

    PEOPLE = "people"
    STUDENTS = "students"
    SESSIONS = "sessions"
    MATCHES = "matches"
    PACKAGES = "packages"
    HOLIDAYS = "holidays"


@dataclass(frozen=True)
class Columns:
    """Required and optional columns of a table."""

    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return self.required + self.optional


COLUMNS: Mapping[Table, Columns] = {
    Table.PEOPLE: Columns(
        ("ref", "name", "roles"),
        ("language", "time_zone", "telegram_user_id"),
    ),
    Table.STUDENTS: Columns(("ref", "name"), ("guardian_refs", "address")),
    Table.SESSIONS: Columns(
        ("ref", "tutor_ref", "student_ref", "subject", "starts_at", "duration_minutes", "status"),
        ("kind", "origin", "checked_in_at", "checked_out_at"),
    ),
    Table.MATCHES: Columns(
        (
            *("ref", "tutor_ref", "student_ref", "subject", "weekday", "start_time"),
            *("duration_minutes", "starts_on"),
        ),
        ("ends_on", "kind", "price", "pay", "accepted"),
    ),
    Table.PACKAGES: Columns(
        ("ref", "student_ref", "sessions_total", "starts_on"), ("expires_on", "price")
    ),
    Table.HOLIDAYS: Columns(("date", "name"), ()),
}
FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""Beginning of a text that is a formula to a spreadsheet, or is guarded like one."""
KNOWN_TABLES = ", ".join(Table)
MOST_ROWS = 250_000
"""Most rows of a table in a file, the empty ones not counted: memory grows with them."""


PackedRow = tuple[int, Sequence[str]]
"""Row's number, then its cells: one for each column of the table."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Row with its place in the file."""

    file: str
    number: int
    """The header's number is 1."""
    cells: Mapping[str, str]
    """Text without surrounding space, by column; empty where there is none."""

    @property
    def place(self) -> Place:
        return Place(self.file, self.number)


class SourceRows:
    """Rows of one table, from every file that has it."""

    def __init__(self, table: Table) -> None:
        self._columns = COLUMNS[table].all
        self._files: list[tuple[str, PackedRows[PackedRow]]] = []

    def add(self, file: str, rows: PackedRows[PackedRow]) -> None:
        """Add the rows of a file."""
        self._files.append((file, rows))

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(rows) for _, rows in self._files)

    def __bool__(self) -> bool:
        """Whether a file has the table, with or without rows."""
        return bool(self._files)

    def batches(self) -> Iterator[list[SourceRow]]:
        """Rows, a few hundred at a time."""
        columns = self._columns
        for file, rows in self._files:
            for batch in rows.batches():
                yield [
                    SourceRow(file, number, dict(zip(columns, cells, strict=True)))
                    for number, cells in batch
                ]

    def __iter__(self) -> Iterator[SourceRow]:
        for batch in self.batches():
            yield from batch


Rows = Mapping[Table, SourceRows]
Lines = Iterator[list[str]]


def read_sources(
    paths: Iterable[Path], problems: Problems, progress: Progress | None = None
) -> Rows:
    """Rows of every table in `paths`; files that cannot be read are noted in `problems`.

    If a file cannot be read to its end, only that is noted, and none of its rows is used.
    """
    rows = {table: SourceRows(table) for table in Table}
    tables = 0
    for path in _files(paths, problems):
        in_file = Problems()
        try:
            found = [
                _read(path, name, _counted(lines, progress), in_file)
                for name, lines in tables_of(path)
            ]
        except UnreadableError as error:
            problems.note(Place(path.name), error.code, None, **error.params)
            continue
        problems.add(in_file)
        tables += len(found)
        for table, file, packed in filter(None, found):
            rows[table].add(file, packed)
    if not tables and not problems:
        shown = ", ".join(path.name for path in paths)
        problems.note(Place(shown), ProblemCode.NOTHING_FOUND, known=KNOWN_TABLES)
    return rows


def _counted(lines: Lines, progress: Progress | None) -> Lines:
    """The lines, counted a few hundred at a time."""
    for number, line in enumerate(lines, start=1):
        if progress is not None and number % AT_ONCE == 0:
            progress.advance(AT_ONCE)
        yield line


def _files(paths: Iterable[Path], problems: Problems) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.suffix.lower() == ".csv")
        elif not path.is_file():
            problems.note(Place(str(path)), ProblemCode.FILE_NOT_FOUND)
        elif path.suffix.lower() not in {".csv", ".xlsx"}:
            problems.note(Place(path.name), ProblemCode.FILE_TYPE_UNKNOWN)
        else:
            yield path


def tables_of(path: Path) -> Iterator[tuple[str, Lines]]:
    """Each table in a file with its name: a CSV file has one, a workbook one for each sheet."""
    if path.suffix.lower() == ".csv":
        yield path.stem, _csv_lines(path)
        return
    from services.imports import workbooks  # noqa: PLC0415 - a tenth of a second at every start

    yield from workbooks.read_sheets(path)


LONGEST_HEADER = 10_000
"""How much of the first line is looked at, in characters."""


def guarded(text: str) -> str:
    """Text for a CSV file, with an apostrophe before what a spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def _unguarded(cell: str) -> str:
    """Text of a cell, without the apostrophe that guards it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def _csv_lines(path: Path) -> Lines:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            delimiter = _delimiter(file.readline(LONGEST_HEADER))
            file.seek(0)
            for line in csv.reader(file, delimiter=delimiter, strict=True):
                yield [_unguarded(cell).strip() for cell in line]
    except UnicodeDecodeError as error:
        raise UnreadableError(ProblemCode.NOT_UTF8) from error
    except csv.Error as error:
        raise UnreadableError(ProblemCode.CSV_DAMAGED) from error


def _delimiter(header: str) -> str:
    """What is between the columns: many spreadsheets write semicolons or tabs, not commas."""
    return next((one for one in (",", ";", "\t") if one in header), ",")


def _read(
    path: Path, name: str, lines: Lines, problems: Problems
) -> tuple[Table, str, PackedRows[PackedRow]] | None:
    """Read all of `lines`; None where the table is unknown."""
    file = title_of(path, name)
    table = name.strip().lower()
    if table in set(Table):
        return Table(table), file, _rows(Table(table), file, lines, problems)
    if sum(any(line) for line in lines):  # not `any`, which would leave the rest unread
        problems.note(Place(file), ProblemCode.TABLE_UNKNOWN, known=KNOWN_TABLES)
    return None


def title_of(path: Path, name: str) -> str:
    """What a table is called in problems: its file, with the sheet in a workbook."""
    return path.name if path.suffix.lower() == ".csv" else f"{path.name}, {name}"


def _rows(table: Table, file: str, lines: Lines, problems: Problems) -> PackedRows[PackedRow]:
    rows: PackedRows[PackedRow] = PackedRows()
    header = _header(table, file, lines, problems)
    if header is None:
        deque(lines, maxlen=0)  # there may be worse in the file
        return rows
    width = len(header)
    columns = COLUMNS[table].all
    ordered = itemgetter(*(header.index(one) if one in header else width for one in columns))
    for number, line in enumerate(lines, start=2):
        if not any(line):
            continue
        if any(line[width:]):
            problems.note(Place(file, number), ProblemCode.TOO_MANY_CELLS)
        if len(rows) == MOST_ROWS:
            raise UnreadableError(ProblemCode.TOO_MANY_ROWS, limit=MOST_ROWS)
        cells = [cell[:LONGEST_CELL] for cell in line[:width]]
        rows.add((number, ordered(cells + [""] * (width + 1 - len(cells)))))
    return rows


def _header(table: Table, file: str, lines: Lines, problems: Problems) -> list[str] | None:
    """Names of the file's columns, in its order; None where they are wrong."""
    header = [name[:LONGEST_CELL].lower() for name in next(lines, [])]
    while header and not header[-1]:
        header.pop()
    if not header:
        problems.note(Place(file), ProblemCode.HEADER_MISSING)
        return None
    return header if _is_header(table, file, header, problems) else None


def _is_header(table: Table, file: str, header: Sequence[str], problems: Problems) -> bool:
    columns, place = COLUMNS[table], Place(file, 1)
    wrong = [
        *((ProblemCode.COLUMN_UNKNOWN, name) for name in header if name not in columns.all),
        *((ProblemCode.COLUMN_MISSING, name) for name in columns.required if name not in header),
        *((ProblemCode.COLUMN_TWICE, name) for name in set(header) if header.count(name) > 1),
    ]
    for code, name in wrong:
        problems.note(place, code, name, known=", ".join(columns.all))
    return not wrong
