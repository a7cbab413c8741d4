"""Files that spreadsheets open without running anything in them (SPEC 7).

A text that begins like a formula is one to a spreadsheet: in a workbook its cell is marked as text,
in a CSV file an apostrophe stands before it, which the import takes away again.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from services.imports.sources import Table, guarded

NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Lines = Iterable[Sequence[str | int]]


def write_workbook(path: Path, tables: Iterable[tuple[Table, Lines]]) -> None:
    """Write a workbook with a sheet for each table, row by row."""
    from openpyxl import Workbook  # noqa: PLC0415 - a tenth of a second at every start

    workbook = Workbook(write_only=True)
    for table, lines in tables:
        sheet = workbook.create_sheet(table.value)
        sheet.freeze_panes = "A2"
        for line in lines:
            sheet.append([text_cell(sheet, value) for value in line])
    workbook.save(path)


def text_cell(sheet: Any, value: str | int) -> Any:
    """Cell with just this text or number, never a formula.

    openpyxl takes for a formula what begins with an equals sign, and nothing else.
    """
    if isinstance(value, int):
        return value
    text = NOT_IN_XML.sub("", value)
    if not text.startswith("="):
        return text or None
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def write_zip(path: Path, tables: Iterable[tuple[Table, Lines]]) -> None:
    """Write an archive with a CSV file for each table, row by row."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, lines in tables:
            with (
                archive.open(f"{table.value}.csv", "w", force_zip64=True) as raw,
                io.TextIOWrapper(raw, "utf-8-sig", newline="") as text,
            ):
                csv.writer(text).writerows(_guarded(lines))


def _guarded(lines: Lines) -> Iterator[list[str | int]]:
    for line in lines:
        yield [guarded(one) if isinstance(one, str) else one for one in line]
