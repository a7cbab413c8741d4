"""`make run` as a person meets it: the main job, clicked in Chromium on the sandbox's page."""

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from sandbox.demo import DANIEL, GRACE, MEI, PRIYA
from tests import files
from tests.browser import SHARED
from tests.end_to_end.started_sandbox import sandbox
from tests.running import until
from tests.s3_server import running_s3

WORDS = "Ryan built a circuit with two lamps & a switch."
PATIENCE = 30_000
"""Milliseconds that a busy machine may take for an answer."""

pytestmark = [pytest.mark.browser, SHARED]


class Hand:
    """One person's phone on the page, and a thumb."""

    def __init__(self, page: Page, user_id: int) -> None:
        self.phone: Locator = page.locator(f'.phone[data-user-id="{user_id}"]')

    async def write(self, text: str) -> None:
        line = self.phone.locator(".line textarea:visible")
        await line.fill(text)
        await line.press("Enter")

    async def tap(self, label: str) -> None:
        await self.phone.get_by_role("button", name=label, exact=True).last.click(timeout=PATIENCE)

    async def attach(self, file: Path, as_what: str) -> None:
        """Choose a file from the menu of the paper clip, and send it."""
        page = self.phone.page
        async with page.expect_file_chooser() as choosing:
            await self.phone.get_by_role("button", name=re.compile("attach", re.IGNORECASE)).click()
            await page.get_by_role("menuitem", name=as_what, exact=True).click()
        await (await choosing.value).set_files(file)
        send = page.get_by_role("button", name=re.compile("^send", re.IGNORECASE))
        if await send.count():
            await send.last.click()

    async def last_text(self, needle: str) -> str:
        """The newest message with `needle` in it."""
        return await self.phone.locator(".bubble", has_text=needle).last.inner_text()

    async def reads(self, text: str) -> None:
        shown = self.phone.locator(".bubble", has_text=text).last
        await expect(shown).to_be_visible(timeout=PATIENCE)


async def test_the_main_job_by_clicks(page: Page, address: str, tmp_path: Path) -> None:
    grace, mei, daniel = Hand(page, GRACE), Hand(page, MEI), Hand(page, DANIEL)
    await page.goto(address)
    await grace.reads("Hello Grace Tan")

    await grace.write("/checkout")
    await grace.reads("Send text, photos")
    await mei.reads("Ryan Lim · Science")
    await grace.write("Ryan built a circuit with two lamps.")
    await grace.reads("1 text")
    photo = tmp_path / "circuit.jpg"
    photo.write_bytes(files.jpeg_photo())
    await grace.attach(photo, "Photo or video")
    await grace.reads("1 photo, 1 text")
    await grace.tap("Done")

    await mei.reads("📝 Notes: ")
    await mei.tap("View notes")
    await mei.reads("Ryan built a circuit with two lamps.")
    await expect(mei.phone.locator(".bubble img").last).to_be_visible(timeout=PATIENCE)
    await mei.tap("Acknowledge")
    await mei.reads("You acknowledged this")
    await daniel.reads("Mei Lim acknowledged this")


@pytest.mark.parametrize("is_on_r2", [False, True], ids=["folder", "r2"])
async def test_notes_are_read_on_the_pages_by_clicks(
    page: Page, browser: Browser, tmp_path: Path, is_on_r2: bool
) -> None:
    async with AsyncExitStack() as stack:
        settings = {}
        if is_on_r2:
            store = await stack.enter_async_context(running_s3(tmp_path / "s3"))
            settings = store.settings
        await page.goto(await stack.enter_async_context(sandbox(tmp_path, **settings)))
        await notes_are_read(page, browser, tmp_path)


