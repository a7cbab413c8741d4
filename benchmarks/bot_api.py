"""Stub of the Bot API over HTTP, in its own process: answers each call after a delay.

`python -m benchmarks.bot_api SECONDS` writes its address when it is ready. It records when each
chat got its first message, by the clock that all processes of a machine share.
"""

import asyncio
import itertools
import json
import sys
import time

from aiohttp import web

from benchmarks.stub_request import ME, MESSAGE, TRUE

WRITES = frozenset({"sendMessage", "editMessageText"})


class Stub:
    """Answers calls, and records which chats got messages."""

    def __init__(self, delay_seconds: float) -> None:
        self._delay_seconds = delay_seconds
        self._first: dict[str, float] = {}
        self._numbers = itertools.count(1_000_000)

    async def call(self, request: web.Request) -> web.Response:
        """Answer a method of the Bot API."""
        arrived = time.monotonic()
        method = request.match_info["method"]
        given = await self._parameters(request)
        if method in WRITES:
            self._first.setdefault(given["chat_id"], arrived)
        await asyncio.sleep(self._delay_seconds)
        return web.Response(body=self._answer(method, given), content_type="application/json")

    def _answer(self, method: str, given: dict[str, str]) -> bytes:
        if method == "getMe":
            return ME
        if method == "getUpdates":
            return b'{"ok":true,"result":[]}'
        if method in WRITES:
            number = given.get("message_id") or next(self._numbers)
            return MESSAGE.format(number, given["chat_id"]).encode()
        return TRUE

    async def _parameters(self, request: web.Request) -> dict[str, str]:
        if request.content_type == "application/json":
            return {name: str(value) for name, value in json.loads(await request.read()).items()}
        return {name: str(value) for name, value in (await request.post()).items()}

    async def first(self, _request: web.Request) -> web.Response:
        """When each chat got its first message since the last `reset`."""
        return web.json_response(self._first)

    async def reset(self, _request: web.Request) -> web.Response:
        """Forget what was recorded."""
        self._first.clear()
        return web.Response()


async def serve(delay_seconds: float) -> None:
    """Serve until the process is ended."""
    stub = Stub(delay_seconds)
    app = web.Application()
    app.router.add_get("/first", stub.first)
    app.router.add_post("/reset", stub.reset)
    app.router.add_route("*", "/bot{token}/{method}", stub.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"ready at http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
