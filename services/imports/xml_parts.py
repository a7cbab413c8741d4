"""XML parts of a workbook, unpacked and parsed piece by piece, within limits (SPEC 7).

A small archive can unpack to gigabytes, and a small part can hold millions of elements: what is
more than any table needs is refused, and nothing is kept but what a handler keeps.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from services.imports.problems import ProblemCode, UnreadableError

MEBIBYTE = 1024 * 1024
MOST_BYTES = 256 * MEBIBYTE
"""Most bytes to which all parts of a workbook may unpack; 100,000 sessions take a quarter of it."""
MOST_ELEMENTS = 20_000_000
MOST_NAMES = 5_000
"""Most names of elements and attributes, which the parser keeps."""
DEEPEST = 64
LONGEST_TOKEN = MEBIBYTE
"""Most bytes of a tag or comment, which the parser keeps until it ends."""
PIECE = 64 * 1024

Attributes = Mapping[str, str]
PartNamed = Callable[[str], "Part | None"]
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,  # a way of packing that is not known
    RuntimeError,  # encrypted
    expat.ExpatError,
    LookupError,
    OverflowError,
    ValueError,
)


class PartHandler:
    """What to do with a part's elements; their names are without prefixes."""

    def begin(self, element: str, attributes: Attributes) -> None:
        """An element begins."""

    def text(self, text: str) -> None:
        """A piece of the text of an element."""

    def end(self, element: str) -> None:
        """An element ends."""


class Part:
    """XML file in a workbook."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._entry = entry
        self._depth = self._elements = 0

    def read(self, handler: PartHandler, most_bytes: int = MOST_BYTES) -> None:
        """Give the whole part to `handler`. Raises `UnreadableError`."""
        for _ in self.pieces(handler, most_bytes):
            pass

    def pieces(self, handler: PartHandler, most_bytes: int = MOST_BYTES) -> Iterator[None]:
        """Give the part to `handler`, and yield after each piece. Raises `UnreadableError`."""
        if self._entry.file_size > most_bytes:
            raise too_large()
        parser = self._parser(handler)
        with damage_as_unreadable():
            stream = self._archive.open(self._entry)
        fed, is_last = 0, False
        while not is_last:
            with damage_as_unreadable():
                piece = stream.read(PIECE)
                is_last = not piece
                fed += len(piece)
                parser.Parse(piece, is_last)
            if fed - parser.CurrentByteIndex > LONGEST_TOKEN or len(parser.intern) > MOST_NAMES:
                raise too_large()
            yield
        stream.close()

    def _parser(self, handler: PartHandler) -> expat.XMLParserType:
        def begin(name: str, attributes: dict[str, str]) -> None:
            self._depth += 1
            self._elements += 1
            if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
                raise too_large()
            handler.begin(name.rpartition(":")[2], attributes)

        def end(name: str) -> None:
            self._depth -= 1
            handler.end(name.rpartition(":")[2])

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = begin
        parser.EndElementHandler = end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = _refuse_entities
        return parser


@contextmanager
def opened(path: Path) -> Iterator[PartNamed]:
    """Parts of the workbook at `path` by their names. Raises `UnreadableError`."""
    with damage_as_unreadable():
        archive = zipfile.ZipFile(path)
    with archive:
        entries = {entry.filename.lower(): entry for entry in archive.infolist()}
        # No entry is unpacked beyond the size that it states.
        if sum(entry.file_size for entry in entries.values()) > MOST_BYTES:
            raise too_large()

        def part_named(name: str) -> Part | None:
            entry = entries.get(name.lower())
            return None if entry is None else Part(archive, entry)

        yield part_named


def too_large() -> UnreadableError:
    """Refusal of a workbook that unpacks to more than any table needs."""
    return UnreadableError(ProblemCode.WORKBOOK_TOO_LARGE, limit_mb=MOST_BYTES // MEBIBYTE)


@contextmanager
def damage_as_unreadable() -> Iterator[None]:
    """Translate what damage causes into `UnreadableError`."""
    try:
        yield
    except _DAMAGE as error:
        raise UnreadableError(ProblemCode.WORKBOOK_DAMAGED) from error


def _refuse_entities(*_: object) -> None:
    """Refuse a document type: no workbook has one, and its entities multiply text."""
    raise too_large()
