"""Bare Starlette page on the product's web server, in its own process.

asyncio turns Nagle's algorithm off for its socket, so that the page is as fast as possible.
"""

import socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route


async def _page(_request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>Notes</title><h1>Notes</h1>")


def main() -> None:
    """Serve until the process is ended."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    app = Starlette(routes=[Route("/", _page)])
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    print(f"ready at http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
