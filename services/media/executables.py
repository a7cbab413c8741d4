"""Executable programs, recognised by the signatures that operating systems use (SPEC 4)."""

import re

_SIGNATURES = (
    b"\x7fELF",
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),  # Mach-O
    b"\xca\xfe\xba\xbe",  # Java class, or Mach-O for several processors
    b"dex\n0",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # Windows shortcut
)
_SCRIPT = re.compile(rb"(?:\xef\xbb\xbf)?#!(?!AMR)")
_DOS_STUB = re.compile(rb"This program (?:cannot be run in DOS mode|must be run under Win)")


def is_executable(content: bytes) -> bool:
    """Whether `content` begins like a program or a script."""
    if content.startswith(_SIGNATURES) or _SCRIPT.match(content):
        return True
    # A sentence may begin with these two letters; a program has a zero byte soon after them.
    return content.startswith(b"MZ") and b"\x00" in content[:64]


def holds_windows_program(content: bytes) -> bool:
    """Whether `content` has a Windows program anywhere, recognised by its DOS stub."""
    return _DOS_STUB.search(content) is not None
