"""The sandbox's page in a real browser, over a world with four people, and a bot to answer them."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Locator, Page, async_playwright

from sandbox.server import serving
from sandbox.world import World

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
GRACE, MEI, WEI, DEVI = 101, 102, 103, 104
GROUP = -900

Json = dict[str, Any]


@dataclass
class Opened:
    """The page, the bot behind it, and what the browser complained of."""

    world: World
    page: Page
    address: str
    client: httpx.AsyncClient
    complaints: list[str] = field(default_factory=list)
    jumps: list[datetime] = field(default_factory=list)

    async def bot(self, method: str, **fields: object) -> Any:
        """What the bot does; answers the `result`."""
        answer = await self.client.post(f"/bot{self.world.token}/{method}", json=fields)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async def heard(self) -> list[Json]:
        """The updates that wait for the bot, without those on its own membership."""
        updates: list[Json] = await self.bot("getUpdates", timeout=0)
        return [update for update in updates if "my_chat_member" not in update]

    async def hears(self, count: int = 1) -> list[Json]:
        """The updates once there are so many: what a click sends is on its way for a moment."""
        for _ in range(100):
            if len(updates := await self.heard()) >= count:
                return updates
            await self.page.wait_for_timeout(50)
        raise AssertionError(f"the bot heard {len(updates)} updates, not {count}")

    def phone(self, user_id: int) -> Locator:
        return self.page.locator(f'.phone[data-user-id="{user_id}"]')

    def chat(self, user_id: int, chat_id: int | None = None) -> Locator:
        return self.phone(user_id).locator(f'.chat[data-chat-id="{chat_id or user_id}"]')

    def composer(self, user_id: int) -> Locator:
        return self.chat(user_id).locator(".line textarea")

    async def write(self, user_id: int, text: str) -> None:
        await self.composer(user_id).fill(text)
        await self.composer(user_id).press("Enter")


def populated_world() -> World:
    """A tutor, two parents, and a coordinator with a group; the second parent never started."""
    world = World(rates=None)
    for user_id, name, title in (
        (GRACE, "Grace", "Tutor"),
        (MEI, "Mei", "Parent"),
        (WEI, "Wei", "Parent"),
        (DEVI, "Devi", "Coordinator"),
    ):
        world.add_person(name, user_id=user_id, started=user_id != WEI)
        world.add_pane(user_id, name, title)
    world.add_group("Coordinators", [DEVI], group_id=GROUP)
    return world


def chromium() -> str | None:
    """The system's Chromium; None for the one that Playwright may have brought."""
    return CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium for a module's tests; without it they are skipped, but in CI they fail."""
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        except Error as error:
            reason = f"Chromium cannot be started: {error.message.splitlines()[0]}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        yield browser
        await browser.close()


Open = Callable[..., Awaitable[Opened]]


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser: Browser) -> AsyncIterator[Open]:
    """Opens the page over a new world; in the end the browser must have nothing to complain of."""
    async with contextlib.AsyncExitStack() as stack:
        opened: list[Opened] = []

        async def open_it(*, width: int = 1440, height: int = 900, **options: Any) -> Opened:
            world = populated_world()
            jumps: list[datetime] = []

            async def jump(target: datetime) -> None:
                jumps.append(target)
                world.clock.move_to(target)

            async def next_event() -> datetime:
                return world.now() + timedelta(minutes=28)

            hooks = {"jump": jump, "next_event": next_event} | options.pop("hooks", {})
            address = await stack.enter_async_context(serving(world, **hooks))
            client = await stack.enter_async_context(httpx.AsyncClient(base_url=address))
            context = await browser.new_context(
                viewport={"width": width, "height": height}, timezone_id="Asia/Singapore", **options
            )
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.set_default_timeout(8000)
            view = Opened(world, page, address, client, jumps=jumps)
            listen_for_complaints(view)
            await page.goto(address)
            await page.locator(".phone").nth(3).wait_for()
            opened.append(view)
            return view

        yield open_it
        for view in opened:
            assert view.complaints == []


def listen_for_complaints(view: Opened) -> None:
    """Errors of scripts and the console, and anything asked of another address."""

    def note_request(url: str) -> None:
        if not url.startswith((view.address, "data:", "blob:")):
            view.complaints.append(f"asked for {url}")

    view.page.on("request", lambda request: note_request(request.url))
    view.page.on("pageerror", lambda error: view.complaints.append(error.message))
    view.page.on(
        "console",
        lambda message: (
            view.complaints.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
