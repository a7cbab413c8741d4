"""The sheets of an XLSX workbook, as an import reads them (SPEC 11)."""

import warnings
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException


class WorkbookDamagedError(Exception):
    """What is there is no workbook, or one that cannot be read."""


def read_sheets(path: Path) -> list[tuple[str, list[list[str]]]]:
    """Each sheet's title and lines, its cells as text. Raises `WorkbookDamagedError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which are nothing to us
            workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
            found = [
                (sheet.title, [[_text(cell) for cell in line] for line in sheet.values])
                for sheet in workbook.worksheets
            ]
            workbook.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        raise WorkbookDamagedError from error
    return found


def _text(cell: object) -> str:
    """A workbook's cell as it would stand in a CSV file."""
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
