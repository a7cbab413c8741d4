"""Tables as CSV and XLSX: the same rows make the same bytes, no text runs as a formula (SPEC 7).

What a spreadsheet would take for a formula begins with an apostrophe. Times inside an XLSX file are
fixed: they would tell when it was downloaded, and nothing else.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cell = str | int | Decimal | None
Rows = Sequence[Sequence[Cell]]

FORMULA = re.compile(r"\s*[=+\-@|%＝＋－＠]|[\t\r\n]")
"""Beginning of a text that some spreadsheet takes for a formula."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST_NAME = 31
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
EPOCH = (1980, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def to_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV in UTF-8 with a byte order mark, as spreadsheets expect it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Sequence[tuple[str, Rows]]) -> bytes:
    """Workbook with a sheet for each (name, rows)."""
    from openpyxl import Workbook  # noqa: PLC0415 - seldom needed, and slow to load

    workbook = Workbook(write_only=True)
    for name, rows in sheets:
        sheet = workbook.create_sheet(FORBIDDEN_IN_NAMES.sub(" ", name)[:LONGEST_NAME])
        for row in rows:
            sheet.append([_storable(cell) for cell in row])
    made = io.BytesIO()
    workbook.save(made)
    return _without_times(made.getvalue())


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, str) and FORMULA.match(cell):
        return f"'{cell}"
    return cell


def _storable(cell: Cell) -> Cell:
    safe = _safe(cell)
    return CONTROL.sub("", safe) if isinstance(safe, str) else safe


def _without_times(workbook: bytes) -> bytes:
    """The same workbook, of which no part tells when it was made."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as read,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in sorted(read.namelist()):
            part = _TIMES.sub(rb"\g<1>1980-01-01T00:00:00Z", read.read(name))
            written.writestr(zipfile.ZipInfo(name, EPOCH), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
