"""One tab for all tests of the page; each opens the page over a world of its own."""

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest_asyncio
from playwright.async_api import Browser, Page

from sandbox.server import serving
from tests.sandbox.page.opened_page import (
    Expected,
    Open,
    Opened,
    listening_for_complaints,
    populated_world,
)

LAPTOP = (1440, 900)


@contextlib.asynccontextmanager
async def tab(browser: Browser, width: int, height: int) -> AsyncIterator[Page]:
    """A browser tab that shares nothing with another."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, timezone_id="Asia/Singapore"
    )
    page = await context.new_page()
    page.set_default_timeout(8000)
    yield page
    await context.close()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def laptop(browser: Browser) -> AsyncIterator[Page]:
    """A tab for one test after another: what it shows is loaded anew, from another address."""
    async with tab(browser, *LAPTOP) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, laptop: Page) -> AsyncIterator[Open]:
    """Open the page over a new world; in the end the browser must have nothing to complain of."""
    async with contextlib.AsyncExitStack() as stack:
        opened: list[Opened] = []

        async def open_it(
            *, size: tuple[int, int] = LAPTOP, own_tab: bool = False, **hooks: Any
        ) -> Opened:
            world = populated_world()
            jumps: list[datetime] = []

            async def jump(target: datetime) -> None:
                jumps.append(target)
                world.clock.move_to(target)

            async def next_event() -> Expected:
                return Expected(world.now() + timedelta(minutes=28), "Check-in opens for Emily")

            given = {"jump": jump, "next_event": next_event} | hooks
            address = await stack.enter_async_context(serving(world, **given))
            client = await stack.enter_async_context(
                httpx.AsyncClient(base_url=address, verify=False)
            )
            page = laptop
            if own_tab or size != LAPTOP:
                page = await stack.enter_async_context(tab(browser, *size))
            view = Opened(world, page, address, client, jumps=jumps)
            stack.push_async_callback(page.goto, "about:blank")
            stack.enter_context(listening_for_complaints(view))
            stack.push_async_callback(page.unroute_all)
            await page.goto(address)
            await page.locator(".phone").nth(3).wait_for()
            opened.append(view)
            return view

        yield open_it
        for view in opened:
            assert view.complaints == []
