"""Sheets of an XLSX workbook (SPEC 11)."""

import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from services.imports.problems import ProblemCode, UnreadableError


def read_sheets(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Title and lines of each sheet, with the cells as text. Raises `UnreadableError`.

    Lines are read on demand, and before the next sheet.
    """
    with warnings.catch_warnings(), _damage_as_unreadable():
        warnings.simplefilter("ignore")  # about styles and validations, which do not matter here
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            yield sheet.title, _lines(sheet.values)
        workbook.close()


def _lines(rows: Iterable[Iterable[object]]) -> Iterator[list[str]]:
    with _damage_as_unreadable():
        for row in rows:
            yield [_text(cell) for cell in row]


@contextmanager
def _damage_as_unreadable() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        raise UnreadableError(ProblemCode.WORKBOOK_DAMAGED) from error


def _text(cell: object) -> str:
    """Cell of a workbook as it would be written in a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):  # kept as a fraction of a day, which is not quite exact
        rounded = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        return rounded.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
