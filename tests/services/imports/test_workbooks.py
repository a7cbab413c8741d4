"""Workbooks of an import: every row is read, and none takes the machine's memory (SPEC 7)."""

import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import MAC_EPOCH

from services.imports import problems
from services.imports.problems import Place, ProblemCode, Problems
from services.imports.sources import MOST_ROWS, SourceRow, Table, read_sources
from services.imports.workbooks import read_sheets
from services.settings import ROOT
from tests.services.imports import files
from tests.services.imports.hostile_workbooks import (
    ALL_RELATED,
    BOMBS,
    EMILY,
    HEADER,
    MAIN,
    RELATIONS,
    SHEET,
    STRINGS,
    sheet,
    with_parts,
    with_sheet,
)

MEGABYTES = 100
"""That a process may take that reads a workbook of any kind; without one it takes 27."""


def students(path: Path) -> tuple[list[SourceRow], Problems]:
    found = Problems()
    rows = read_sources([path], found)
    return list(rows[Table.STUDENTS]), found


def told(found: Problems) -> list[tuple[Place, ProblemCode]]:
    return [(one.place, one.code) for one in found.in_order()]


def lines_of(path: Path) -> list[list[str]]:
    [[_, lines]] = [(title, list(lines)) for title, lines in read_sheets(path)]
    return lines


@pytest.mark.parametrize("lie", ["A1", "A1:B2", "A1:A400", "B1:B3", "A1:XFD1048576", "A5:B6"])
def test_what_a_sheet_says_about_its_size_is_not_believed(tmp_path: Path, lie: str) -> None:
    rows = [EMILY.replace("s1", f"s{number}") for number in range(400)]
    dimension = f'<dimension ref="{lie}"/>'
    path = with_sheet(tmp_path / "a.xlsx", sheet(HEADER, *rows, before=dimension))

    read, found = students(path)

    assert not found
    assert [row.cells["ref"] for row in read] == [f"s{number}" for number in range(400)]


def test_rows_that_are_left_out_are_counted(tmp_path: Path) -> None:
    rows = [EMILY, EMILY.replace("<row>", '<row r="7">').replace("s1", "s2"), EMILY]
    read, found = students(with_sheet(tmp_path / "a.xlsx", sheet(HEADER, *rows)))

    assert not found
    assert [(row.number, row.cells["ref"]) for row in read] == [(2, "s1"), (7, "s2"), (8, "s1")]


@pytest.mark.parametrize("number", ["1", "0", "-3", "two"])
def test_rows_out_of_order_are_damage_and_not_dropped(tmp_path: Path, number: str) -> None:
    row = EMILY.replace("<row>", f'<row r="{number}">')
    _, found = students(with_sheet(tmp_path / "a.xlsx", sheet(HEADER, row)))

    assert told(found) == [(Place("a.xlsx"), ProblemCode.WORKBOOK_DAMAGED)]


@pytest.mark.parametrize("column", ["E", "CV", "XFD"])
def test_a_cell_far_to_the_right_is_seen(tmp_path: Path, column: str) -> None:
    far = f'<c r="{column}2" t="str"><v>more</v></c></row>'
    row = EMILY.replace("</row>", far)
    _, found = students(with_sheet(tmp_path / "a.xlsx", sheet(HEADER, row)))

    assert told(found) == [(Place("a.xlsx, students", 2), ProblemCode.TOO_MANY_CELLS)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (90.0, "90"),
        (0.25, "0.25"),
        (5_000_000_001, "5000000001"),
        (True, "True"),
        (datetime(2026, 11, 25, 15, 0), "2026-11-25 15:00:00"),  # noqa: DTZ001 - as there
        (date(2026, 11, 25), "2026-11-25 00:00:00"),
        (time(15, 30), "15:30:00"),
        ("  கவிதா 林 ", "கவிதா 林"),
        ("&<>\"'", "&<>\"'"),
        ("", ""),
        (CellRichText("Emily ", TextBlock(InlineFont(b=True), "Lim")), "Emily Lim"),
    ],
)
@pytest.mark.parametrize("iso_dates", [False, True])
def test_a_cell_reads_as_it_would_in_a_csv_file(
    tmp_path: Path, value: object, text: str, *, iso_dates: bool
) -> None:
    workbook = openpyxl.Workbook(iso_dates=iso_dates)
    workbook.worksheets[0].append([value, "end"])
    workbook.save(tmp_path / "a.xlsx")
    if iso_dates and type(value) is date:
        text = value.isoformat()

    assert lines_of(tmp_path / "a.xlsx") == [[text, "end"]]


