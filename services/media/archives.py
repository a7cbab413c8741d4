"""Zip containers: Office and OpenDocument files are accepted, abuse of zips is refused.

Sizes in an archive's directory are not trusted: every entry is unpacked and counted (SPEC 4).
"""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from services.media.compound import COMPOUND_SIGNATURE, check_compound
from services.media.executables import is_executable
from services.media.limits import MEBIBYTE
from services.media.refusals import FileRefusal, FileRefused
from services.media.types import (
    DOCX,
    EXECUTABLE_EXTENSIONS,
    ODP,
    ODS,
    ODT,
    PPSX,
    PPTX,
    XLSX,
    FileType,
)

MAX_UNPACKED_BYTES = 128 * MEBIBYTE
MAX_ENTRIES = 5_000
MAX_RATIO = 200  # a table of equal rows reaches 50
MAX_DEPTH = 2  # a document, a table embedded in it, and a chart's data in that

_ALWAYS_FINE_BYTES = MEBIBYTE  # below this a high ratio does no harm
_CHUNK = 256 * 1024
_ENCRYPTED_FLAG = 0x1
_CONTENT_TYPES = "[Content_Types].xml"
_MANIFEST = "META-INF/manifest.xml"
_MIMETYPE = "mimetype"
_KEPT = frozenset({_CONTENT_TYPES, _MANIFEST, _MIMETYPE})
_MAIN_PARTS = {
    DOCX: b"wordprocessingml.document.main+xml",
    XLSX: b"spreadsheetml.sheet.main+xml",
    PPTX: b"presentationml.presentation.main+xml",
    PPSX: b"presentationml.slideshow.main+xml",
}
_OPEN_DOCUMENT = {kind.media_type.encode(): kind for kind in (ODT, ODS, ODP)}
_NESTED_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\x00", b"MSCF", b"BZh")
_MARKUP_SUFFIXES = frozenset({".xml", ".rels", ".vml"})
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    KeyError,
)


@dataclass
class _Budget:
    """What a file may still unpack, across all levels."""

    unpacked_bytes: int = MAX_UNPACKED_BYTES
    entries: int = MAX_ENTRIES

    def take_bytes(self, count: int) -> None:
        self.unpacked_bytes -= count
        if self.unpacked_bytes < 0:
            raise FileRefused(FileRefusal.ARCHIVE_BOMB)

    def take_entries(self, count: int) -> None:
        self.entries -= count
        if self.entries < 0:
            raise FileRefused(FileRefusal.ARCHIVE_BOMB)


def office_type(content: bytes) -> FileType | None:
    """Office type of a zip, None for a plain archive; refuses bombs, programs and macros."""
    return _inspect(content, _Budget(), depth=0)


def _inspect(content: bytes, budget: _Budget, depth: int) -> FileType | None:
    if depth > MAX_DEPTH:
        raise FileRefused(FileRefusal.ARCHIVE_BOMB)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(entries, len(content), budget)
            kept: dict[str, bytes] = {}
            for entry in entries:
                unpacked = _unpacked(archive, entry, budget)
                _check_entry(entry.filename, unpacked, budget, depth)
                if entry.filename in _KEPT:
                    kept[entry.filename] = unpacked
    except _BROKEN as error:
        raise FileRefused(FileRefusal.DAMAGED, found="zip") from error
    return _type_of(kept)


def _check_directory(entries: list[zipfile.ZipInfo], size: int, budget: _Budget) -> None:
    budget.take_entries(len(entries))
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise FileRefused(FileRefusal.ENCRYPTED)
    if sum(entry.compress_size for entry in entries) > size:  # entries that share their bytes
        raise FileRefused(FileRefusal.ARCHIVE_BOMB)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names) or any(map(_climbs_out, names)):
        raise FileRefused(FileRefusal.DAMAGED, found="zip")


def _climbs_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> bytes:
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileRefused(FileRefusal.DAMAGED, found="zip")
    most = max(_ALWAYS_FINE_BYTES, entry.compress_size * MAX_RATIO)
    unpacked = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            budget.take_bytes(len(chunk))
            unpacked += chunk
            if len(unpacked) > most:
                raise FileRefused(FileRefusal.ARCHIVE_BOMB)
    return bytes(unpacked)


def _check_entry(name: str, unpacked: bytes, budget: _Budget, depth: int) -> None:
    path = PurePosixPath(name.lower())
    if path.suffix.lstrip(".") in EXECUTABLE_EXTENSIONS or is_executable(unpacked):
        raise FileRefused(FileRefusal.EXECUTABLE)
    if _is_macro(path):
        raise FileRefused(FileRefusal.MACROS)
    if path.suffix in _MARKUP_SUFFIXES and b"<!ENTITY" in unpacked:
        raise FileRefused(FileRefusal.ARCHIVE_BOMB)
    if unpacked.startswith(COMPOUND_SIGNATURE):
        check_compound(unpacked)
    nested = unpacked.startswith(_NESTED_ARCHIVES)
    if unpacked.startswith(b"PK\x03\x04"):
        nested = _inspect(unpacked, budget, depth + 1) is None
    if nested:
        raise FileRefused(FileRefusal.ARCHIVE, found="zip")


def _is_macro(path: PurePosixPath) -> bool:
    if path.name.startswith(("vbaproject", "vbadata")) or "macrosheets" in path.parts:
        return True
    if path.parts[:1] == ("basic",):  # OpenDocument lists its libraries even where all are empty
        return path.suffix == ".xml" and path.name not in {"script-lb.xml", "script-lc.xml"}
    return path.parts[:1] == ("scripts",) and bool(path.suffix)


def _type_of(kept: dict[str, bytes]) -> FileType | None:
    declared = kept.get(_CONTENT_TYPES, b"")
    if b"macroEnabled" in declared:
        raise FileRefused(FileRefusal.MACROS)
    if b":encryption-data" in kept.get(_MANIFEST, b""):
        raise FileRefused(FileRefusal.ENCRYPTED)
    for found, main_part in _MAIN_PARTS.items():
        if main_part in declared:
            return found
    return _OPEN_DOCUMENT.get(kept.get(_MIMETYPE, b"").strip())
