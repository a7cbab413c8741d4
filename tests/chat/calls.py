"""A bot that calls a server of our own, and such a server."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

from telegram import Bot

from chat.bot_request import AiohttpRequest

TOKEN = "4200000001:AAbbCCddEEff-GGhhIIjjKK"
ME = b'{"ok": true, "result": {"id": 42, "is_bot": true, "first_name": "T", "username": "t_bot"}}'


def request(
    *,
    connections: int = 2,
    read: float = 5.0,
    write: float = 5.0,
    connect: float = 5.0,
    pool: float = 5.0,
    upload: float = 5.0,
) -> AiohttpRequest:
    return AiohttpRequest(
        connection_pool_size=connections,
        read_timeout=read,
        write_timeout=write,
        connect_timeout=connect,
        pool_timeout=pool,
        media_timeout=upload,
    )


@contextlib.asynccontextmanager
async def calling(address: str, using: AiohttpRequest) -> AsyncIterator[Bot]:
    """A bot that has introduced itself to nobody yet."""
    async with using:
        yield Bot(TOKEN, f"{address}/bot", f"{address}/file/bot", request=using)


class Server:
    """Answers every call alike, over connections that stay open; remembers what came."""

    def __init__(self, body: bytes, status: str = "200 OK") -> None:
        self.connections = 0
        self.calls: list[tuple[bytes, bytes]] = []
        length = f"Content-Length: {len(body)}".encode()
        self._answer = b"HTTP/1.1 %s\r\n%s\r\n\r\n%s" % (status.encode(), length, body)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self.calls.append((head, await reader.readexactly(int(length))))
            writer.write(self._answer)


def refusing_port() -> str:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"
