"""Workbooks that lie about themselves, or unpack to far more than they are."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ALL_RELATED = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml" Id="rId1"/>'
    f'<Relationship Type="{RELATED}/styles" Target="styles.xml" Id="rId2"/>'
    f'<Relationship Type="{RELATED}/sharedStrings" Target="/xl/sharedStrings.xml" Id="rId3"/>'
    "</Relationships>"
)
"""The workbook's parts, with texts that cells share, as other programs write them."""
MEGABYTE = 1_000_000
HEADER = (
    '<row r="1"><c t="inlineStr"><is><t>ref</t></is></c><c t="inlineStr"><is><t>name</t></is></c>'
    "</row>"
)
EMILY = (
    '<row><c t="inlineStr"><is><t>s1</t></is></c><c t="inlineStr"><is><t>Emily</t></is></c></row>'
)


def with_parts(path: Path, parts: Mapping[str, Iterable[str]]) -> Path:
    """A workbook with one sheet, `students`, some parts of which are replaced."""
    packed = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with zipfile.ZipFile(_ordinary()) as source, packed as to:
        for name in set(source.namelist()) - set(parts):
            to.writestr(name, source.read(name))
        for name, content in parts.items():
            with to.open(name, "w", force_zip64=True) as part:
                for piece in content:
                    part.write(piece.encode())
    return path


def with_sheet(path: Path, content: Iterable[str]) -> Path:
    """A workbook with this sheet."""
    return with_parts(path, {SHEET: content})


def sheet(*rows: str, before: str = "") -> Iterator[str]:
    """A sheet's part."""
    yield f"<worksheet {MAIN}>{before}<sheetData>"
    yield from rows
    yield "</sheetData></worksheet>"


def _ordinary() -> io.BytesIO:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "students"
    workbook.worksheets[0].append(["ref", "name"])
    content = io.BytesIO()
    workbook.save(content)
    content.seek(0)
    return content


def _repeated(piece: str, times: int) -> Iterator[str]:
    at_once = min(times, 10_000)
    for _ in range(times // at_once):
        yield piece * at_once


def _many_rows() -> Iterator[str]:
    yield from sheet(HEADER, *_repeated(EMILY, 300_000))


def _rows_with_a_height() -> Iterator[str]:
    yield from sheet(HEADER, *_repeated(EMILY.replace("<row>", '<row ht="15">'), 300_000))


def _empty_rows() -> Iterator[str]:
    yield from sheet(*_repeated("<row/>", 1_200_000))


def _a_long_cell() -> Iterator[str]:
    long = ["x" * MEGABYTE] * 280
    yield from sheet('<row><c t="inlineStr"><is><t>', *long, "</t></is></c></row>")


def _a_long_attribute() -> Iterator[str]:
    yield from sheet('<row><c r="', *["A" * MEGABYTE] * 200, '"/></row>')


def _elements_before_the_rows() -> Iterator[str]:
    yield f"<worksheet {MAIN}><cols>"
    yield from _repeated('<col min="1" max="1"/>', 2_000_000)
    yield "</cols><sheetData/></worksheet>"


def _deep() -> Iterator[str]:
    yield from sheet(*_repeated("<x>", 5_000_000))


def _many_names() -> Iterator[str]:
    yield from sheet(*(f"<x{number}/>" for number in range(60_000)))


def _entities() -> Iterator[str]:
    yield '<!DOCTYPE x [<!ENTITY a0 "ten letters">'
    for number in range(1, 12):
        yield f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">'
    yield "]>"
    yield from sheet('<row><c t="inlineStr"><is><t>&a11;</t></is></c></row>')


def _beyond_the_last_row() -> Iterator[str]:
    yield from sheet(HEADER, EMILY.replace("<row>", '<row r="2000000000">'))


def _many_strings() -> Iterator[str]:
    yield f"<sst {MAIN}>"
    yield from _repeated("<si><t>a</t></si>", 1_100_000)
    yield "</sst>"


def _many_styles() -> Iterator[str]:
    yield f"<styleSheet {MAIN}><cellXfs>"
    yield from _repeated('<xf numFmtId="14"/>', 1_000_000)
    yield "</cellXfs></styleSheet>"


BOMBS: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "many rows": (SHEET, _many_rows),
    "rows with a height": (SHEET, _rows_with_a_height),
    "empty rows": (SHEET, _empty_rows),
    "a long cell": (SHEET, _a_long_cell),
    "a long attribute": (SHEET, _a_long_attribute),
    "elements before the rows": (SHEET, _elements_before_the_rows),
    "deep": (SHEET, _deep),
    "many names": (SHEET, _many_names),
    "entities": (SHEET, _entities),
    "beyond the last row": (SHEET, _beyond_the_last_row),
    "many strings": (STRINGS, _many_strings),
    "many styles": (STYLES, _many_styles),
}
"""What each does: the part of the workbook, and the part's content."""
