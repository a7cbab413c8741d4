"""Serving over HTTP, in the event loop of the program."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette

from services.settings import SettingsError

STOP_SECONDS = 5
"""How long answers under way may take when the program ends."""


def listen(host: str, port: int) -> socket.socket:
    """Take `host`:`port`, 0 being any free port. Raises OSError where it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.create_server((host, port), family=family)
    # asyncio turns Nagle's algorithm off only where the protocol is named: without, a page on a
    # connection that is kept alive waits 40 ms for the acknowledgement of the one before.
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, taken.detach())


def listen_as_set(host: str, port: int) -> socket.socket:
    """Take WEB_HOST:WEB_PORT. Raises `SettingsError` where that cannot be."""
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(f"WEB_PORT: {port} is taken; set another") from None
        raise SettingsError(f"WEB_HOST, WEB_PORT: {error.strerror}") from None


@contextlib.asynccontextmanager
async def serving(app: Starlette, listener: socket.socket) -> AsyncIterator[str]:
    """Serve `app` at `listener` until the block ends; yields the address.

    Signals stay the program's own.
    """
    config = uvicorn.Config(
        app,
        log_config=None,  # the program's own
        log_level="warning",
        access_log=False,  # addresses of sign-in links are keys
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    serving_task = asyncio.create_task(server.serve([listener]))
    try:
        while not server.started:
            if serving_task.done():
                await serving_task
            await asyncio.sleep(0.01)
        host, port = listener.getsockname()[:2]
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await serving_task
