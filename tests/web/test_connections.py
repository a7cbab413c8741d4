"""Connections that ask nothing, or letter by letter, stop nobody (real sockets)."""

import asyncio
import contextlib
import resource
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from tests.descriptors import soft_limit
from web.connections import ENOUGH_DESCRIPTORS, Connections, raise_descriptor_limit
from web.server import listen, serving

IDLE = 1_100
"""So many idle connections stopped the bot once."""
REQUEST = b"GET / HTTP/1.1\r\nHost: example.com\r\n"
AT_ONCE = 1.0
"""Seconds within which a page is answered."""


class Held:
    """An application that answers at once, or under `/slow` once it is let."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.began = 0

    async def answer(self, request: Request) -> Response:
        if request.url.path == "/slow":
            self.began += 1
            await self.let_go.wait()
        return PlainTextResponse("hello")

    @property
    def app(self) -> Starlette:
        routes = [Route(path, self.answer) for path in ("/", "/slow")]
        return Starlette(routes=routes)


class Server:
    """A server at a port of its own."""

    def __init__(self, address: str) -> None:
        self._writers: list[asyncio.StreamWriter] = []
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or 0

    async def opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        opened = await asyncio.open_connection(self.host, self.port)
        self._writers.append(opened[1])
        return opened

    async def close(self) -> None:
        """Close every connection from this side."""
        for writer in self._writers:
            writer.close()
        for writer in self._writers:
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        self._writers.clear()

    async def answers(self) -> bool:
        """Whether a new connection gets its answer at once."""
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(AT_ONCE):
                reader, writer = await self.opened()
                writer.write(REQUEST + b"Connection: close\r\n\r\n")
                return (await reader.read()).endswith(b"hello")
        return False


@contextlib.asynccontextmanager
async def served(
    connections: Connections | None = None, held: Held | None = None
) -> AsyncIterator[Server]:
    app = (held or Held()).app
    with contextlib.closing(listen("127.0.0.1", 0)) as listener:
        async with serving(app, listener, connections) as address:
            server = Server(address)
            try:
                yield server
            finally:
                await server.close()


async def closed_within(reader: asyncio.StreamReader, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await reader.read()
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


async def test_eleven_hundred_idle_connections_stop_nobody() -> None:
    async with served() as server:
        for _ in range(IDLE):
            await server.opened()

        assert await server.answers()

        await server.close()
        assert await server.answers()


async def test_the_oldest_idle_connection_makes_room_for_a_new_one() -> None:
    async with served(Connections(most=2)) as server:
        oldest, _ = await server.opened()
        younger, _ = await server.opened()
        await asyncio.sleep(0.05)

        with capture_logs() as told:
            assert await server.answers()
            assert await server.answers()

        assert await closed_within(oldest, 0.5)
        assert not await closed_within(younger, 0.2)
    assert [line["event"] for line in told] == ["connections_at_limit"]


async def test_at_the_limit_requests_under_way_go_on_and_a_newcomer_has_to_wait() -> None:
    held = Held()
    async with served(Connections(most=2), held) as server:
        under_way = [await server.opened() for _ in range(2)]
        for _, writer in under_way:
            writer.write(b"GET /slow HTTP/1.1\r\nHost: example.com\r\n\r\n")
        while held.began < 2:
            await asyncio.sleep(0.01)

        assert not await server.answers()
        held.let_go.set()

        for reader, _ in under_way:
            assert await reader.readuntil(b"hello")
        assert await server.answers()


async def test_at_the_limit_a_request_without_end_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("web.connections.BUSY_SECONDS", 0.05)
    held = Held()
    async with served(Connections(most=1), held) as server:
        _, writer = await server.opened()
        writer.write(b"GET /slow HTTP/1.1\r\nHost: example.com\r\n\r\n")
        while held.began < 1:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)

        assert await server.answers()
        held.let_go.set()


async def test_headers_that_come_letter_by_letter_are_not_waited_for() -> None:
    async with served(Connections(header_seconds=0.4)) as server:
        reader, writer = await server.opened()

        async def drip() -> None:
            with contextlib.suppress(ConnectionError):
                for letter in REQUEST:
                    writer.write(bytes([letter]))
                    await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        assert await closed_within(reader, 1.0)
        dripping.cancel()


async def test_a_kept_connection_has_the_same_time_for_each_request() -> None:
    async with served(Connections(header_seconds=0.4)) as server:
        reader, writer = await server.opened()
        for _ in range(4):
            await asyncio.sleep(0.2)
            writer.write(REQUEST + b"\r\n")
            assert await reader.readuntil(b"hello")

        writer.write(REQUEST)
        assert await closed_within(reader, 1.0)


async def test_an_answer_may_take_longer_than_the_headers() -> None:
    held = Held()
    async with served(Connections(header_seconds=0.2), held) as server:
        reader, writer = await server.opened()
        writer.write(b"GET /slow HTTP/1.1\r\nHost: example.com\r\n\r\n")
        await asyncio.sleep(0.6)
        held.let_go.set()

        assert await reader.readuntil(b"hello")


async def test_without_descriptors_it_is_logged_once_and_connections_are_taken_later() -> None:
    async with served() as server:
        clients = [socket.socket() for _ in range(3)]
        with capture_logs() as told, soft_limit(clients[-1].fileno() + 1):
            for client in clients:
                client.setblocking(False)
                await asyncio.get_running_loop().sock_connect(client, (server.host, server.port))
            await asyncio.sleep(1.5)
        assert await server.answers()
        for client in clients:
            client.close()

    assert [line["event"] for line in told] == ["accept_failed"]


def test_the_soft_limit_of_descriptors_is_raised_as_far_as_allowed_and_useful() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with soft_limit(256):
        raised = raise_descriptor_limit()

        assert raised == min(hard, ENOUGH_DESCRIPTORS)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (raised, hard)
        assert raise_descriptor_limit() == raised