async def notes_are_read(page: Page, browser: Browser, tmp_path: Path) -> None:
    """Grace writes them in the chat; Mei reads them on her phone, as wide as it is."""
    grace, mei = Hand(page, GRACE), Hand(page, MEI)
    await grace.reads("Hello Grace Tan")
    await grace.write("/checkout")
    await grace.reads("Send text, photos")
    await grace.write(WORDS)
    await grace.reads("1 text")
    photo, sheet = tmp_path / "circuit.jpg", tmp_path / "Ohm’s law.pdf"
    photo.write_bytes(files.jpeg_photo())
    sheet.write_bytes(files.pdf())
    await grace.attach(photo, "Photo or video")
    await grace.reads("1 photo, 1 text")
    await grace.attach(sheet, "File")
    await grace.reads("1 photo, 1 document, 1 text")
    await grace.tap("Done")
    await mei.reads("📝 Notes: ")
    await mei.write("/web")
    await mei.reads("/sign-in/")
    link = re.search(r"http://\S+", await mei.last_text("/sign-in/"))
    assert link

    context = await browser.new_context(viewport={"width": 390, "height": 844})
    pages = await context.new_page()
    complaints: list[str] = []
    pages.on("console", lambda said: complaints.append(said.text))
    await pages.goto(link[0])
    await pages.get_by_role("button", name="Sign in").press("Enter")
    await pages.get_by_role("link", name="Notes", exact=True).click()
    await pages.get_by_role("link", name=re.compile("Ryan Lim · Science")).first.click()
    await expect(
        pages.get_by_text("Ryan built a circuit with two lamps & a switch.")
    ).to_have_count(2)
    shown = pages.get_by_role("img")
    await shown.scroll_into_view_if_needed()
    await until(lambda: shown.evaluate("image => image.complete && image.naturalWidth > 0"), 30)
    async with pages.expect_download() as saving:
        await pages.get_by_role("link", name="Ohm’s law.pdf").click()
    saved = await saving.value
    assert saved.suggested_filename == "Ohm’s law.pdf"
    assert (await asyncio.to_thread((await saved.path()).read_bytes)) == files.pdf()
    assert await pages.evaluate("document.documentElement.scrollWidth") <= 390
    await pages.get_by_role("button", name="Sign out").click()
    await expect(pages.get_by_role("alert")).to_contain_text("send /web to the bot")
    await context.close()
    await the_mini_app_opens(page)
    assert complaints == [
        "Failed to load resource: the server responded with a status of 401 (Unauthorized)"
    ]


async def the_mini_app_opens(page: Page) -> None:
    """The button beside Mei's text field opens the pages over her chat; Back leads home."""
    phone = Hand(page, MEI).phone
    await phone.get_by_role("button", name="Open", exact=True).click()
    app = phone.frame_locator("iframe")
    await app.get_by_role("link", name="Ryan Lim").click()
    await app.get_by_role("link", name=re.compile("Science with Grace Tan")).click()
    await expect(app.get_by_role("heading", name="Ryan Lim · Science")).to_be_visible()
    await app.get_by_role("button", name="Acknowledge", exact=True).click()
    await expect(app.get_by_role("status").get_by_text("You acknowledged")).to_be_visible()
    await phone.get_by_role("button", name="Back").click()
    await expect(app.get_by_role("navigation", name="Your children")).to_be_visible()
    await phone.get_by_role("button", name="Close the app").click()
    await expect(phone.locator("iframe")).to_have_count(0)


async def test_the_coordinators_settle_a_dispute_by_clicks(page: Page, address: str) -> None:
    mei, priya = Hand(page, MEI), Hand(page, PRIYA)
    await page.goto(address)
    for card in ("Emily Lim · English", "Ryan Lim · Exam revision", "Ryan Lim · Past papers"):
        await mei.reads(card)
    await mei.tap("Dispute")
    await mei.tap("Wrong time")
    await mei.reads("Dispute this session?")
    await mei.tap("Dispute")
    await priya.reads("Dispute 4")  # three are in the past
    await priya.tap("Claim")
    await priya.reads("Priya Nair claimed the dispute")
    await priya.tap("Verify")
    await priya.reads("Why are you verifying this session")
    await priya.write("The door log agrees with the tutor.")
    await mei.reads("Priya Nair verified this")
