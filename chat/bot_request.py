"""HTTP for calls of the Bot API: python-telegram-bot's `BaseRequest`, on aiohttp.

PTB's own, on httpx, costs several times the CPU (DESIGN 3).
"""

import asyncio
import io
from collections.abc import Callable, Mapping
from typing import IO, Any, cast
from urllib.parse import urlencode

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload, Payload
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from chat.bot_answers import Body, failure_of, sends, translated
from chat.slots import outside_slots

FORM = "application/x-www-form-urlencoded"
POOL_TIMEOUT = (
    "Pool timeout: All connections in the connection pool are occupied. Request was *not* sent to "
    "Telegram. Consider adjusting the connection pool size or the pool timeout."
)
NOT_ACTIVE = "Nothing is sent: another process may be the active one by now"


class NoFreeConnection(TimedOut):
    """All connections of the pool were in use for too long: nothing was sent."""


class AiohttpRequest(BaseRequest):
    """A pool of kept-alive connections; `initialize` opens it in the running loop.

    All limits are seconds. `read_timeout` and `write_timeout` apply to each wait for the other
    side, `media_timeout` instead of both where files are uploaded, `connect_timeout` to a new
    connection, `pool_timeout` to the wait for a free one. During a call the caller's slot is free.
    Nothing is sent while `may_call` answers no.
    """

    def __init__(
        self,
        *,
        connection_pool_size: int,
        read_timeout: float,
        write_timeout: float,
        connect_timeout: float,
        pool_timeout: float,
        media_timeout: float,
        may_call: Callable[[], bool] = lambda: True,
    ) -> None:
        self._may_call = may_call
        self._connections = connection_pool_size
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._media_timeout = media_timeout
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(connection_pool_size)

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool; harmless when repeated."""
        if self._session is None:
            self._free = asyncio.Semaphore(self._connections)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),  # `_free` limits, and times the wait
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=False,
            )

    async def shutdown(self) -> None:
        """Close every connection; harmless when repeated."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and body of the answer.

        Raises HttpError, AnswerLost, NoFreeConnection, or TimedOut or NetworkError where nothing
        was sent or it does no harm to call again.
        """
        if self._session is None:
            raise RuntimeError("This AiohttpRequest is not initialized!")
        is_upload = request_data is not None and request_data.contains_files
        limits = aiohttp.ClientTimeout(
            connect=_chosen(connect_timeout, self._connect_timeout),
            sock_read=_chosen(
                read_timeout, self._media_timeout if is_upload else self._read_timeout
            ),
        )
        with outside_slots():
            await self._wait_for_connection(_chosen(pool_timeout, self._pool_timeout))
            try:
                body = self._body(request_data, write_timeout)
                return await self._answer(self._session, method, url, body, limits)
            finally:
                self._free.release()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The JSON of an answer. Raises UnreadableAnswerError."""
        body = payload if isinstance(payload, Body) else Body(payload)
        return cast(dict[str, Any], body.said)

    async def _answer(
        self,
        session: aiohttp.ClientSession,
        method: str,
        url: str,
        body: Payload | None,
        limits: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        if not self._may_call():
            raise NetworkError(NOT_ACTIVE)
        try:
            async with session.request(
                method, url, data=body, timeout=limits, allow_redirects=False
            ) as answer:
                status, content = answer.status, Body(await answer.read())
        except (aiohttp.ClientError, OSError) as error:
            failure = translated(error, is_sending=sends(url))
        else:
            found = failure_of(status, content, is_sending=sends(url))
            if found is None:
                return status, content
            failure = found
        raise failure  # here, so that the error it stands for, and the address, is not its context

    def _body(self, data: RequestData | None, write_timeout: Any) -> Payload | None:
        if data is None:
            return None
        fields = data.json_parameters
        if data.contains_files:
            body, usual = _multipart(fields, data.multipart_data), self._media_timeout
        else:
            body, usual = _form(fields), self._write_timeout
        return _TimedBody(body, _chosen(write_timeout, usual))

    async def _wait_for_connection(self, seconds: float | None) -> None:
        """Take one of the pool's connections. Raises TimedOut where none is free in time."""
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
        except TimeoutError:
            raise NoFreeConnection(POOL_TIMEOUT) from None


class _TimedBody(Payload):
    """A request body with a time limit, in seconds, for each write."""

    def __init__(self, body: Payload, seconds: float | None) -> None:
        super().__init__(body, headers=body.headers, content_type=None)
        self._body = body
        self._size = body.size
        self._seconds = seconds

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._body.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        timed = _TimedWriter(writer, self._seconds)
        await self._body.write(cast(AbstractStreamWriter, timed))
        await timed.drain()


class _TimedWriter:
    """The writer of a `_TimedBody`, which applies the limit."""

    def __init__(self, writer: AbstractStreamWriter, seconds: float | None) -> None:
        self._writer = writer
        self._seconds = seconds

    async def write(self, chunk: bytes) -> None:
        async with asyncio.timeout(self._seconds):
            await self._writer.write(chunk)

    async def drain(self) -> None:
        async with asyncio.timeout(self._seconds):
            await self._writer.drain()


def _chosen(seconds: Any, default: float) -> float | None:
    """The limit in seconds that a call asks for; None means no limit."""
    return default if seconds is BaseRequest.DEFAULT_NONE else cast(float | None, seconds)


def _form(fields: Mapping[str, str]) -> Payload:
    return BytesPayload(urlencode(fields).encode(), content_type=FORM)


def _multipart(
    fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes | IO[bytes], str]]
) -> Payload:
    """A form with files; an open file is read to its end, and left open."""
    body = aiohttp.MultipartWriter("form-data")
    for name, value in fields.items():
        part = body.append(value)
        part.set_content_disposition("form-data", quote_fields=False, name=name)
    for name, (file_name, content, media_type) in files.items():
        data = io.BytesIO(content if isinstance(content, bytes) else content.read())
        part = body.append(data, {"Content-Type": media_type})
        part.set_content_disposition("form-data", quote_fields=False, name=name, filename=file_name)
    return body
