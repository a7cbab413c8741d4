"""Download of files from Telegram in chunks, so that their bytes can be counted on the way.

PTB's own download gives the whole body at once. The address holds the bot's token, so it is never
logged and never part of an error's text.
"""

from collections.abc import AsyncIterator
from http import HTTPStatus

import aiohttp
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from services.media.limits import LIMITS, MEBIBYTE
from services.media.refusals import FileRefusal, FileRefused
from services.ports import FileGoneError, FileUnavailableError

TIMEOUT = aiohttp.ClientTimeout(connect=20.0, sock_read=20.0)
"""Seconds to connect, and seconds without a byte: a download fails after either."""
CHUNK_BYTES = 64 * 1024


class TelegramFiles:
    """Telegram as a `services.ports.FileSource`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._session: aiohttp.ClientSession | None = None  # opened in the loop that uses it

    async def open(self, telegram_file_id: str) -> AsyncIterator[bytes]:
        """The bytes of a file.

        Raises FileGoneError where Telegram does not have the file, FileRefused (too_large) where
        it is larger than bots may download, FileUnavailableError where a later try may succeed.
        """
        address = await self._address(telegram_file_id)
        try:
            async with self._opened().get(address, allow_redirects=False) as answer:
                if answer.status == HTTPStatus.NOT_FOUND:
                    raise FileGoneError
                if not answer.ok:
                    raise FileUnavailableError
                async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
                    yield chunk
        except (aiohttp.ClientError, OSError):
            raise FileUnavailableError from None  # its text may hold the address

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    async def _address(self, telegram_file_id: str) -> str:
        try:
            file = await self._bot.get_file(telegram_file_id)
        except BadRequest as error:
            if "too big" in error.message.lower():  # Telegram gives no code of its own for it
                limit = max(LIMITS.values()) // MEBIBYTE
                raise FileRefused(FileRefusal.TOO_LARGE, limit_mb=limit) from None
            raise FileGoneError from None
        except Forbidden:
            raise FileGoneError from None
        except TelegramError:
            raise FileUnavailableError from None
        if not file.file_path:
            raise FileUnavailableError
        return file.file_path
