"""The sandbox's page in a real browser, over a world with four people, and a bot to answer them."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from playwright.async_api import ConsoleMessage, Error, Locator, Page, Request

from sandbox.world import World

GRACE, MEI, WEI, DEVI = 101, 102, 103, 104
GROUP = -900

Json = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """What the application expects next."""

    at: datetime
    words: str


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


Open = Callable[..., Awaitable[Opened]]


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


@contextlib.contextmanager
def listening_for_complaints(view: Opened) -> Iterator[None]:
    """Note errors of scripts and the console, and anything asked of another address."""

    def note_request(request: Request) -> None:
        if not request.url.startswith((view.address, "data:", "blob:")):
            view.complaints.append(f"asked for {request.url}")

    def note_error(error: Error) -> None:
        view.complaints.append(error.message)

    def note_line(line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"}:
            view.complaints.append(line.text)

    view.page.on("request", note_request)
    view.page.on("pageerror", note_error)
    view.page.on("console", note_line)
    yield
    view.page.remove_listener("request", note_request)
    view.page.remove_listener("pageerror", note_error)
    view.page.remove_listener("console", note_line)
