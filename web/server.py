"""The HTTP server, in the event loop of the program."""

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from starlette.applications import Starlette

from services.settings import SettingsError
from web.connections import MOST_CONNECTIONS, Connections, RarelyLogged, raise_descriptor_limit

STOP_SECONDS = 2
"""Seconds that responses under way may take when the program ends."""
BACKLOG = 128
"""Connections that the system keeps until they are accepted."""
OUT_OF_RESOURCES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


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
async def serving(
    app: Starlette, listener: socket.socket, connections: Connections | None = None
) -> AsyncIterator[str]:
    """Serve `app` at `listener` until the block ends; yields the address.

    Half of the descriptors that the process may have are left to the rest of the program. Signals
    are, too.
    """
    most = min(MOST_CONNECTIONS, raise_descriptor_limit() // 2)
    connections = connections or Connections(most)
    _log_failing_accepts_rarely(asyncio.get_running_loop())
    config = uvicorn.Config(
        app,
        http=connections.protocol,  # type: ignore[arg-type]
        ws="none",
        lifespan="off",  # the program opens and closes what the pages need
        backlog=BACKLOG,
        log_config=None,  # the program has its own
        log_level="warning",
        access_log=False,  # the address of a sign-in link is a secret
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    serving_task = asyncio.create_task(server.serve([listener]))
    closing_task = asyncio.create_task(connections.keep_closing())
    try:
        while not server.started:
            if serving_task.done():
                await serving_task
            await asyncio.sleep(0)  # a few turns of the loop: nothing is waited for
        host, port = listener.getsockname()[:2]
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await serving_task
        closing_task.cancel()


def _log_failing_accepts_rarely(loop: asyncio.AbstractEventLoop) -> None:
    """Log once a minute that no connection can be accepted: the loop says so a hundred times a
    second. Its other errors are logged as before.
    """
    refused = RarelyLogged("accept_failed")

    def on_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in OUT_OF_RESOURCES and "socket" in context:
            refused.error(error=os.strerror(error.errno))
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(on_error)
