"""Sheets of an XLSX workbook, read in constant memory (SPEC 7, 11).

What a workbook says about its own size is not believed: rows are read to their end, and counted. No
tree of elements is built: a workbook that fits in a message can unpack to gigabytes.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from services.imports.cell_texts import CellTexts, SharedStrings
from services.imports.problems import ProblemCode, UnreadableError
from services.imports.sheet_rows import SheetRows
from services.imports.xml_parts import (
    MEBIBYTE,
    Attributes,
    Part,
    PartHandler,
    PartNamed,
    opened,
)

FRAME_BYTES = 8 * MEBIBYTE
"""Most bytes of a part that lists sheets, relations or styles."""
STRINGS_BYTES = 64 * MEBIBYTE
"""Most bytes of the texts that cells share, which are kept."""


def read_sheets(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Title and lines of each sheet, with the cells as text. Raises `UnreadableError`.

    Lines are read on demand, and before the next sheet.
    """
    with opened(path) as part_named:
        book = _book(part_named)
        texts = _cell_texts(part_named, book)
        for title, name in book.sheets:
            yield title, SheetRows(texts).lines(_required(part_named(name)))


@dataclass
class _Relations(PartHandler):
    """Kind and target of what a part refers to, by id."""

    by_id: dict[str, tuple[str, str]] = field(default_factory=dict)

    def begin(self, element: str, attributes: Attributes) -> None:
        if element == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.by_id[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))


@dataclass
class _Book(PartHandler):
    """Sheets of a workbook, its relations to other parts, and its first day."""

    folder: str
    relations: _Relations
    sheets: list[tuple[str, str]] = field(default_factory=list)
    """Title and part of each sheet that has cells, in order."""
    starts_in_1904: bool = False

    def begin(self, element: str, attributes: Attributes) -> None:
        if element == "workbookPr":
            self.starts_in_1904 = attributes.get("date1904") in {"1", "true"}
        elif element == "sheet":
            relation = {name.rpartition(":")[2]: value for name, value in attributes.items()}["id"]
            kind, target = self.relations.by_id[relation]
            if kind == "worksheet":
                self.sheets.append((attributes.get("name", ""), self.part_at(target)))

    def part_of_kind(self, kind: str) -> str | None:
        """Name of the first part that is related in this way."""
        found = (target for each, target in self.relations.by_id.values() if each == kind)
        target = next(found, None)
        return None if target is None else self.part_at(target)

    def part_at(self, target: str) -> str:
        return posixpath.normpath(posixpath.join("/", self.folder, target)).lstrip("/")


@dataclass
class _Styles(PartHandler):
    """Styles of cells whose numbers are times."""

    formats: dict[int, str] = field(default_factory=lambda: dict(BUILTIN_FORMATS))
    times: set[int] = field(default_factory=set)
    spans: set[int] = field(default_factory=set)
    """Those of `times` that are lengths of time."""
    _styles: int = 0
    _is_listing: bool = False

    def begin(self, element: str, attributes: Attributes) -> None:
        if element == "numFmt":
            self.formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif element == "cellXfs":
            self._is_listing = True
        elif element == "xf" and self._is_listing:
            code = self.formats.get(int(attributes.get("numFmtId", 0)))
            if is_date_format(code):
                self.times.add(self._styles)
            if is_timedelta_format(code):
                self.spans.add(self._styles)
            self._styles += 1

    def end(self, element: str) -> None:
        if element == "cellXfs":
            self._is_listing = False


def _book(part_named: PartNamed) -> _Book:
    roots = _Relations()
    _required(part_named("_rels/.rels")).read(roots, FRAME_BYTES)
    name = next((target for kind, target in roots.by_id.values() if kind == "officeDocument"), "")
    folder, file = posixpath.split(name.lstrip("/"))
    relations = _Relations()
    related = part_named(posixpath.join(folder, "_rels", f"{file}.rels"))
    _required(related).read(relations, FRAME_BYTES)
    book = _Book(folder, relations)
    _required(part_named(name.lstrip("/"))).read(book, FRAME_BYTES)
    return book


def _cell_texts(part_named: PartNamed, book: _Book) -> CellTexts:
    strings, styles = SharedStrings(), _Styles()
    parts = (("styles", styles, FRAME_BYTES), ("sharedStrings", strings, STRINGS_BYTES))
    for kind, handler, most_bytes in parts:
        name = book.part_of_kind(kind)
        if name is not None:
            _required(part_named(name)).read(handler, most_bytes)
    epoch = MAC_EPOCH if book.starts_in_1904 else WINDOWS_EPOCH
    return CellTexts(strings.texts, styles.times, styles.spans, epoch)


def _required(part: Part | None) -> Part:
    if part is None:
        raise UnreadableError(ProblemCode.WORKBOOK_DAMAGED)
    return part
