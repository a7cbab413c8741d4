"""Updates by webhook: the secret, retries, order within a chat."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from sandbox.events import wait_for
from sandbox.people import Person
from sandbox.phone import Phone
from sandbox.world import World
from tests.sandbox.clients import BotClient


@dataclass
class Receiver:
    """A bot's web server, which answers with the statuses it was given, then with 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    reply: dict[str, Any] | None = None
    attempts: list[str] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    underway: int = 0
    most_underway: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.underway += 1
        self.most_underway = max(self.most_underway, self.underway)
        update = await request.json()
        await asyncio.sleep(0.05)
        self.attempts.append(update["message"]["text"])
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.underway -= 1
        self.arrived.set()
        return web.json_response(self.reply, status=self.statuses.pop(0) if self.statuses else 200)

    async def until(self, count: int) -> list[str]:
        """The texts of all attempts, as soon as there are so many."""
        async with asyncio.timeout(10):
            while len(self.attempts) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.attempts


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        made.url = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        await web.SockSite(runner, listening).start()
        yield made
        await runner.cleanup()


async def test_updates_are_posted_with_the_secret(
    bot: BotClient, receiver: Receiver, phone: Phone
) -> None:
    phone.send_text("waiting")
    await bot.ok("setWebhook", url=receiver.url, secret_token="s3cret_-")
    phone.send_text("new")
    assert await receiver.until(2) == ["waiting", "new"]
    assert receiver.secrets == ["s3cret_-"] * 2


async def test_what_was_not_taken_is_tried_again_in_order(
    bot: BotClient, receiver: Receiver, phone: Phone
) -> None:
    receiver.statuses = [500, 503]
    await bot.ok("setWebhook", url=receiver.url)
    phone.send_text("one")
    phone.send_text("two")
    assert await receiver.until(4) == ["one", "one", "one", "two"]
    info = await bot.ok("getWebhookInfo")
    assert info["url"] == receiver.url
    assert info["last_error_message"].startswith("Wrong response from the webhook: 503")


async def test_chats_are_served_side_by_side_up_to_max_connections(
    bot: BotClient, receiver: Receiver, world: World
) -> None:
    people = [world.add_person(f"Person {number}", started=True) for number in range(6)]
    for person in people:
        Phone(world, person.id).send_text("hello")
    await bot.ok("setWebhook", url=receiver.url, max_connections=3)
    await receiver.until(6)
    assert receiver.most_underway == 3


async def test_an_answer_may_contain_a_call(
    bot: BotClient, receiver: Receiver, world: World, grace: Person, phone: Phone
) -> None:
    receiver.reply = {"method": "sendMessage", "chat_id": grace.id, "text": "at once"}
    await bot.ok("setWebhook", url=receiver.url)
    phone.send_text("hello")
    written = world.events.signal.ticket()
    await receiver.until(1)
    await wait_for(written, 5)
    assert phone.last()["text"] == "at once"


async def test_polling_is_refused_while_a_webhook_is_set(
    bot: BotClient, receiver: Receiver, phone: Phone
) -> None:
    poll = asyncio.create_task(bot.refusal("getUpdates", timeout=20))
    await asyncio.sleep(0.2)
    await bot.ok("setWebhook", url=receiver.url)
    assert await poll == "409 Conflict: terminated by setWebhook request"
    assert await bot.refusal("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
        "delete the webhook first"
    )
    await bot.ok("deleteWebhook", drop_pending_updates=True)
    phone.send_text("polled")
    assert len(await bot.ok("getUpdates")) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"url": "http://example.com/hook"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://example.com:9000/hook"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://"}, "invalid webhook URL specified"),
        (
            {"url": "https://example.com", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
        ({"url": "https://example.com", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_bad_webhooks_are_refused(bot: BotClient, fields: dict[str, Any], words: str) -> None:
    assert await bot.refusal("setWebhook", **fields) == f"400 Bad Request: {words}"
