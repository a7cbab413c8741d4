"""Size limits of files, checked before, during and after the download (SPEC 4)."""

from collections.abc import AsyncGenerator, AsyncIterator

from models.enums import PartKind
from services.media.refusals import FileRefusal, FileRefused

MEBIBYTE = 1024 * 1024

LIMITS: dict[PartKind, int] = {
    PartKind.PHOTO: 20 * MEBIBYTE,
    PartKind.VOICE: 20 * MEBIBYTE,
    PartKind.DOCUMENT: 10 * MEBIBYTE,
    PartKind.AUDIO: 10 * MEBIBYTE,
}
"""Largest accepted size in bytes, by kind of part. A text is no file and has none."""


def limit_for(kind: PartKind) -> int:
    """Largest size in bytes of a file of this kind.

    Raises ValueError for a kind that is no file.
    """
    if kind not in LIMITS:
        raise ValueError(f"a {kind.value} part is no file")
    return LIMITS[kind]


def check_size(size: int, limit: int) -> None:
    """Refuse a `size` in bytes above `limit`; exactly `limit` passes."""
    if size > limit:
        raise FileRefused(FileRefusal.TOO_LARGE, limit_mb=limit // MEBIBYTE)


async def collect(stream: AsyncIterator[bytes], limit: int) -> bytes:
    """Everything that `stream` yields, at most `limit` bytes.

    Raises FileRefused (too_large) as soon as the limit is exceeded, and reads no more. A generator
    is always closed, so that its connection is released at once.
    """
    received = bytearray()
    try:
        async for chunk in stream:
            check_size(len(received) + len(chunk), limit)
            received += chunk
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()
    return bytes(received)
