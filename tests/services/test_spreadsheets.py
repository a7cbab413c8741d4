"""Tables that are downloaded: the same bytes for the same rows, and no formula (SPEC 7)."""

import csv
import io
import time
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from services.spreadsheets import Cell, to_csv, to_xlsx

ROWS: list[list[Cell]] = [["Name", "Amount"], ["Émilie 林", Decimal("-12.50")], [None, 3]]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =HYPERLINK(1)", "＝1+1", "|cmd", "%0"]


def test_the_same_rows_make_the_same_bytes_whenever(monkeypatch: pytest.MonkeyPatch) -> None:
    first = (to_csv(ROWS), to_xlsx([("Sheet", ROWS)]))
    later = time.time() + 86_400 * 400
    monkeypatch.setattr(time, "time", lambda: later)
    assert (to_csv(ROWS), to_xlsx([("Sheet", ROWS)])) == first
    assert first[0] == "\ufeffName,Amount\r\nÉmilie 林,-12.50\r\n,3\r\n".encode()


def test_both_are_read_back_as_they_were() -> None:
    sheet = load_workbook(io.BytesIO(to_xlsx([("A/B: [x]", ROWS)]))).active
    assert sheet is not None
    assert [tuple(row) for row in sheet.iter_rows(values_only=True)] == [
        ("Name", "Amount"),
        ("Émilie 林", -12.5),
        (None, 3),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_runs_as_a_formula(text: str) -> None:
    [[in_csv]] = csv.reader(io.StringIO(to_csv([[text]]).decode("utf-8-sig"), newline=""))
    sheet = load_workbook(io.BytesIO(to_xlsx([("Sheet", [[text]])]))).active
    assert sheet is not None
    cell = sheet["A1"]

    assert in_csv == f"'{text}"
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")
