"""Two `python bot.py` on one PostgreSQL: the second stands by, and takes over (SPEC 11)."""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import World
from tests.bot_process import BotProcess, start_bot
from tests.databases import PostgresDatabases
from tests.running import until
from tests.test_bot import SECRET, STARTED_WITHIN, TOKEN, environment

WEBHOOK_SECRET = "a-secret-of-the-webhook"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
WITHIN_SECONDS = 10.0


@dataclass
class Started:
    """A process, and the line with which it said that it had started."""

    process: BotProcess
    line: str

    @property
    def address(self) -> str:
        found = re.search(r"http://[\d.]+:\d+", self.line)
        assert found, self.line
        return found.group()

    async def hands_in(self, world: World) -> int:
        """Hand in the updates that wait as Telegram does; the status of the last answer."""
        with world.turn():
            batch = world.updates.deliver(100, world.now())
            world.updates.confirm(batch[-1]["update_id"] + 1, world.now())
        async with httpx.AsyncClient() as telegram:
            for update in batch:
                answer = await telegram.post(f"{self.address}/hook", json=update, headers=HEADERS)
        return answer.status_code


@contextlib.asynccontextmanager
async def bot_by_webhook(telegram: str, database_url: str) -> AsyncIterator[Started]:
    process = await start_bot(
        env=environment(
            DATABASE_URL=database_url,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram,
            TELEGRAM_MODE="webhook",
            WEBHOOK_URL="https://bot.example.com/hook",
            WEBHOOK_SECRET=WEBHOOK_SECRET,
            COORDINATOR_CHAT_ID="-1",
            SECRET_KEY=SECRET,
            WEB_PORT="0",
        )
    )
    try:
        async with asyncio.timeout(STARTED_WITHIN):
            yield Started(process, (await process.stdout.readline()).decode())
    finally:
        process.kill()
        await process.wait()


async def answered(phone: Phone, times: int) -> float:
    """The seconds until the bot has said so many things."""
    began = time.monotonic()
    async with asyncio.timeout(STARTED_WITHIN):
        while sum("invitation link" in one.get("text", "") for one in phone.messages()) < times:
            await asyncio.sleep(0.05)
    return time.monotonic() - began


async def test_the_second_serves_pages_takes_updates_in_and_takes_over_from_the_first(
    postgresql: PostgresDatabases,
) -> None:
    world = World(TOKEN)
    somebody = Phone(world, world.add_person("Sam", "Stranger", started=True).id)
    with postgresql.fresh() as url:
        async with (
            serving(world) as telegram,
            bot_by_webhook(telegram, url) as first,
            bot_by_webhook(telegram, url) as second,
            httpx.AsyncClient() as browser,
        ):
            assert "is at work" in first.line
            assert re.search(rf"stands by for \S+:{first.process.pid}:\w+;", second.line)
            assert (await browser.get(f"{second.address}/notes")).status_code == 401
            ready = [(await browser.get(f"{one.address}/readyz")).json() for one in (first, second)]
            assert ready[0]["owner"] == "this process"
            assert f":{first.process.pid}:" in ready[1]["owner"]
            assert len(world.calls.all("setWebhook")) == 1

            somebody.send_text("Hello?")
            assert await second.hands_in(world) == 200
            await answered(somebody, 1)

            first.process.kill()
            somebody.send_text("And now?")
            assert await second.hands_in(world) == 200
            assert await answered(somebody, 2) < WITHIN_SECONDS
            await until(lambda: len(world.calls.all("setWebhook")) == 2)
            second.process.terminate()
            assert await second.process.wait() == 0


async def test_one_that_is_asked_to_end_is_followed_at_once(
    postgresql: PostgresDatabases,
) -> None:
    world = World(TOKEN)
    somebody = Phone(world, world.add_person("Sam", "Stranger", started=True).id)
    with postgresql.fresh() as url:
        async with (
            serving(world) as telegram,
            bot_by_webhook(telegram, url) as first,
            bot_by_webhook(telegram, url) as second,
        ):
            first.process.terminate()
            assert await first.process.wait() == 0

            somebody.send_text("Hello?")
            assert await second.hands_in(world) == 200
            assert await answered(somebody, 1) < 5.0
