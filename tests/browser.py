"""A real Chromium for the tests: the system's, never one that is downloaded.

Starting it and a tab costs as much as what most tests do in it: a process of tests has one.
"""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page, ViewportSize, async_playwright, expect

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same engine without the windows around it: a third less work."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
)
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
expect.set_options(timeout=30_000)  # a busy machine may take long; what is never so fails as well


SHARED = pytest.mark.asyncio(loop_scope="session")
"""Tests in the browser run in one loop: it belongs to the loop that started it."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser of this test process, without a window; its microphone is a recording.

    Where there is none, the test is skipped, and fails in CI.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no Chromium here (looked for {', '.join(NAMES)})")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Page]:
    """A tab for one test after another, each of which has an address of its own.

    Nothing moves in it: what is drawn sixty times a second costs more than what a test does. With
    motion, the sandbox is seen in the tests of its own page.
    """
    context = await browser.new_context(
        viewport=LAPTOP, locale="en-SG", timezone_id="Asia/Singapore", reduced_motion="reduce"
    )
    yield await context.new_page()
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(tab: Page) -> AsyncIterator[Page]:
    """An empty page, in English, 1280 by 800; an error in its scripts fails the test."""
    errors: list[str] = []

    def note_error(error: Error) -> None:
        errors.append(str(error))

    tab.on("pageerror", note_error)
    yield tab
    tab.remove_listener("pageerror", note_error)
    await tab.unroute_all()
    await tab.goto("about:blank")
    await tab.set_viewport_size(LAPTOP)
    await tab.context.clear_cookies()
    await tab.context.clear_permissions()
    assert not errors
