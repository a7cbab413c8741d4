"""The pages as browsers have them, over a database with a session that has notes."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx

from models import Person
from models.enums import PartKind, Status
from services.ports import MediaStore
from tests import builders
from tests.builders import AGENCY, NOW, SIGN_IN
from tests.fakes import FixedClock, MemoryMedia
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, scene
from web.app import create_app
from web.site import Site

ADDRESS = "https://pages.example"
KEY = "notes/ab/abcdef.jpg"


@dataclass
class Pages:
    """A site, those who use it, and what is in it."""

    database: OpenDatabase
    clock: FixedClock
    media: MediaStore
    there: Scene
    options: dict[str, Any] = field(default_factory=dict)

    @asynccontextmanager
    async def browser(
        self, person: Person | None = None, **headers: str
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A browser, in which `person` is signed in."""
        app = create_app(self.site(base_url=ADDRESS))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url=ADDRESS, headers=headers
        ) as browser:
            if person is not None:
                answer = await press(browser, self.link(person))
                assert answer.status_code == 303
            yield browser

    def site(self, **options: Any) -> Site:
        """The site with the options of the test."""
        parts = (self.database, self.clock, AGENCY, self.media, SIGN_IN)
        return Site(*parts, **(options | self.options))

    def link(self, person: Person) -> str:
        """The path of a link that signs somebody in."""
        with self.database.unit_of_work() as session:
            return f"/sign-in/{SIGN_IN.make_link(session, person, self.clock.now())}"

    def token(self, browser: httpx.AsyncClient) -> str:
        """The token of this browser's forms, for those that no page offers."""
        return SIGN_IN.form_token(browser.cookies.get("__Host-tutorline"))

    def note(self, **over: Any) -> int:
        """A part of the session's notes; its number."""
        with self.database.unit_of_work() as session:
            return builders.note_part(session, self.there.session, **over).id

    def photo(self, **over: Any) -> int:
        """A stored one."""
        values: dict[str, Any] = {
            "kind": PartKind.PHOTO,
            "text": None,
            "file_name": "board.jpg",
            "media_type": "image/jpeg",
            "media_key": KEY,
            "stored_at": NOW,
        }
        return self.note(**(values | over))


def shown_in(answer: httpx.Response) -> str:
    """A page without what is new each time: the nonce of its script."""
    return re.sub(r' nonce="[^"]+"', "", answer.text)


def hidden_in(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms; of several forms with one name, the last."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


async def send(
    browser: httpx.AsyncClient,
    path: str,
    *,
    on: str | None = None,
    files: Sequence[tuple[str, bytes, str]] = (),
    **typed: str,
) -> httpx.Response:
    """Open the page `on` (by default the form's own) and send its form to `path`, as a browser.

    `files`: name, content and media type of each.
    """
    opened = await browser.get(on or path)
    assert opened.status_code == 200, opened.text
    given = [("files", file) for file in files]
    return await browser.post(path, data=hidden_in(opened.text) | typed, files=given or None)


async def press(browser: httpx.AsyncClient, link: str, **headers: str) -> httpx.Response:
    """Open a link and press the button on its page."""
    opened = await browser.get(link)
    found = re.search(r'name="page" value="([^"]+)"', opened.text)
    assert found, opened.text
    return await browser.post(link, data={"page": found[1]}, headers=headers)


@asynccontextmanager
async def opened_pages(database_url: str, media: MediaStore | None = None) -> AsyncIterator[Pages]:
    """Pages of a session that awaits its parents' answer."""
    database = OpenDatabase(database_url)
    yield pages_of(database, media)
    await database.close()


def pages_of(database: OpenDatabase, media: MediaStore | None = None) -> Pages:
    """Pages of a database, in which they put such a session."""
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    return Pages(database, FixedClock(), media or MemoryMedia(), there)
