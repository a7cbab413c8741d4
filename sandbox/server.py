"""The sandbox as a web application: Bot API, files, page."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from sandbox.bot_api.endpoint import BotApi
from sandbox.bot_api.webhook_sender import WebhookSender
from sandbox.page.api import AskFirstSteps, AskNextEvent, Jump, PageApi
from sandbox.world import World

SAVE_EVERY_SECONDS = 1.0
STOP_STEP_SECONDS = 0.005


def create_app(
    world: World,
    *,
    jump: Jump | None = None,
    next_event: AskNextEvent | None = None,
    first_steps: AskFirstSteps | None = None,
    beside: ASGIApp | None = None,
) -> Starlette:
    """Build the web application for a world.

    `jump(target)` moves `world.clock` and does everything due on the way; without it the clock is
    simply moved. `next_event()` tells what is seen next, and `first_steps()` what a newcomer may
    try. `beside` answers every address that is not the sandbox's own.
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
            *PageApi(world, jump, next_event, first_steps).routes(),
            *([Mount("/", beside)] if beside is not None else []),
        ],
        lifespan=lifespan,
    )


async def _keep_saving(world: World) -> None:
    """Save every second, so that a restarted clock is at most a second behind."""
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
                log_config=None,  # the program has its own
                log_level="warning",
                access_log=False,
                lifespan="on",
                ws="none",
                # Longer than any client keeps a connection: none is closed under a request.
                timeout_keep_alive=75,
            )
        )
        self._world = world

    async def shutdown(self, sockets: object = None) -> None:  # noqa: ARG002 - it has its own
        """Stop as uvicorn does, but without its fixed pauses: tests stop hundreds of servers."""
        self._world.close()
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self._is_answering() and not self.force_exit:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(STOP_STEP_SECONDS)
        await self.lifespan.shutdown()

    def _is_answering(self) -> bool:
        return bool(self.server_state.connections or self.server_state.tasks)


@contextlib.asynccontextmanager
async def serving(
    world: World,
    *,
    port: int = 0,
    listener: socket.socket | None = None,
    jump: Jump | None = None,
    next_event: AskNextEvent | None = None,
    first_steps: AskFirstSteps | None = None,
    beside: ASGIApp | None = None,
) -> AsyncIterator[str]:
    """Serve a world in this event loop at `listener`, or on a loopback port (0: a free one); yields
    its address.

    Signals stay the program's own.
    """
    app = create_app(
        world, jump=jump, next_event=next_event, first_steps=first_steps, beside=beside
    )
    server = SandboxServer(world, app, port=port)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([listener] if listener else None)
    ticking = asyncio.create_task(server.main_loop())
    try:
        bound = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{bound}"
    finally:
        ticking.cancel()
        await server.shutdown()
