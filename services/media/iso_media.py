"""ISO base media files: HEIC photos and MPEG-4 audio, distinguished from videos."""

from collections.abc import Iterator

from services.media.types import HEIC, M4A, FileType

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEADER = 8
_MAX_BOXES = 1_000


def iso_media_type(content: bytes) -> FileType | None:
    """HEIC for photos, M4A where every track is sound; None for the others, such as videos."""
    if content[4:8] != b"ftyp":
        return None
    size = int.from_bytes(content[:4], "big")
    brands = {content[at : at + 4] for at in (8, *range(16, min(size, 256), 4))}
    if brands & _AVIF_BRANDS:
        return None
    if brands & _HEIC_BRANDS:
        return HEIC
    return M4A if _track_kinds(content) == {b"soun"} else None


def _track_kinds(content: bytes) -> set[bytes]:
    """Handler types of the tracks with sound or pictures."""
    view = memoryview(content)
    handlers = {
        bytes(handler[8:12])
        for movie in _boxes(view, b"moov")
        for track in _boxes(movie, b"trak")
        for media in _boxes(track, b"mdia")
        for handler in _boxes(media, b"hdlr")
    }
    return handlers & {b"soun", b"vide"}


def _boxes(view: memoryview, wanted: bytes) -> Iterator[memoryview]:
    """Bodies of the boxes of one kind directly inside `view`."""
    at = 0
    for _ in range(_MAX_BOXES):
        size = int.from_bytes(view[at : at + 4], "big")
        header = _HEADER
        if size == 1:  # the size follows as 64 bits
            size = int.from_bytes(view[at + 8 : at + 16], "big")
            header = 16
        elif size == 0:  # up to the end
            size = len(view) - at
        if size < header or at + header > len(view):
            return
        if view[at + 4 : at + 8] == wanted:
            yield view[at + header : at + size]
        at += size
