"""Rows of a workbook's sheet as lines of texts (SPEC 7)."""

from collections.abc import Iterator
from functools import lru_cache

from services.imports.cell_texts import CellTexts, Snippet
from services.imports.problems import ProblemCode, UnreadableError
from services.imports.xml_parts import Attributes, Part, PartHandler, too_large

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
WIDEST = 64
"""Most cells of a line. A text further to the right is put into one more, so that it is seen."""


class SheetRows(PartHandler):
    """Reader of one sheet."""

    def __init__(self, texts: CellTexts) -> None:
        self._texts = texts
        self._done: list[tuple[int, list[str]]] = []
        self._row = self._column = 0
        self._line: list[str] = []
        self._kind, self._style = "n", 0
        self._snippet = Snippet()

    def lines(self, part: Part) -> Iterator[list[str]]:
        """A line for each row, the rows that are left out included. Raises `UnreadableError`."""
        before = 0
        for _ in part.pieces(self):
            for number, line in self._done:
                for _ in range(before + 1, number):
                    yield []
                before = number
                yield line
            self._done.clear()

    def begin(self, element: str, attributes: Attributes) -> None:
        if element == "row":
            self._begin_row(attributes.get("r"))
        elif element == "c":
            at = attributes.get("r")
            self._column = _column(at.rstrip("0123456789")) if at else self._column + 1
            self._kind = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            self._snippet.clear()
        else:
            # A formula is not text: its result, which is in `v`, counts.
            self._snippet.begin(element, is_text=element in {"v", "t"})

    def text(self, text: str) -> None:
        self._snippet.add(text)

    def end(self, element: str) -> None:
        if element == "row":
            self._done.append((self._row, self._line))
        elif element == "c":
            text = self._texts.text_of(self._kind, self._style, self._snippet.text)
            if text:
                self._put(text)
        else:
            self._snippet.end(element)

    def _begin_row(self, number: str | None) -> None:
        row = int(number) if number else self._row + 1
        if row > LAST_ROW:
            raise too_large()
        if row <= self._row:
            raise UnreadableError(ProblemCode.WORKBOOK_DAMAGED)
        self._row, self._column, self._line = row, 0, []

    def _put(self, text: str) -> None:
        at = min(self._column - 1, WIDEST)
        self._line += [""] * (at + 1 - len(self._line))
        self._line[at] = text


@lru_cache(1024)
def _column(letters: str) -> int:
    """Number of a column from its letters; that of A is 1."""
    column = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise UnreadableError(ProblemCode.WORKBOOK_DAMAGED)
        column = column * 26 + ord(letter) - ord("A") + 1
    if not 0 < column <= LAST_COLUMN:
        raise UnreadableError(ProblemCode.WORKBOOK_DAMAGED)
    return column
