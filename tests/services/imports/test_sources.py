"""Reading import files: what is taken, and what is wrong with others (SPEC 11)."""

import csv
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from services.imports.problems import Place, ProblemCode, Problems
from services.imports.sources import COLUMNS, SourceRow, Table, read_sources
from tests.services.imports import files

HEADER = list(COLUMNS[Table.STUDENTS].all)
EMILY = ["s1", "Emily Lim", "p1;p2", "12 Orchard Road"]


def read(*paths: Path) -> tuple[dict[Table, list[SourceRow]], Problems]:
    problems = Problems()
    rows = read_sources(paths, problems)
    return {table: list(found) for table, found in rows.items()}, problems


def told(problems: Problems) -> list[tuple[Place, ProblemCode, str | None]]:
    return [(one.place, one.code, one.column) for one in problems.in_order()]


def test_a_folder_has_a_file_for_each_table(tmp_path: Path) -> None:
    rows, problems = read(files.write(tmp_path))

    assert not problems
    assert {table: len(found) for table, found in rows.items() if found} == {
        Table.PEOPLE: 2,
        Table.STUDENTS: 1,
        Table.SESSIONS: 1,
    }


def test_a_workbook_has_a_sheet_for_each_table(tmp_path: Path) -> None:
    sheets = files.tables([files.person()], [files.student()], [files.session()])
    path = files.write_workbook(tmp_path / "agency.xlsx", sheets)

    rows, problems = read(path)

    assert not problems
    [row] = rows[Table.STUDENTS]
    assert row.place == Place("agency.xlsx, students", 2)
    assert row.cells == {"ref": "s1", "name": "Emily Lim", "guardian_refs": "p1", "address": ""}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_csv_file_is_in_utf_8_with_or_without_a_mark(tmp_path: Path, encoding: str) -> None:
    path = files.write_csv(
        tmp_path / "students.csv", [HEADER, ["s1", "கவிதா 林", "", ""]], encoding=encoding
    )

    rows, problems = read(path)

    assert not problems
    assert [row.cells["name"] for row in rows[Table.STUDENTS]] == ["கவிதா 林"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_csv_file_may_have_semicolons_or_tabs_between_its_columns(
    tmp_path: Path, delimiter: str
) -> None:
    lines = [["ref", "name", "guardian_refs"], ["s1", "Lim, Emily", "p1;p2"]]
    with (tmp_path / "students.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)

    problems = Problems()
    [row] = read_sources([tmp_path], problems)[Table.STUDENTS]

    assert not problems
    assert (row.cells["name"], row.cells["guardian_refs"]) == ("Lim, Emily", "p1;p2")


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "students.csv"
    path.write_text('ref,name\ns1,"Emily\nLim"\n\n,\ns2,Ryan Lim\n', encoding="utf-8")

    rows, problems = read(path)

    assert not problems
    assert [(row.place.row, row.cells["ref"]) for row in rows[Table.STUDENTS]] == [
        (2, "s1"),
        (5, "s2"),
    ]


def test_optional_columns_may_be_left_out_and_any_order_is_right(tmp_path: Path) -> None:
    path = files.write_csv(tmp_path / "Students.CSV", [[" Name ", "REF"], ["Emily Lim", "s1"]])

    rows, problems = read(path)

    assert not problems
    [row] = rows[Table.STUDENTS]
    assert row.cells == {"ref": "s1", "name": "Emily Lim", "guardian_refs": "", "address": ""}


def test_a_workbooks_cells_read_as_a_csv_files(tmp_path: Path) -> None:
    cells = ["s1", 5_000_000_001, 90.0, datetime(2026, 11, 25, 15, 0)]  # noqa: DTZ001 - as there
    path = files.write_workbook(tmp_path / "agency.xlsx", {"students": [HEADER, cells]})

    rows, _ = read(path)

    assert list(rows[Table.STUDENTS][0].cells.values()) == [
        "s1",
        "5000000001",
        "90",
        "2026-11-25 15:00:00",
    ]


def test_unknown_missing_and_doubled_columns_are_named(tmp_path: Path) -> None:
    path = files.write_csv(tmp_path / "students.csv", [["ref", "ref", "nickname"], ["s1", "", ""]])

    rows, problems = read(path)

    assert rows[Table.STUDENTS] == []
    place = Place("students.csv", 1)
    assert told(problems) == [
        (place, ProblemCode.COLUMN_UNKNOWN, "nickname"),
        (place, ProblemCode.COLUMN_MISSING, "name"),
        (place, ProblemCode.COLUMN_TWICE, "ref"),
    ]


def test_a_cell_beyond_the_columns_is_a_problem(tmp_path: Path) -> None:
    path = files.write_csv(tmp_path / "students.csv", [HEADER, [*EMILY, "", "more"]])

    _, problems = read(path)

    assert told(problems) == [(Place("students.csv", 2), ProblemCode.TOO_MANY_CELLS, None)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("pupils.csv", b"ref,name\n", ProblemCode.TABLE_UNKNOWN),
        ("people.txt", b"ref,name\n", ProblemCode.FILE_TYPE_UNKNOWN),
        ("people.csv", "ref,name\nt1,Zoë\n".encode("latin-1"), ProblemCode.NOT_UTF8),
        ("people.csv", b'ref,name\nt1,"never closed\n', ProblemCode.CSV_DAMAGED),
        ("people.csv", b"", ProblemCode.HEADER_MISSING),
        ("people.xlsx", b"no workbook", ProblemCode.WORKBOOK_DAMAGED),
    ],
)
def test_a_file_that_cannot_be_imported_is_named(
    tmp_path: Path, name: str, content: bytes, code: ProblemCode
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    _, problems = read(path)

    assert told(problems) == [(Place(name), code, None)]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none"

    _, problems = read(path)

    assert told(problems) == [(Place(str(path)), ProblemCode.FILE_NOT_FOUND, None)]


def test_a_folder_without_tables_is_named(tmp_path: Path) -> None:
    _, problems = read(tmp_path)

    assert told(problems) == [(Place(tmp_path.name), ProblemCode.NOTHING_FOUND, None)]


def test_a_sheet_of_another_name_is_a_problem_unless_it_is_empty(tmp_path: Path) -> None:
    path = files.write_workbook(
        tmp_path / "agency.xlsx",
        {"Students": [HEADER, EMILY], "Sheet2": [], "Notes": [["call them"]]},
    )

    rows, problems = read(path)

    assert len(rows[Table.STUDENTS]) == 1
    assert told(problems) == [(Place("agency.xlsx, Notes"), ProblemCode.TABLE_UNKNOWN, None)]


@pytest.mark.parametrize("name", ["people.csv", "pupils.csv"])
@pytest.mark.parametrize("header", ["ref,name,roles", "ref,nickname"])
def test_of_a_file_that_cannot_be_read_to_its_end_only_that_is_told(
    tmp_path: Path, name: str, header: str
) -> None:
    good = "".join(f"t{number},Tan Wei Ming,tutor,,,,,more\n" for number in range(1_000))
    (tmp_path / name).write_bytes(f"{header}\n{good}".encode() + b"t,Zo\xeb,tutor\n")

    rows, problems = read(tmp_path)

    assert rows[Table.PEOPLE] == []
    assert told(problems) == [(Place(name), ProblemCode.NOT_UTF8, None)]


def test_of_a_workbook_with_a_damaged_sheet_only_that_is_told(tmp_path: Path) -> None:
    sheets = files.tables([files.person()], [files.student()], [files.session()])
    whole = files.write_workbook(tmp_path / "whole.xlsx", {"notes": [["call them"]], **sheets})
    path = tmp_path / "agency.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            is_last = name.endswith("sheet4.xml")
            target.writestr(name, content[: len(content) // 2] if is_last else content)

    rows, problems = read(path)

    assert not any(rows.values())
    assert told(problems) == [(Place("agency.xlsx"), ProblemCode.WORKBOOK_DAMAGED, None)]
