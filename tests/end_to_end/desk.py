"""Somebody's browser, as they use it: what they press, fill in and read."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, FilePayload, Page, expect

PATIENCE = 30_000
"""Milliseconds that a busy machine may take for an answer."""


@dataclass
class Desk:
    """Somebody's browser."""

    page: Page

    async def go(self, address: str) -> None:
        """Open a page, by its path or a whole link."""
        await self.page.goto(address)

    async def sign_in(self, link: str) -> None:
        await self.go(link)
        await self.press("Sign in")
        out = self.page.get_by_role("button", name="Sign out")
        await expect(out).to_be_visible(timeout=PATIENCE)

    async def press(self, name: str) -> None:
        """Press the button whose name begins so."""
        await self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click()

    async def follow(self, name: str) -> None:
        """Follow the link whose name begins so."""
        await self.page.get_by_role("link", name=re.compile(f"^{re.escape(name)}")).first.click()

    async def fill(self, label: str, text: str) -> None:
        await self.page.get_by_label(label).first.fill(text)

    async def fill_in(self, name: str, text: str) -> None:
        """Fill in a field of a table, by its name in the form."""
        field = self.page.locator(f'[name="{name}"]')
        is_choice = await field.evaluate("one => one.tagName === 'SELECT'")
        await (field.select_option(text) if is_choice else field.fill(text))

    async def type_time(self, when: str) -> None:
        """Type another time for a session, and go on."""
        await self.fill("Or type it", when)
        await self.press("Go on")

    async def choose(self, label: str) -> None:
        await self.page.get_by_label(label, exact=True).check()

    async def attach(self, label: str, *given: FilePayload) -> None:
        await self.page.get_by_label(label).set_input_files(list(given))

    async def reads(self, words: str) -> None:
        await expect(self.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)


@asynccontextmanager
async def desk(browser: Browser, address: str, width: int) -> AsyncIterator[Desk]:
    """A browser of somebody's own; an error in its scripts fails the test."""
    context = await browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 850},
        locale="en-SG",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Desk(page)
    await context.close()
    assert errors == []
