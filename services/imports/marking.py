"""The files of an import as one workbook, with the bad cells coloured and the reasons (SPEC 7).

Every cell is written anew, as text: nothing of what the files may hold besides comes along, and no
cell is a formula.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from services.imports.problems import LONGEST_CELL, Problem, UnreadableError
from services.imports.sources import MOST_ROWS, tables_of, title_of
from services.imports.writing import NOT_IN_XML, text_cell

BAD = "FFF4C7C3"
"""Colour of a bad cell."""
REASONS = "problems"
"""Heading of the column with the reasons."""
MOST_CELLS = 200
"""Most cells of a row that are written: no table has as many columns."""
LONGEST_TITLE = 31
"""Most characters of a sheet's title."""


def write_marked(
    path: Path, files: Iterable[Path], problems: Sequence[Problem], worded: Callable[[Problem], str]
) -> None:
    """Write every table of the files as a sheet of a workbook; `worded` gives reasons."""
    from openpyxl import Workbook  # noqa: PLC0415 - a tenth of a second at every start

    by_row: dict[tuple[str, int | None], list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.place.file, problem.place.row].append(problem)
    workbook = Workbook(write_only=True)
    for file in files:
        try:
            for name, lines in tables_of(file):
                sheet = workbook.create_sheet(name[:LONGEST_TITLE] or "sheet")
                _write(sheet, title_of(file, name), lines, by_row, worded)
        except UnreadableError:
            sheet = workbook.create_sheet(file.stem[:LONGEST_TITLE])
            _append(sheet, [], by_row.get((file.name, None), []), {}, worded)
    if not workbook.worksheets:
        workbook.create_sheet(REASONS)
    workbook.save(path)


def _write(
    sheet: Any,
    title: str,
    lines: Iterator[list[str]],
    by_row: Mapping[tuple[str, int | None], list[Problem]],
    worded: Callable[[Problem], str],
) -> None:
    header = [cell[:LONGEST_CELL] for cell in next(lines, [])][:MOST_CELLS]
    columns = {name.strip().lower(): at for at, name in enumerate(header)}
    of_file = [*by_row.get((title, None), []), *by_row.get((title, 1), [])]
    _append(sheet, [*header, REASONS], of_file, columns, worded, width=len(header) + 1)
    for number, line in enumerate(lines, start=2):
        if number > MOST_ROWS:
            break
        cells = [cell[:LONGEST_CELL] for cell in line][:MOST_CELLS]
        cells += [""] * (len(header) - len(cells))
        _append(sheet, cells, by_row.get((title, number), []), columns, worded)


def _append(
    sheet: Any,
    cells: Sequence[str],
    problems: Sequence[Problem],
    columns: Mapping[str, int],
    worded: Callable[[Problem], str],
    *,
    width: int = 0,
) -> None:
    """Append a line, with its bad cells coloured and the reasons behind it."""
    bad = {columns.get(one.column or "") for one in problems}
    written = [
        _bad_cell(sheet, cell) if at in bad else text_cell(sheet, cell)
        for at, cell in enumerate(cells)
    ]
    if problems:
        reasons = "; ".join(
            f"{one.column}: {worded(one)}" if one.column else worded(one) for one in problems
        )
        written += [None] * (width - len(written))
        written.append(_bad_cell(sheet, reasons[:LONGEST_CELL]))
    sheet.append(written)


def _bad_cell(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, value=None)
    cell.value = NOT_IN_XML.sub("", text) or None
    if cell.value is not None:
        cell.data_type = "s"
    cell.fill = PatternFill("solid", start_color=BAD, end_color=BAD)
    return cell
