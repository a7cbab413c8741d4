"""Texts for refused files (SPEC 4).

Plain text of at most 200 characters, so that it fits a toast; escape it for HTML.
"""

from collections.abc import Mapping
from types import MappingProxyType

from locales.catalogue import phrase
from locales.parts import part_label
from locales.reader import Reader
from models.enums import PartKind
from services.media.refusals import FileRefusal

NAME_LIMIT = 32
"""Most characters of a file's name that are shown."""

_FILES = MappingProxyType(
    {
        FileRefusal.EMPTY: phrase("{file} is empty. Please check it and send it again."),
        FileRefusal.GONE: phrase("Telegram no longer has {file}. Please send it again."),
        FileRefusal.TOO_LARGE: phrase(
            "{file} is over {limit_mb} MB. Please send a smaller version, or split it."
        ),
        FileRefusal.EXECUTABLE: phrase(
            "{file} is a program. Please send a photo, PDF or Office file."
        ),
        FileRefusal.ARCHIVE: phrase(
            "{file} is a packed archive. Please unpack it and send its files one by one."
        ),
        FileRefusal.ARCHIVE_BOMB: phrase(
            "{file} unpacks to far more than it should, so we left it out. Please send it as a PDF."
        ),
        FileRefusal.MACROS: phrase(
            "{file} contains macros. Please save it without them, or as a PDF, and send that."
        ),
        FileRefusal.ENCRYPTED: phrase(
            "{file} is protected by a password. Please send it without one."
        ),
        FileRefusal.MISLABELLED: phrase(
            "{file} says {claimed}, but its content is {found}. Please save it in the right "
            "format and send it again."
        ),
        FileRefusal.TYPE_NOT_ALLOWED: phrase(
            "{file} is of a kind that can't be kept ({found}). Photos, PDFs, Office files and "
            "audio are fine."
        ),
        FileRefusal.DAMAGED: phrase(
            "{file} seems to be damaged. Please save a new copy and send that."
        ),
        FileRefusal.UNREADABLE_IMAGE: phrase(
            "{file} can't be opened as a picture. Please take it again, or send a screenshot."
        ),
        FileRefusal.IMAGE_TOO_LARGE: phrase(
            "{file} has over {limit_megapixels} megapixels. Please send a smaller version."
        ),
    }
)


def file_refusal_text(
    reader: Reader, why: FileRefusal, file_name: str | None, params: Mapping[str, object]
) -> str:
    """Why a file was not kept; `params` are those of its `FileRefused`."""
    file = _short_file(file_name) if file_name else reader.label("This file")
    shown = {name: _file_param(reader, value) for name, value in params.items()}
    return reader.label(_FILES[why], **(shown | {"file": file}))


def _file_param(reader: Reader, value: object) -> object:
    """Parameter for the text: kinds of part and special words are translated."""
    if isinstance(value, str) and value in set(PartKind):
        return part_label(reader, PartKind(value))
    if value == "video":
        return reader.label("video")
    if value == "unknown":
        return reader.label("unknown")
    return value


def _short_file(name: str) -> str:
    """Name shortened in the middle, so that the extension stays."""
    return name if len(name) <= NAME_LIMIT else f"{name[:20].rstrip()}…{name[-11:].lstrip()}"
