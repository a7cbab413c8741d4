"""How large a file may be, told before, during and after its download (SPEC 4)."""

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
"""Bytes that still pass, by kind of part. A text is no file and has none."""


def limit_for(kind: PartKind) -> int:
    """The most bytes a file of this kind may have; ValueError for a kind that is no file."""
    if kind not in LIMITS:
        raise ValueError(f"a {kind.value} part is no file")
    return LIMITS[kind]


def check_size(size: int, limit: int) -> None:
    """Refuse `size` bytes where they are more than `limit`; exactly `limit` passes."""
    if size > limit:
        raise FileRefused(FileRefusal.TOO_LARGE, limit_mb=limit // MEBIBYTE)


async def collect(stream: AsyncIterator[bytes], limit: int) -> bytes:
    """Everything that `stream` yields, if it is at most `limit` bytes.

    As soon as the count passes the limit, FileRefused (too_large) is raised and nothing more is
    read. A generator is closed either way, so that its connection is given back at once.
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
