"""Reading import files: a folder of CSV files, single ones, or a workbook's sheets (SPEC 11)."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from services.imports.problems import Place, ProblemCode, Problems


class Table(StrEnum):
    """What can be imported; a file or sheet is named so."""

    PEOPLE = "people"
    STUDENTS = "students"
    SESSIONS = "sessions"


@dataclass(frozen=True)
class Columns:
    """The columns that a table must have, and those that it may leave out."""

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
}
KNOWN_TABLES = ", ".join(Table)


@dataclass(frozen=True)
class SourceRow:
    """A row as it was written, with where it stands."""

    place: Place
    cells: Mapping[str, str]
    """Text without surrounding space, by column; empty where there is none."""


Rows = dict[Table, list[SourceRow]]


def read_sources(paths: Iterable[Path], problems: Problems) -> Rows:
    """The rows of every table in `paths`; what cannot be read is noted in `problems`."""
    rows: Rows = {table: [] for table in Table}
    tables = 0
    for path in _files(paths, problems):
        for name, lines in _tables_of(path, problems):
            tables += 1
            file = path.name if path.suffix.lower() == ".csv" else f"{path.name}, {name}"
            table = name.strip().lower()
            if table in set(Table):
                rows[Table(table)] += _rows(Table(table), file, lines, problems)
            elif any(any(line) for line in lines):
                problems.note(Place(file), ProblemCode.TABLE_UNKNOWN, known=KNOWN_TABLES)
    if not tables and not problems:
        shown = ", ".join(path.name for path in paths)
        problems.note(Place(shown), ProblemCode.NOTHING_FOUND, known=KNOWN_TABLES)
    return rows


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


Lines = list[list[str]]


def _tables_of(path: Path, problems: Problems) -> Iterator[tuple[str, Lines]]:
    """Each table in a file by its name: a CSV file is one, a workbook has one a sheet."""
    if path.suffix.lower() == ".csv":
        lines = _csv_lines(path, problems)
        if lines is not None:
            yield path.stem, lines
    else:
        yield from _sheets(path, problems)


def _csv_lines(path: Path, problems: Problems) -> Lines | None:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [[cell.strip() for cell in line] for line in csv.reader(file, strict=True)]
    except UnicodeDecodeError:
        problems.note(Place(path.name), ProblemCode.NOT_UTF8)
    except csv.Error:
        problems.note(Place(path.name), ProblemCode.CSV_DAMAGED)
    return None


def _sheets(path: Path, problems: Problems) -> list[tuple[str, Lines]]:
    from services.imports import workbooks  # noqa: PLC0415 - a tenth of a second at every start

    try:
        return workbooks.read_sheets(path)
    except workbooks.WorkbookDamagedError:
        problems.note(Place(path.name), ProblemCode.WORKBOOK_DAMAGED)
        return []


def _rows(table: Table, file: str, lines: Lines, problems: Problems) -> list[SourceRow]:
    if not lines or not any(lines[0]):
        problems.note(Place(file), ProblemCode.HEADER_MISSING)
        return []
    header = [name.lower() for name in lines[0]]
    while header and not header[-1]:
        header.pop()
    if not _is_header(table, file, header, problems):
        return []
    found = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(line):
            continue
        place = Place(file, number)
        if any(line[len(header) :]):
            problems.note(place, ProblemCode.TOO_MANY_CELLS)
        cells = dict.fromkeys(COLUMNS[table].all, "") | dict(zip(header, line, strict=False))
        found.append(SourceRow(place, cells))
    return found


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
