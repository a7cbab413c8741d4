"""Compound files: what Office wrote before 2007."""

import struct

_NO_ENTRY, _END_OF_CHAIN = 0xFFFFFFFF, 0xFFFFFFFE


def legacy_office(
    *streams: str,
    embedded: str | None = None,
    class_id: bytes = bytes(16),
    body: bytes = b"",
    sector_bytes: int = 512,
) -> bytes:
    """A compound file whose root holds these streams; the first one's content is `body`.

    `legacy_office("WordDocument")` is what Word wrote before 2007. `embedded` names a stream that
    lies deeper, in an object inside the document.
    """
    directory = [_directory_entry("Root Entry", 5, child=1, class_id=class_id)]
    for number, name in enumerate(streams, start=1):
        following = number + 1 if number < len(streams) else _NO_ENTRY
        directory.append(_directory_entry(name, 2, right=following, first=0, size=len(body)))
    if embedded:
        directory.append(_directory_entry(embedded, 2))
    directory_bytes = b"".join(directory)
    numbers = sector_bytes // 4
    body_sectors = max(1, -(-len(body) // sector_bytes))
    directory_sectors = -(-len(directory_bytes) // sector_bytes)
    # The tables lie first and the directory last, so that a reader needs all of both tables.
    used = body_sectors + directory_sectors
    tables = next(n for n in range(1, used + 2) if n * numbers >= used + n + n // 100 + 1)
    further = max(0, -(-(tables - 109) // (numbers - 1)))
    at_body = tables + further
    chains = [0xFFFFFFFD] * tables + [0xFFFFFFFC] * further
    chains += _chain(at_body, body_sectors)
    chains += _chain(at_body + body_sectors, directory_sectors)
    table_bytes = struct.pack(f"<{len(chains)}I", *chains).ljust(tables * sector_bytes, b"\xff")
    body_bytes = body.ljust(body_sectors * sector_bytes, b"\x00")
    return (
        _compound_header(sector_bytes, tables, further, at_body + body_sectors)
        + table_bytes
        + _further_tables(sector_bytes, tables, further)
        + body_bytes
        + directory_bytes.ljust(directory_sectors * sector_bytes, b"\x00")
    )


def _compound_header(sector_bytes: int, tables: int, further: int, directory: int) -> bytes:
    shift = sector_bytes.bit_length() - 1
    version = 3 if sector_bytes == 512 else 4
    fixed = struct.pack("<HHHHH6x", 0x3E, version, 0xFFFE, shift, 6)
    fixed += struct.pack("<IIIIII", 0, tables, directory, 0, 4096, _END_OF_CHAIN)
    fixed += struct.pack("<III", 0, tables if further else _END_OF_CHAIN, further)
    direct = [*range(min(tables, 109))] + [_NO_ENTRY] * (109 - min(tables, 109))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + fixed
    return (header + struct.pack("<109I", *direct)).ljust(sector_bytes, b"\x00")


def _further_tables(sector_bytes: int, tables: int, further: int) -> bytes:
    """Sectors that tell where those tables lie for which the header has no room."""
    each = sector_bytes // 4 - 1
    written = b""
    for number in range(further):
        told = [*range(109 + number * each, tables)][:each]
        following = tables + number + 1 if number + 1 < further else _END_OF_CHAIN
        row = [*told, *[_NO_ENTRY] * (each - len(told)), following]
        written += struct.pack(f"<{each + 1}I", *row)
    return written


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END_OF_CHAIN]


def _directory_entry(
    name: str,
    kind: int,
    *,
    right: int = _NO_ENTRY,
    child: int = _NO_ENTRY,
    class_id: bytes = bytes(16),
    first: int = _END_OF_CHAIN,
    size: int = 0,
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\x00\x00"
    return (
        encoded.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(encoded), kind, 1, _NO_ENTRY, right, child)
        + class_id
        + bytes(20)
        + struct.pack("<IQ", first, size)
    )


def outlook_message() -> bytes:
    """A compound file that is none of Office's documents."""
    return legacy_office("__properties_version1.0", "__substg1.0_0037001F")
