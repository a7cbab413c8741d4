"""HTTP for calls of the Bot API: python-telegram-bot's `BaseRequest`, on aiohttp.

PTB's own, on httpx, costs several times the CPU (DESIGN 3). A call's address holds the bot's token,
and aiohttp's errors hold the address: none of their text gets out.
"""

import asyncio
import io
import json
import os
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import IO, Any, cast
from urllib.parse import urlencode

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload, Payload
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from chat.slots import outside_slots

FORM = "application/x-www-form-urlencoded"
POOL_TIMEOUT = (
    "Pool timeout: All connections in the connection pool are occupied. Request was *not* sent to "
    "Telegram. Consider adjusting the connection pool size or the pool timeout."
)
NOT_ACTIVE = "Nothing is sent: another process may be the active one by now"
SENDING = ("send", "copy", "forward")
"""Beginnings of the methods that would do it again if they were called again."""
TOLD_BY_THE_LIBRARY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
)
"""Statuses for which PTB has an exception of its own."""


class HttpError(NetworkError):
    """An HTTP status that PTB has no exception for, or one that Telegram itself did not answer."""

    def __init__(self, status: int, description: str | None) -> None:
        """`description` is Telegram's own; None for a page of a proxy, say."""
        super().__init__(description or f"HTTP status {status}, not from Telegram")
        self.status = status


class AnswerLost(TimedOut):
    """No readable answer to a message that was sent: Telegram may have delivered it."""


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
                status, content = answer.status, await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            failure = _translated(error, sends=_sends(url))
        else:
            found = _failure(status, content, sends=_sends(url))
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


def _sends(url: str) -> bool:
    return url.rpartition("/")[2].startswith(SENDING)


def _translated(error: aiohttp.ClientError | OSError, *, sends: bool) -> NetworkError:
    """The error as PTB names it, with the system's own text only: that holds no address."""
    is_timeout = isinstance(error, TimeoutError)
    code = error.errno if isinstance(error, OSError) else None
    reason = f": {os.strerror(code)}" if code and code > 0 else ""
    text = "Timed out" if is_timeout else f"aiohttp.{type(error).__name__}{reason}"
    never_sent = aiohttp.ConnectionTimeoutError | aiohttp.ClientConnectorError | aiohttp.InvalidURL
    if sends and not isinstance(error, never_sent):
        return AnswerLost(text)
    return TimedOut() if is_timeout else NetworkError(text)


def _failure(status: int, body: bytes, *, sends: bool) -> NetworkError | None:
    """The error of an answer that PTB would misread; None for one that it reads well."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        is_whole = body.rstrip().endswith(b"}")
        return AnswerLost("unreadable answer") if sends and not is_whole else None
    if status < HTTPStatus.BAD_REQUEST:
        return None
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    is_own = isinstance(found, dict) and found.get("error_code") == status
    if is_own and (status in TOLD_BY_THE_LIBRARY or found.get("parameters")):
        return None
    return HttpError(status, str(found.get("description")) if is_own else None)
