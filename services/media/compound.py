"""Compound files (MS-CFB): Office files before 2007, and objects inside newer ones.

Only the directory is read: it lists the contents, which is enough to decide.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.media.executables import holds_windows_program
from services.media.refusals import FileRefusal, FileRefused
from services.media.types import DOC, EXECUTABLE_EXTENSIONS, PPT, XLS, FileType

COMPOUND_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END_OF_CHAIN = 0xFFFFFFFA  # and above: no sector
_ENTRY_BYTES = 128
_DIRECT_FAT_SECTORS = 109
_MAX_ENTRIES = 20_000
_TYPES = {
    "WordDocument": DOC,
    "Workbook": XLS,
    "Book": XLS,
    "PowerPoint Document": PPT,
}
_MACRO_NAMES = frozenset({"Macros", "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR"})
_ENCRYPTED_NAMES = frozenset({"EncryptedPackage", "EncryptedSummary"})
_PACKAGED_FILE = "\x01Ole10Native"
_INSTALLER_CLASSES = frozenset(  # {000C1082, 84, 86-0000-0000-C000-000000000046}
    bytes.fromhex(f"{first}100c0000000000c000000000000046") for first in ("82", "84", "86")
)
_PROGRAM_NAME = re.compile(
    rb"\.(?:" + "|".join(sorted(EXECUTABLE_EXTENSIONS)).encode() + rb")\x00", re.IGNORECASE
)
# MS-PPT 2.4.10: a VbaInfoContainer whose atom says that there are macros.
_SLIDES_HAVE_MACROS = re.compile(
    rb"\x1f\x00\xff\x03\x14\x00\x00\x00\x02\x00\x00\x04\x0c\x00\x00\x00[\x00-\xff]{4}[^\x00]"
)


@dataclass(frozen=True)
class _Entry:
    name: str
    left: int
    right: int
    child: int
    class_id: bytes


def legacy_office_type(content: bytes) -> FileType | None:
    """Office type of a compound file, None for others; refuses as `check_compound` does."""
    entries = check_compound(content)
    names = {entry.name for entry in _top_level(entries)}
    return next((found for name, found in _TYPES.items() if name in names), None)


def check_compound(content: bytes) -> list[_Entry]:
    """Directory of a compound file; refuses macros, programs, installers and encryption."""
    entries = list(_directory(content))
    if not entries:
        raise FileRefused(FileRefusal.DAMAGED, found="doc")
    names = {entry.name for entry in entries}
    if entries[0].class_id in _INSTALLER_CLASSES or holds_windows_program(content):
        raise FileRefused(FileRefusal.EXECUTABLE)
    if _PACKAGED_FILE in names and _PROGRAM_NAME.search(content):
        raise FileRefused(FileRefusal.EXECUTABLE)
    if names & _MACRO_NAMES or _SLIDES_HAVE_MACROS.search(content):
        raise FileRefused(FileRefusal.MACROS)
    if names & _ENCRYPTED_NAMES:
        raise FileRefused(FileRefusal.ENCRYPTED)
    return entries


def _directory(content: bytes) -> Iterator[_Entry]:
    if content[30:32] not in {b"\x09\x00", b"\x0c\x00"}:
        return
    sector_bytes = 1 << content[30]
    table = _allocation_table(content, sector_bytes)
    for sector in _chain(_number(content, 48), table):
        start = (sector + 1) * sector_bytes
        for at in range(start, start + sector_bytes, _ENTRY_BYTES):
            entry = content[at : at + _ENTRY_BYTES]
            if len(entry) == _ENTRY_BYTES:  # unused ones too: entries are known by their number
                yield _entry(entry)


def _entry(raw: bytes) -> _Entry:
    name_bytes = max(0, min(int.from_bytes(raw[64:66], "little") - 2, 62))
    name = raw[:name_bytes].decode("utf-16-le", "replace")
    return _Entry(name, _number(raw, 68), _number(raw, 72), _number(raw, 76), raw[80:96])


def _top_level(entries: list[_Entry]) -> Iterator[_Entry]:
    """Entries directly below the root, so that an embedded table does not decide the type."""
    waiting, seen = [entries[0].child], set[int]()
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        entry = entries[number]
        waiting += [entry.left, entry.right]
        yield entry


def _allocation_table(content: bytes, sector_bytes: int) -> list[int]:
    """Next sector of each sector."""
    holders = _numbers(content[76 : 76 + 4 * _DIRECT_FAT_SECTORS])
    further = _number(content, 68)
    visited = set[int]()
    while further < _END_OF_CHAIN and further not in visited:
        visited.add(further)
        block = _numbers(_sector(content, further, sector_bytes))
        if not block:
            break
        holders += block[:-1]
        further = block[-1]
    table: list[int] = []
    for holder in dict.fromkeys(holders):
        if holder < _END_OF_CHAIN:
            table += _numbers(_sector(content, holder, sector_bytes))
    return table


def _chain(first: int, table: list[int]) -> Iterator[int]:
    seen = set[int]()
    sector = first
    while sector < _END_OF_CHAIN and sector not in seen and len(seen) < _MAX_ENTRIES:
        seen.add(sector)
        yield sector
        sector = table[sector] if sector < len(table) else _END_OF_CHAIN


def _sector(content: bytes, number: int, sector_bytes: int) -> bytes:
    return content[(number + 1) * sector_bytes : (number + 2) * sector_bytes]


def _numbers(raw: bytes) -> list[int]:
    return [_number(raw, at) for at in range(0, len(raw) - 3, 4)]


def _number(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "little")
