"""Inspection of a file that somebody sent: the only way to accept or refuse it (SPEC 4)."""

import hashlib
from dataclasses import dataclass, field

from models.enums import PartKind
from services.media.limits import check_size, limit_for
from services.media.names import extension_of, safe_file_name, with_extension
from services.media.refusals import FileRefusal, FileRefused
from services.media.signatures import Found, detect
from services.media.types import (
    ARCHIVE_EXTENSIONS,
    CSV,
    EXECUTABLE_EXTENSIONS,
    TEXT,
    VIDEO,
    VIDEO_EXTENSIONS,
    Family,
    FileType,
    is_allowed_extension,
    known_extensions,
)

_FAMILIES: dict[PartKind, frozenset[Family]] = {
    PartKind.PHOTO: frozenset({Family.IMAGE}),
    PartKind.VOICE: frozenset({Family.AUDIO}),
    PartKind.AUDIO: frozenset({Family.AUDIO}),
    PartKind.DOCUMENT: frozenset(Family),
}


@dataclass(frozen=True)
class InspectedFile:
    """File that may be stored. An image's content is re-encoded.

    `media_type`, `extension` (lowercase, no dot) and the end of `file_name` agree with the content;
    `sha256` (hex) is of this content.
    """

    content: bytes = field(repr=False)
    media_type: str
    extension: str
    file_name: str
    sha256: str


def inspect_file(kind: PartKind, content: bytes, file_name: str | None) -> InspectedFile:
    """Check a file and clean it; raises FileRefused with the reason.

    Decodes images and unpacks archives, which takes up to some hundred megabytes and some seconds:
    call it in a thread. Raises ValueError for a `kind` that is no file.
    """
    limit = limit_for(kind)
    if not content:
        raise FileRefused(FileRefusal.EMPTY)
    check_size(len(content), limit)
    name = safe_file_name(file_name or "", fallback=kind.value)
    claimed = extension_of(name)
    allowed = _judge(kind, detect(content), claimed)
    if allowed.family is Family.IMAGE:
        from services.media import images  # noqa: PLC0415 - 10 MB that many a day does not need

        content, allowed = images.clean_image(content, allowed)
    return InspectedFile(
        content=content,
        media_type=allowed.media_type,
        extension=allowed.extension,
        file_name=_named_for(name, claimed, allowed),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _judge(kind: PartKind, found: Found, claimed: str | None) -> FileType:
    """Type under which the file is stored; refuses one that is not allowed or mislabelled."""
    if claimed in EXECUTABLE_EXTENSIONS:
        raise FileRefused(FileRefusal.EXECUTABLE)
    if found.allowed is None:
        raise _not_allowed(found, claimed)
    if found.allowed is TEXT:
        allowed = _text_type(claimed)
    else:
        allowed = found.allowed
        if claimed in known_extensions() and claimed not in allowed.names:
            raise FileRefused(FileRefusal.MISLABELLED, claimed=claimed, found=found.name)
    if allowed.family not in _FAMILIES[kind]:
        raise FileRefused(FileRefusal.MISLABELLED, claimed=kind.value, found=found.name)
    return allowed


def _not_allowed(found: Found, claimed: str | None) -> FileRefused:
    honest_video = found.name == VIDEO and claimed in VIDEO_EXTENSIONS
    if claimed and is_allowed_extension(claimed) and not honest_video:
        return FileRefused(FileRefusal.MISLABELLED, claimed=claimed, found=found.name)
    if found.name in ARCHIVE_EXTENSIONS and (claimed is None or claimed in ARCHIVE_EXTENSIONS):
        return FileRefused(FileRefusal.ARCHIVE, found=found.name)
    return FileRefused(FileRefusal.TYPE_NOT_ALLOWED, found=found.name)


def _text_type(claimed: str | None) -> FileType:
    """Type of a text by its extension, since text has no signature; refuses other extensions."""
    for allowed in (TEXT, CSV):
        if claimed in allowed.names:
            return allowed
    if claimed is None:
        return TEXT
    if is_allowed_extension(claimed):
        raise FileRefused(FileRefusal.MISLABELLED, claimed=claimed, found=TEXT.extension)
    raise FileRefused(FileRefusal.TYPE_NOT_ALLOWED, found=claimed)


def _named_for(name: str, claimed: str | None, allowed: FileType) -> str:
    """`name` with a fitting extension: kept, replaced or added."""
    if claimed in allowed.names:
        return name
    return with_extension(name, allowed.extension, known_extensions())