def test_a_length_of_time_reads_as_it_would_in_a_csv_file(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append([timedelta(hours=30)])
    workbook.save(tmp_path / "a.xlsx")

    assert lines_of(tmp_path / "a.xlsx") == [["1 day, 6:00:00"]]


def test_of_a_formula_its_result_is_read_and_of_chinese_not_its_reading(tmp_path: Path) -> None:
    cells = (
        '<row><c t="str"><f>A2</f><v>s1</v></c><c t="inlineStr"><is><r><t>林</t></r>'
        '<rPh sb="0" eb="1"><t>Lin</t></rPh></is></c><c><v>2.0E0</v></c></row>'
    )
    assert lines_of(with_sheet(tmp_path / "a.xlsx", sheet(cells))) == [["s1", "林", "2"]]


def test_texts_that_cells_share_are_read_by_their_numbers(tmp_path: Path) -> None:
    strings = (
        f'<x:sst xmlns:x="{MAIN[7:-1]}"><x:si><x:t>ref</x:t></x:si><x:si><x:r><x:t>na</x:t></x:r>'
        "<x:r><x:t>me</x:t></x:r></x:si><x:si/><x:si><x:t> a_x005F_b &amp;\n</x:t></x:si></x:sst>"
    )
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(4))
    parts = {RELATIONS: [ALL_RELATED], STRINGS: [strings], SHEET: sheet(f"<row>{cells}</row>")}

    assert lines_of(with_parts(tmp_path / "a.xlsx", parts)) == [["ref", "name", "", "a_b &"]]


@pytest.mark.parametrize("number", ["7", "-1", "one"])
def test_a_text_that_is_not_there_is_damage(tmp_path: Path, number: str) -> None:
    cell = f'<row><c t="s"><v>{number}</v></c></row>'
    strings = f"<sst {MAIN}><si><t>ref</t></si></sst>"
    parts = {RELATIONS: [ALL_RELATED], STRINGS: [strings], SHEET: sheet(cell)}

    _, found = students(with_parts(tmp_path / "a.xlsx", parts))

    assert told(found) == [(Place("a.xlsx"), ProblemCode.WORKBOOK_DAMAGED)]


def test_days_may_count_from_1904(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = MAC_EPOCH
    workbook.worksheets[0].append([datetime(2026, 11, 25, 15, 0)])  # noqa: DTZ001 - as there
    workbook.save(tmp_path / "a.xlsx")

    assert lines_of(tmp_path / "a.xlsx") == [["2026-11-25 15:00:00"]]


def test_a_number_that_is_no_day_reads_as_a_spreadsheet_shows_it(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append([1e12])
    workbook.worksheets[0]["A1"].number_format = "yyyy-mm-dd"
    workbook.save(tmp_path / "a.xlsx")

    assert lines_of(tmp_path / "a.xlsx") == [["#VALUE!"]]


def test_a_bomb_is_one_clear_line_and_takes_no_memory(tmp_path: Path) -> None:
    paths = []
    for kind, (part, content) in BOMBS.items():
        path = tmp_path / kind / "bomb.xlsx"
        path.parent.mkdir()
        paths.append(with_parts(path, {RELATIONS: [ALL_RELATED], part: content()}))
        assert path.stat().st_size < 5_000_000, kind
    script = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from locales.import_wording import problem_line\n"
        "from services.imports.problems import Problems\n"
        "from services.imports.sources import read_sources\n"
        "for path in sys.argv[1:]:\n"
        "    found = Problems()\n"
        "    read_sources([Path(path)], found)\n"
        "    status = Path('/proc/self/status').read_text()\n"
        "    most = int(status.split('VmHWM:')[1].split()[0]) // 1024\n"
        "    print(json.dumps([most, [problem_line(one) for one in found.in_order()]]))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    for kind, told_of in zip(BOMBS, done.stdout.splitlines(), strict=True):
        megabytes, lines = json.loads(told_of)
        assert megabytes < MEGABYTES, kind
        assert len(lines) == 1, kind
        assert lines[0].startswith("bomb.xlsx"), kind
        assert len(lines[0]) < 200, kind


def test_a_file_of_too_many_rows_is_one_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.imports.sources.MOST_ROWS", 3)
    rows = [[f"s{number}", "Emily Lim"] for number in range(3)]
    path = files.write_csv(tmp_path / "students.csv", [["ref", "name"], *rows, []])
    assert told(students(path)[1]) == []

    files.write_csv(path, [["ref", "name"], *rows, ["s4", "Emily Lim"]])

    assert told(students(path)[1]) == [(Place("students.csv"), ProblemCode.TOO_MANY_ROWS)]
    assert MOST_ROWS >= 100_000


def test_problems_beyond_a_limit_are_counted_and_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "MOST_PROBLEMS", 2)
    bad = [["s1", "Emily Lim", "too many"]] * 5
    path = files.write_csv(tmp_path / "students.csv", [["ref", "name"], *bad])

    _, found = students(path)

    assert told(found) == [
        (Place("students.csv", 2), ProblemCode.TOO_MANY_CELLS),
        (Place("students.csv", 3), ProblemCode.TOO_MANY_CELLS),
        (Place("students.csv"), ProblemCode.MORE_PROBLEMS),
    ]
    assert found.in_order()[-1].params == {"count": 3}
