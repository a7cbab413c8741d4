"""The bot side at work against the sandbox: what tests of chat and handlers stand on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from chat.app_context import AppContext
from chat.context import App, build_application
from chat.conversation_states import ConversationStates
from jobs.update_worker import UpdateWorker
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.wire import Json
from sandbox.world import World
from services.messaging import inbox
from services.sessions.penalty_sheet import Penalties
from tests.builders import AGENCY, SIGN_IN
from tests.fakes import FixedClock, MemoryMedia
from tests.open_database import OpenDatabase

BOT_ID = 4_200_000_001
TOKEN = f"{BOT_ID}:test-token"
GROUP_ID = -4_000_000_009


@dataclass
class Bench:
    """A world, an app context, and the application that serves it; nothing runs by itself."""

    world: World
    app: AppContext
    clock: FixedClock
    states: ConversationStates
    application: App

    @property
    def database(self) -> OpenDatabase:
        return opened(self.app)

    def phone(self, user_id: int, chat_id: int | None = None) -> Phone:
        return Phone(self.world, user_id, chat_id)

    def worker(self, *, width: int = 32) -> UpdateWorker:
        """A worker that does not wait long between tries."""
        return UpdateWorker(
            self.application,
            self.app,
            self.states,
            width=width,
            pauses=(0.01, 0.01),
            look_every=60.0,
        )

    def impatient(self, seconds: float = 0.2) -> None:
        """Make the bot wait so long for an answer, and no longer."""
        self.application.bot.request._read_timeout = seconds  # type: ignore[attr-defined]

    def fetch(self) -> list[Json]:
        """Take what the world has for the bot, as a poller does."""
        with self.world.turn():
            found = self.world.updates.deliver(100, self.world.now())
            if found:
                self.world.updates.confirm(found[-1]["update_id"] + 1, self.world.now())
        return found

    def take_in(self) -> list[Json]:
        """Move what the world has for the bot into the inbox; the worker is not told."""
        found = self.fetch()
        with self.database.unit_of_work() as session:
            inbox.store(session, BOT_ID, found, self.clock.now())
        return found

    def calls(self, method: str) -> list[Json]:
        """The calls of a method that the world accepted."""
        return [call for call in self.world.calls.all(method) if call["status"] == 200]


def opened(app: AppContext) -> OpenDatabase:
    """The app's database, as `make_app_context` made it."""
    if not isinstance(app.database, OpenDatabase):
        raise TypeError("not the database of a test")
    return app.database


def make_app_context(url: str, clock: FixedClock | None = None) -> AppContext:
    return AppContext(
        database=OpenDatabase(url),
        clock=clock or FixedClock(),
        agency=AGENCY,
        media=MemoryMedia(),
        coordinator_chat_id=GROUP_ID,
        penalties=Penalties(),
        sign_in=SIGN_IN,
    )


@contextlib.asynccontextmanager
async def bench(url: str, world: World | None = None) -> AsyncIterator[Bench]:
    """A bench on a fresh database and, unless one is given, a world of its own."""
    world = world or World(TOKEN, rates=None)
    clock = FixedClock()
    app = make_app_context(url, clock)
    states = ConversationStates()
    async with serving(world) as address:
        application = build_application(app, states, world.token, api_url=address)
        async with application:
            yield Bench(world, app, clock, states, application)
    await app.database.close()


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = 10.0) -> None:
    """Wait for something to become true; fails where it does not within `seconds`."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.01)
