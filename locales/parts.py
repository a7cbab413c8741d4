"""Texts for the parts of notes and evidence: their kinds, and how many there are (UX 8).

Plain text: escape it for HTML.
"""

from collections.abc import Mapping
from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from models.enums import PartKind

_PARTS = MappingProxyType(
    {
        PartKind.PHOTO: phrase("photo"),
        PartKind.DOCUMENT: phrase("document"),
        PartKind.VOICE: phrase("voice memo"),
        PartKind.AUDIO: phrase("audio file"),
        PartKind.TEXT: phrase("text"),
    }
)


def part_label(reader: Reader, kind: PartKind) -> str:
    """Name of a part of a note inside a sentence: "voice memo"."""
    return reader.label(_PARTS[kind])


def parts(reader: Reader, counts: Mapping[PartKind, int]) -> str:
    """Counts of a note's parts: "2 photos, 1 voice memo, 1 text" (UX 8); empty without parts."""
    return reader.listed(
        _counted(reader, kind, counts[kind]) for kind in _PARTS if counts.get(kind)
    )


def _counted(reader: Reader, kind: PartKind, count: int) -> str:
    match kind:
        case PartKind.PHOTO:
            return reader.labels("{count} photo", "{count} photos", count)
        case PartKind.DOCUMENT:
            return reader.labels("{count} document", "{count} documents", count)
        case PartKind.VOICE:
            return reader.labels("{count} voice memo", "{count} voice memos", count)
        case PartKind.AUDIO:
            return reader.labels("{count} audio file", "{count} audio files", count)
        case PartKind.TEXT:
            return reader.labels("{count} text", "{count} texts", count)
