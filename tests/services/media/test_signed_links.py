"""Links that R2 signs: five minutes, one object, as what it was signed for (SPEC 4)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine

from services.adapters.r2_media import R2MediaStore
from services.ports import Presentation, SignedLink
from tests.s3_server import running_s3

KEY = "notes/ab/abcdef0123.pdf"
OTHER_KEY = "notes/ab/abcdef4567.pdf"
FIVE_MINUTES = timedelta(minutes=5)
WORKSHEET = Presentation("Ohm’s law “3”.pdf", "application/pdf", is_shown=False)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[R2MediaStore]:
    async with running_s3(tmp_path) as server:
        opened = server.store()
        await opened.put(KEY, b"worksheet", "application/octet-stream")
        await opened.put(OTHER_KEY, b"somebody else's", "application/pdf")
        yield opened
        await opened.close()


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


async def link(store: R2MediaStore, presentation: Presentation = WORKSHEET) -> str:
    given = await store.give(KEY, presentation, FIVE_MINUTES)
    assert isinstance(given, SignedLink)
    return given.url


async def test_it_gives_the_file_under_its_own_name_to_be_saved(
    store: R2MediaStore, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(await link(store))

    assert (answer.status_code, answer.content) == (200, b"worksheet")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''Ohm%E2%80%99s%20law%20%E2%80%9C3%E2%80%9D.pdf"
    )
    assert answer.headers["Cache-Control"] == "private, no-store"


async def test_sound_can_be_listened_to_from_its_midst(
    store: R2MediaStore, browser: httpx.AsyncClient
) -> None:
    memo = Presentation("memo.ogg", "audio/ogg", is_shown=True)

    answer = await browser.get(await link(store, memo), headers={"Range": "bytes=4-8"})

    assert answer.content == b"sheet"
    assert answer.headers["Content-Disposition"].startswith("inline;")


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (KEY, OTHER_KEY),
        ("attachment", "inline"),
        ("application%2Fpdf", "text%2Fhtml"),
        ("X-Amz-Expires=300", "X-Amz-Expires=3000"),
    ],
)
async def test_whoever_changes_it_gets_nothing(
    store: R2MediaStore, browser: httpx.AsyncClient, written: str, instead: str
) -> None:
    url = await link(store)
    assert written in url

    answer = await browser.get(url.replace(written, instead))

    assert answer.status_code == 403
    assert b"somebody else's" not in answer.content


async def test_without_its_signature_it_gives_nothing(
    store: R2MediaStore, browser: httpx.AsyncClient
) -> None:
    bare = (await link(store)).partition("?")[0]

    assert (await browser.get(bare)).is_client_error


async def test_it_lasts_five_minutes_by_its_own_words(store: R2MediaStore) -> None:
    asked = parse_qs(urlsplit(await link(store)).query)

    assert asked["X-Amz-Expires"] == ["300"]
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


@pytest.mark.parametrize(("age", "is_good"), [(240, True), (299, True), (301, False), (600, False)])
async def test_after_five_minutes_it_gives_nothing(
    store: R2MediaStore, browser: httpx.AsyncClient, age: int, is_good: bool
) -> None:
    # The server counts whole seconds: take the age at the beginning of one.
    while (now := datetime.now(UTC)).microsecond > 200_000:
        pass
    with time_machine.travel(now - timedelta(seconds=age), tick=False):
        old = await link(store)

    assert (await browser.get(old)).is_success is is_good
