"""The sandbox as a web application: Bot API, files, page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from sandbox.bot_api import BotApi
from sandbox.delivery import WebhookSender
from sandbox.page_api import Jump, NextEvent, PageApi
from sandbox.world import World

SAVE_EVERY_SECONDS = 1.0


def create_app(
    world: World,
    *,
    jump: Jump | None = None,
    next_event: NextEvent | None = None,
    beside: ASGIApp | None = None,
) -> Starlette:
    """The application over a world.

    `jump(target)` is called where the clock is to be moved: it moves `world.clock` itself, step by
    step through what is due, and returns when done. `next_event()` says when something is due next.
    `beside` answers every address that is not the sandbox's own.
    """
    bot_api = BotApi(world)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        world.closing = False
        tasks = [
            asyncio.create_task(_keep_saving(world)),
            asyncio.create_task(WebhookSender(world, bot_api.perform).run()),
        ]
        try:
            yield
        finally:
            world.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    verbs = ["GET", "POST"]
    return Starlette(
        routes=[
            Route("/bot{token}/{method}", bot_api.call, methods=verbs),
            Route("/file/bot{token}/{path:path}", bot_api.download),
            *PageApi(world, jump, next_event).routes(),
            *([Mount("/", beside)] if beside is not None else []),
        ],
        lifespan=lifespan,
    )


async def _keep_saving(world: World) -> None:
    """So that the clock resumes at most a second before it stopped, however it stopped."""
    while True:
        await asyncio.sleep(SAVE_EVERY_SECONDS)
        with world.turn():
            pass


class SandboxServer(uvicorn.Server):
    """A uvicorn server that ends long polls and event streams before it waits for requests."""

    def __init__(self, world: World, app: Starlette, *, port: int, host: str = "127.0.0.1") -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_level="warning",
                access_log=False,
                lifespan="on",
                ws="none",
                # Longer than any client keeps a connection: none is closed under a request.
                timeout_keep_alive=75,
            )
        )
        self._world = world

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._world.close()
        await super().shutdown(sockets)  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def serving(
    world: World,
    *,
    port: int = 0,
    jump: Jump | None = None,
    next_event: NextEvent | None = None,
    beside: ASGIApp | None = None,
) -> AsyncIterator[str]:
    """Serves a world in this event loop on a loopback port (0: a free one); yields its address."""
    app = create_app(world, jump=jump, next_event=next_event, beside=beside)
    server = SandboxServer(world, app, port=port)
    # The embedding program keeps its own signal handling.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                await task
            await asyncio.sleep(0.01)
        bound = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{bound}"
    finally:
        server.should_exit = True
        await task
