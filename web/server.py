"""Serving over HTTP, in the event loop of the program."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute


@contextlib.asynccontextmanager
async def serving(routes: Sequence[BaseRoute], host: str, port: int) -> AsyncIterator[None]:
    """Serve `routes` at `host`:`port` until the block ends; signals stay the program's own.

    Raises SystemExit where the port is taken.
    """
    config = uvicorn.Config(
        Starlette(routes=routes), host=host, port=port, log_level="warning", access_log=False
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    serving_task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving_task.done():
                await serving_task
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await serving_task
