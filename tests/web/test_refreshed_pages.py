"""A page that is brought up to date keeps its own rules for scripts and styles (SPEC 10)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.async_api import ConsoleMessage, FilePayload, Page, expect

from models.enums import ChangeReason
from services.sessions.cancellations import cancel
from tests import files
from tests.browser import SHARED
from tests.builders import NOW, acting
from tests.services.scenes import another_session, carry_out
from tests.web.test_in_chromium import opened
from tests.web.visiting import Pages

pytestmark = [pytest.mark.browser, SHARED]

THEME = "bg_color:17212b.text_color:f3f6f9"


@contextmanager
def said_on(page: Page) -> Iterator[list[str]]:
    """What the browser says meanwhile of the pages' content security policy."""
    said: list[str] = []

    def note(line: ConsoleMessage) -> None:
        if "Content Security Policy" in line.text:
            said.append(line.text)

    page.on("console", note)
    yield said
    page.remove_listener("console", note)


async def into_telegram(page: Page, address: str) -> None:
    """From now on the pages are shown inside Telegram, in its colours."""
    [session] = [one for one in await page.context.cookies() if one["name"] == "tutorline"]
    token = session["value"]
    await page.context.add_cookies(
        [
            {"name": "tutorline-app", "value": token, "url": address},
            {"name": "tutorline-theme", "value": THEME, "url": address},
        ]
    )


@pytest.mark.parametrize("where", ["browser", "telegram"])
@pytest.mark.parametrize("path", ["/tutor", "/sessions/{id}"])
async def test_at_a_live_refresh_nothing_violates_the_policy(
    pages: Pages, page: Page, where: str, path: str
) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(hours=5))
    async with opened(pages, page, there.tutor) as address:
        if where == "telegram":
            await into_telegram(page, address)
        with said_on(page) as said:
            await page.goto(address + path.format(id=there.id))
            await expect(page.get_by_text("Scheduled").first).to_be_visible()
            reason = (ChangeReason.SCHOOL_EVENT, None, None)
            carry_out(pages.database, cancel, there.id, acting(there.grace), *reason)
            await expect(page.get_by_text("Cancelled by the family").first).to_be_visible()

    assert said == []


@pytest.mark.parametrize("where", ["browser", "telegram"])
async def test_nor_after_files_were_sent(pages: Pages, page: Page, where: str) -> None:
    photo: FilePayload = {
        "name": "door.jpg", "mimeType": "image/jpeg", "buffer": files.jpeg_photo()
    }  # fmt: skip
    pages.options["media_origin"] = "https://store.example"
    async with opened(pages, page, pages.there.grace) as address:
        if where == "telegram":
            await into_telegram(page, address)
        with said_on(page) as said:
            await page.goto(f"{address}/sessions/{pages.there.id}/dispute")
            await page.get_by_label("Conduct").check()
            await page.get_by_label("What happened").fill("See the photo.")
            await page.get_by_label("Photos or documents, if you like").set_input_files(photo)
            await page.get_by_role("button", name="Dispute").click()
            await expect(page.get_by_text("You disputed this").first).to_be_visible()

    assert said == []
