"""Recognition of a file's type from its content alone (SPEC 4)."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

import filetype  # type: ignore[import-untyped]  # ships no types

from services.media.archives import office_type
from services.media.audio import audio_type
from services.media.compound import COMPOUND_SIGNATURE, legacy_office_type
from services.media.executables import is_executable
from services.media.iso_media import iso_media_type
from services.media.refusals import FileRefusal, FileRefused
from services.media.types import (
    GIF,
    JPEG,
    PDF,
    PNG,
    TEXT,
    VIDEO,
    WEBP,
    FileType,
    is_allowed_extension,
)

_IMAGE_SIGNATURES = {
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
}
_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    r"<(?:!doctype\s+)?(html|svg|script|head|body|iframe|\?xml|\?php)\b|\{\\(rtf)|%!(ps)",
    re.IGNORECASE,
)


def _pdf(content: bytes) -> FileType:
    if b"%%EOF" not in content:
        raise FileRefused(FileRefusal.DAMAGED, found=PDF.extension)
    return PDF


_CONTAINERS: dict[bytes | tuple[bytes, ...], Callable[[bytes], FileType | None]] = {
    b"%PDF-": _pdf,
    COMPOUND_SIGNATURE: legacy_office_type,
    _ZIP_SIGNATURES: office_type,
}


@dataclass(frozen=True)
class Found:
    """Recognised type; `allowed` is None for a type that is not accepted.

    `name` is the usual extension, or one of the words `video` and `unknown`.
    """

    allowed: FileType | None
    name: str


def detect(content: bytes) -> Found:
    """Recognise the type of `content`.

    Refuses what must not be stored under any name: executables, archive bombs, macros, and accepted
    containers that are damaged or encrypted.
    """
    if is_executable(content):
        raise FileRefused(FileRefusal.EXECUTABLE)
    allowed = _by_signature(content)
    if allowed is not None:
        return Found(allowed, allowed.extension)
    if content.startswith(_ZIP_SIGNATURES):
        return Found(None, "zip")
    return _text(content) or Found(None, _foreign(content))


def _by_signature(content: bytes) -> FileType | None:
    for signature, image in _IMAGE_SIGNATURES.items():
        if content.startswith(signature):
            return image
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    for signatures, reader in _CONTAINERS.items():
        if content.startswith(signatures):
            return reader(content)
    return iso_media_type(content) or audio_type(content)


def _text(content: bytes) -> Found | None:
    text = _decoded(content)
    if text is None:
        return None
    markup = _MARKUP.match(text.lstrip("\ufeff \t\r\n"))
    if markup is None:
        return Found(TEXT, TEXT.extension)
    name = next(group for group in markup.groups() if group)
    return Found(None, name.lower().lstrip("?"))


def _decoded(content: bytes) -> str | None:
    """`content` as text; None where it has bytes that no text has."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not wide and _CONTROL.search(content):
        return None
    # Spreadsheet programs still write tables in their country's code page.
    for encoding in ("utf-16",) if wide else ("utf-8", "gb18030", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if wide and _CONTROL.search(text.encode("utf-8", "ignore")) else text
    return None


def _foreign(content: bytes) -> str:
    guess = filetype.guess(content)
    if content.startswith(b"OggS") or (guess and guess.mime.startswith("video/")):
        return VIDEO
    # A type that looks accepted here has failed the closer check before.
    if guess is None or is_allowed_extension(guess.extension):
        return "unknown"
    return str(guess.extension).lower()
