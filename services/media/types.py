"""Accepted types of files, and the extensions that they may have (SPEC 4)."""

import mimetypes
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import filetype  # type: ignore[import-untyped]  # ships no types


class Family(StrEnum):
    """What can be done with a file: show it, play it, or offer it for download."""

    IMAGE = "image"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclass(frozen=True)
class FileType:
    """Accepted type. Files are stored with `extension`, and may be sent with one of `aliases`."""

    media_type: str
    extension: str
    family: Family
    aliases: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Extensions that a file of this type may have."""
        return self.aliases | {self.extension}


def _type(family: Family, media_type: str, extension: str, *aliases: str) -> FileType:
    return FileType(media_type, extension, family, frozenset(aliases))


JPEG = _type(Family.IMAGE, "image/jpeg", "jpg", "jpeg", "jpe", "jfif")
PNG = _type(Family.IMAGE, "image/png", "png")
WEBP = _type(Family.IMAGE, "image/webp", "webp")
HEIC = _type(Family.IMAGE, "image/heic", "heic", "heif", "hif")
GIF = _type(Family.IMAGE, "image/gif", "gif")

OGG = _type(Family.AUDIO, "audio/ogg", "ogg", "oga", "opus", "spx")
MP3 = _type(Family.AUDIO, "audio/mpeg", "mp3", "mpga")
M4A = _type(Family.AUDIO, "audio/mp4", "m4a", "m4b", "mp4", "aac", "3gp", "3gpp", "3ga")
AAC = _type(Family.AUDIO, "audio/aac", "aac")
WAV = _type(Family.AUDIO, "audio/wav", "wav", "wave")
AMR = _type(Family.AUDIO, "audio/amr", "amr", "3ga")

PDF = _type(Family.DOCUMENT, "application/pdf", "pdf")
_OOXML = "application/vnd.openxmlformats-officedocument."
DOCX = _type(Family.DOCUMENT, _OOXML + "wordprocessingml.document", "docx")
XLSX = _type(Family.DOCUMENT, _OOXML + "spreadsheetml.sheet", "xlsx")
PPTX = _type(Family.DOCUMENT, _OOXML + "presentationml.presentation", "pptx")
PPSX = _type(Family.DOCUMENT, _OOXML + "presentationml.slideshow", "ppsx")
DOC = _type(Family.DOCUMENT, "application/msword", "doc")
XLS = _type(Family.DOCUMENT, "application/vnd.ms-excel", "xls")
PPT = _type(Family.DOCUMENT, "application/vnd.ms-powerpoint", "ppt", "pps")
ODT = _type(Family.DOCUMENT, "application/vnd.oasis.opendocument.text", "odt")
ODS = _type(Family.DOCUMENT, "application/vnd.oasis.opendocument.spreadsheet", "ods")
ODP = _type(Family.DOCUMENT, "application/vnd.oasis.opendocument.presentation", "odp")
TEXT = _type(Family.DOCUMENT, "text/plain", "txt", "text", "md")
CSV = _type(Family.DOCUMENT, "text/csv", "csv")

ALLOWED: tuple[FileType, ...] = (
    *(JPEG, PNG, WEBP, HEIC, GIF),
    *(OGG, MP3, M4A, AAC, WAV, AMR),
    *(PDF, DOCX, XLSX, PPTX, PPSX, DOC, XLS, PPT, ODT, ODS, ODP, TEXT, CSV),
)

VIDEO = "video"
"""Name of every moving picture, whatever its container; none is accepted."""

VIDEO_EXTENSIONS = frozenset({"mp4", "3gp", "3gpp", "ogg"})
"""Accepted extensions that a video may have."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EXECUTABLE_EXTENSIONS = _words(
    "apk app appx bat chm class cmd com cpl dex dll dmg exe hta ipa iso jar js jse lnk msc msi msix"
    " msp ocx pif ps1 psm1 reg scf scr sh sys url vb vbe vbs wsf wsh xll"
)
"""Extensions of files that some operating system executes."""

ARCHIVE_EXTENSIONS = _words("7z ar br bz2 cab crx deb gz lz lz4 lzop rar rpm tar tgz xz z zip zst")


@cache  # and not made at the start: Python reads the system's whole list of types for it
def known_extensions() -> frozenset[str]:
    """Extensions that claim a type; any other counts as part of the name."""
    allowed = (name for each in ALLOWED for name in each.names)
    recognised = (matcher.extension.lower() for matcher in filetype.types)
    pythons = (name.lstrip(".") for name in mimetypes.MimeTypes().types_map[True])
    return EXECUTABLE_EXTENSIONS | ARCHIVE_EXTENSIONS | {*allowed, *recognised, *pythons}


def is_allowed_extension(extension: str) -> bool:
    """Whether some accepted type has this extension."""
    return any(extension in allowed.names for allowed in ALLOWED)
