"""Values of a workbook's cells as they would be written in a CSV file (SPEC 7)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openpyxl.utils.datetime import from_excel, from_ISO8601

from services.imports.problems import LONGEST_CELL
from services.imports.xml_parts import Attributes, PartHandler, too_large

MOST_STRINGS = 1_000_000
ESCAPED = "x005F_"
"""Mark that a text which looks like an escaped character is none."""


class Snippet:
    """Text of a cell, put together from its runs, without how they are pronounced."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._is_text = self._is_reading = False

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def clear(self) -> None:
        self._pieces = []
        self._length = 0

    def begin(self, element: str, *, is_text: bool) -> None:
        """An element in the cell begins; `is_text`: its text is the cell's."""
        self._is_reading = self._is_reading or element == "rPh"
        self._is_text = is_text and not self._is_reading

    def add(self, text: str) -> None:
        """Add a piece of text, as much as is kept of a cell."""
        if self._is_text and self._length < LONGEST_CELL:
            self._pieces.append(text[: LONGEST_CELL - self._length])
            self._length += len(text)

    def end(self, element: str) -> None:
        """An element in the cell ends."""
        self._is_text = False
        self._is_reading = self._is_reading and element != "rPh"


class SharedStrings(PartHandler):
    """Texts to which cells refer by their number."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._snippet = Snippet()

    def begin(self, element: str, attributes: Attributes) -> None:  # noqa: ARG002
        if element == "si":
            self._snippet.clear()
        else:
            self._snippet.begin(element, is_text=element == "t")

    def text(self, text: str) -> None:
        self._snippet.add(text)

    def end(self, element: str) -> None:
        self._snippet.end(element)
        if element == "si":
            if len(self.texts) == MOST_STRINGS:
                raise too_large()
            self.texts.append(self._snippet.text)


@dataclass(frozen=True)
class CellTexts:
    """Texts of cells by their kind and style."""

    strings: list[str]
    times: set[int]
    """Styles of cells whose numbers are times."""
    spans: set[int]
    """Those of `times` that are lengths of time."""
    epoch: datetime
    """Day that the numbers of times count from."""

    def text_of(self, kind: str, style: int, written: str) -> str:
        """Text of a cell. Raises ValueError and IndexError where the workbook is damaged."""
        if not written:
            return ""
        match kind:
            case "s":
                return self._shared(int(written)).replace(ESCAPED, "").strip()
            case "b":
                return str(bool(int(written)))
            case "d":
                return _shown(from_ISO8601(written))  # type: ignore[no-untyped-call]
            case "n":
                return _shown(self._number(style, written))
        return written.replace(ESCAPED, "").strip()

    def _shared(self, number: int) -> str:
        if number < 0:
            raise IndexError
        return self.strings[number]

    def _number(self, style: int, written: str) -> object:
        number = float(written) if any(mark in written for mark in ".eE") else int(written)
        if style not in self.times:
            return number
        try:
            return from_excel(number, self.epoch, timedelta=style in self.spans)
        except (OverflowError, ValueError):  # as a spreadsheet shows it
            return "#VALUE!"


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):  # kept as a fraction of a day, which is not quite exact
        rounded = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return rounded.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
