"""Sizes, counted while a file streams in (SPEC 4)."""

from collections.abc import AsyncIterator

import pytest

from models.enums import PartKind
from services.media.limits import MEBIBYTE, check_size, collect, limit_for
from services.media.refusals import FileRefusal, FileRefused


class Download:
    """A stream that remembers how much was asked of it."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks
        self.read = 0
        self.closed = False

    async def stream(self) -> AsyncIterator[bytes]:
        try:
            for chunk in self.chunks:
                self.read += 1
                yield chunk
        finally:
            self.closed = True


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        (PartKind.DOCUMENT, 10 * 1024 * 1024),
        (PartKind.AUDIO, 10 * 1024 * 1024),
        (PartKind.PHOTO, 20 * 1024 * 1024),
        (PartKind.VOICE, 20 * 1024 * 1024),
    ],
)
def test_a_stated_size_may_reach_its_limit_and_not_pass_it(kind: PartKind, limit: int) -> None:
    check_size(limit, limit_for(kind))
    with pytest.raises(FileRefused) as refused:
        check_size(limit + 1, limit_for(kind))

    assert refused.value.code == FileRefusal.TOO_LARGE
    assert refused.value.params == {"limit_mb": limit // 1024 // 1024}


async def test_exactly_the_limit_is_collected() -> None:
    download = Download(b"a" * MEBIBYTE, b"b" * MEBIBYTE, b"")

    collected = await collect(download.stream(), 2 * MEBIBYTE)

    assert collected == b"a" * MEBIBYTE + b"b" * MEBIBYTE
    assert download.closed


async def test_one_byte_over_ends_the_download_at_once() -> None:
    download = Download(b"a" * MEBIBYTE, b"b", b"never asked for")

    with pytest.raises(FileRefused) as refused:
        await collect(download.stream(), MEBIBYTE)

    assert refused.value.params == {"limit_mb": 1}
    assert (download.read, download.closed) == (2, True)


async def test_a_download_that_fails_fails_as_it_did() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await collect(broken(), MEBIBYTE)


async def test_a_stream_that_is_no_generator_is_collected_too() -> None:
    class Twice:
        def __init__(self) -> None:
            self.left = 2

        def __aiter__(self) -> "Twice":
            return self

        async def __anext__(self) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise StopAsyncIteration
            return b"ab"

    assert await collect(Twice(), MEBIBYTE) == b"abab"
