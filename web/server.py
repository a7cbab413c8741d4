"""The HTTP server, in the event loop of the program."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette

from services.settings import SettingsError

STOP_SECONDS = 2
"""Seconds that responses under way may take when the program ends."""


def listen(host: str, port: int) -> socket.socket:
    """Listen at `host`:`port`; 0 is any free port. Raises OSError where it cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.create_server((host, port), family=family)
    # asyncio disables Nagle's algorithm only where the protocol is given: otherwise a page on a
    # kept-alive connection waits 40 ms for the acknowledgement of the one before.
    return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, taken.detach())


def listen_as_set(host: str, port: int) -> socket.socket:
    """Listen at WEB_HOST:WEB_PORT. Raises `SettingsError` where it cannot be used."""
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(f"WEB_PORT: {port} is taken; set another") from None
        raise SettingsError(f"WEB_HOST, WEB_PORT: {error.strerror}") from None


@contextlib.asynccontextmanager
async def serving(app: Starlette, listener: socket.socket) -> AsyncIterator[str]:
    """Serve `app` at `listener` until the block ends; yields the address.

    Signals are left to the program.
    """
    config = uvicorn.Config(
        app,
        log_config=None,  # the program has its own
        log_level="warning",
        access_log=False,  # the address of a sign-in link is a secret
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
