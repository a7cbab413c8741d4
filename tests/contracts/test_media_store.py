"""What every media store promises, whichever vendor keeps the files (SPEC 4)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.adapters.disk_media import DiskMediaStore
from services.ports import LocalFile, MediaMissingError, MediaStore, Presentation, SignedLink
from tests.s3_server import running_s3

KEY = "notes/ab/abcdef0123.jpg"
OTHER_KEY = "notes/ab/abcdef4567.jpg"
WORKSHEET = Presentation("Worksheet 3.pdf", "application/pdf", is_shown=False)
FIVE_MINUTES = timedelta(minutes=5)


@asynccontextmanager
async def disk(folder: Path) -> AsyncIterator[MediaStore]:
    yield DiskMediaStore(folder / "media")


@asynccontextmanager
async def r2(folder: Path) -> AsyncIterator[MediaStore]:
    async with running_s3(folder) as server:
        store = server.store()
        yield store
        await store.close()


StoreFactory = Callable[[Path], AbstractAsyncContextManager[MediaStore]]
STORES: list[StoreFactory] = [disk, r2]


@pytest.fixture(params=STORES, ids=lambda factory: factory.__name__)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MediaStore]:
    factory: StoreFactory = request.param
    async with factory(tmp_path) as opened:
        yield opened


async def test_what_was_put_is_got_back(store: MediaStore) -> None:
    await store.put(KEY, b"photo", "image/jpeg")

    assert await store.get(KEY) == b"photo"
    assert await store.exists(KEY)


async def test_putting_again_is_harmless_and_the_last_content_stays(store: MediaStore) -> None:
    await store.put(KEY, b"photo", "image/jpeg")
    await store.put(KEY, b"photo", "image/jpeg")
    assert await store.get(KEY) == b"photo"

    await store.put(KEY, b"photograph", "image/jpeg")
    assert await store.get(KEY) == b"photograph"


async def test_what_is_not_there_is_missing(store: MediaStore) -> None:
    assert not await store.exists(KEY)
    with pytest.raises(MediaMissingError):
        await store.get(KEY)


async def test_what_was_deleted_is_missing_and_its_neighbour_is_not(store: MediaStore) -> None:
    await store.put(KEY, b"photo", "image/jpeg")
    await store.put(OTHER_KEY, b"other", "image/jpeg")

    await store.delete(KEY)

    assert not await store.exists(KEY)
    with pytest.raises(MediaMissingError):
        await store.get(KEY)
    assert await store.get(OTHER_KEY) == b"other"


async def test_deleting_what_is_not_there_is_harmless(store: MediaStore) -> None:
    await store.delete(KEY)
    await store.put(KEY, b"photo", "image/jpeg")
    await store.delete(KEY)
    await store.delete(KEY)

    assert not await store.exists(KEY)


async def test_a_browser_is_given_what_is_there_and_told_what_is_not(store: MediaStore) -> None:
    with pytest.raises(MediaMissingError):
        await store.give(KEY, WORKSHEET, FIVE_MINUTES)
    await store.put(KEY, b"worksheet", "application/pdf")

    match await store.give(KEY, WORKSHEET, FIVE_MINUTES):
        case LocalFile(path):
            assert path.read_bytes() == b"worksheet"
        case SignedLink(url):
            async with httpx.AsyncClient() as browser:
                assert (await browser.get(url)).content == b"worksheet"


@pytest.mark.parametrize("size", [0, 1, 10 * 1024 * 1024, 20 * 1024 * 1024])
async def test_every_byte_is_kept_up_to_the_largest_file(store: MediaStore, size: int) -> None:
    content = (bytes(range(256)) * (size // 256 + 1))[:size]

    await store.put(KEY, content, "application/octet-stream")

    assert await store.get(KEY) == content


async def test_many_may_put_the_same_and_different_content_at_once(store: MediaStore) -> None:
    keys = [f"notes/{number % 3:02d}/{number:08d}.jpg" for number in range(20)]

    await asyncio.gather(
        *(store.put(key, key.encode(), "image/jpeg") for key in keys),
        *(store.put(KEY, b"photo", "image/jpeg") for _ in range(5)),
    )

    assert [await store.get(key) for key in keys] == [key.encode() for key in keys]
    assert await store.get(KEY) == b"photo"


@pytest.mark.parametrize("key", ["../outside.jpg", "/etc/passwd", "notes/../../a.jpg", "notes"])
async def test_a_key_that_could_climb_out_is_refused_by_every_method(
    store: MediaStore, key: str
) -> None:
    with pytest.raises(ValueError, match="not a key"):
        await store.put(key, b"photo", "image/jpeg")
    for method in (store.get, store.exists, store.delete):
        with pytest.raises(ValueError, match="not a key"):
            await method(key)
    with pytest.raises(ValueError, match="not a key"):
        await store.give(key, WORKSHEET, FIVE_MINUTES)
