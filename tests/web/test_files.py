"""The files of notes, after authorisation: by signed link, or streamed from disk (SPEC 4)."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from models.enums import PartKind
from services.adapters.disk_media import DiskMediaStore
from tests import builders
from tests.builders import NOW
from tests.fakes import MemoryMedia
from tests.s3_server import running_s3
from tests.web.visiting import KEY, Pages, opened_pages

SHEET_KEY = "notes/cd/cdefab.pdf"
SHEET = {
    "kind": PartKind.DOCUMENT,
    "media_type": "application/pdf",
    "file_name": "Ohm’s law.pdf",
    "media_key": SHEET_KEY,
}


@pytest.fixture
async def on_disk(database_url: str, tmp_path: Path) -> AsyncIterator[Pages]:
    store = DiskMediaStore(tmp_path / "media")
    await store.put(KEY, b"photograph", "image/jpeg")
    await store.put(SHEET_KEY, b"%PDF", "application/pdf")
    async with opened_pages(database_url, store) as pages:
        yield pages


@pytest.fixture
async def on_r2(database_url: str, tmp_path: Path) -> AsyncIterator[Pages]:
    async with running_s3(tmp_path) as server:
        store = server.store()
        await store.put(KEY, b"photograph", "image/jpeg")
        async with opened_pages(database_url, store) as pages:
            yield pages
        await store.close()


async def test_from_disk_a_photo_is_streamed_to_be_shown(on_disk: Pages) -> None:
    number = on_disk.photo()
    async with on_disk.browser(on_disk.there.grace) as browser:
        answer = await browser.get(f"/files/{number}")

    assert (answer.status_code, answer.content) == (200, b"photograph")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''board.jpg"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_from_disk_a_document_is_saved_under_its_name(on_disk: Pages) -> None:
    number = on_disk.photo(**SHEET)
    async with on_disk.browser(on_disk.there.tutor) as browser:
        answer = await browser.get(f"/files/{number}")

    assert (answer.status_code, answer.content) == (200, b"%PDF")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''Ohm%E2%80%99s%20law.pdf"
    )


async def test_from_disk_sound_can_be_listened_to_from_its_midst(on_disk: Pages) -> None:
    number = on_disk.photo(kind=PartKind.VOICE, media_type="audio/ogg")
    async with on_disk.browser(on_disk.there.grace) as browser:
        answer = await browser.get(f"/files/{number}", headers={"Range": "bytes=5-"})

    assert (answer.status_code, answer.content) == (206, b"graph")
    assert answer.headers["Content-Range"] == "bytes 5-9/10"


async def test_from_r2_it_is_a_link_to_the_store_that_works(on_r2: Pages) -> None:
    number = on_r2.photo()
    async with on_r2.browser(on_r2.there.grace) as browser:
        answer = await browser.get(f"/files/{number}")
    async with httpx.AsyncClient() as anybody:
        file = await anybody.get(answer.headers["Location"])

    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
    assert (file.status_code, file.content) == (200, b"photograph")
    assert file.headers["Content-Disposition"] == "inline; filename*=UTF-8''board.jpg"


async def test_a_signed_link_is_good_for_five_minutes(pages: Pages) -> None:
    pages.media = MemoryMedia({KEY: b"photograph"})
    number = pages.photo()
    async with pages.browser(pages.there.grace) as browser:
        answer = await browser.get(f"/files/{number}")

    assert answer.headers["Location"].endswith("&300")


async def answers_to_everybody(pages: Pages) -> list[int]:
    """What the tutor, both parents, a coordinator, two strangers and nobody at all get."""
    number = pages.photo()
    there = pages.there
    with pages.database.unit_of_work() as session:
        strangers = [builders.tutor(session), builders.parent(session)]
    given = []
    for person in (there.tutor, there.grace, there.daniel, there.coordinator, *strangers, None):
        async with pages.browser(person) as browser:
            given.append((await browser.get(f"/files/{number}")).status_code)
    return given


async def test_from_disk_it_is_streamed_to_those_of_the_session_alone(on_disk: Pages) -> None:
    assert await answers_to_everybody(on_disk) == [200, 200, 200, 200, 404, 404, 401]


async def test_from_r2_links_are_made_for_the_same_people(on_r2: Pages) -> None:
    assert await answers_to_everybody(on_r2) == [302, 302, 302, 302, 404, 404, 401]


async def test_the_right_is_looked_up_each_time(on_disk: Pages) -> None:
    number = on_disk.photo()
    async with on_disk.browser(on_disk.there.tutor) as browser:
        assert (await browser.get(f"/files/{number}")).status_code == 200
        with on_disk.database.unit_of_work() as session:
            row = session.merge(on_disk.there.session)
            row.tutor_id = builders.tutor(session).id
        assert (await browser.get(f"/files/{number}")).status_code == 404


@pytest.mark.parametrize(
    ("over", "status", "told"),
    [
        ({"removed_at": NOW}, 404, "That is no longer here"),
        ({"media_key": None, "telegram_file_id": "telegram-1"}, 503, "still being saved"),
        ({"media_key": "notes/ef/ef0123.jpg"}, 404, "gone from where it was kept"),
    ],
)
async def test_what_cannot_be_given_says_why(
    on_disk: Pages, over: dict[str, object], status: int, told: str
) -> None:
    number = on_disk.photo(**over)
    async with on_disk.browser(on_disk.there.grace) as browser:
        answer = await browser.get(f"/files/{number}")

    assert answer.status_code == status
    assert told in answer.text


async def test_a_store_out_of_reach_is_told_and_the_pages_go_on(pages: Pages) -> None:
    store = MemoryMedia({KEY: b"photograph"})
    store.is_down = True
    pages.media = store
    number = pages.photo()
    async with pages.browser(pages.there.grace) as browser:
        answer = await browser.get(f"/files/{number}")
        notes = await browser.get(f"/notes/{pages.there.id}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Files cannot be reached right now" in answer.text
    assert notes.status_code == 200


@pytest.mark.parametrize("path", ["/files/0", "/files/x", "/files/4711", "/files/" + "9" * 30])
async def test_an_address_without_a_file_is_not_found(pages: Pages, path: str) -> None:
    async with pages.browser(pages.there.grace) as browser:
        assert (await browser.get(path)).status_code == 404
