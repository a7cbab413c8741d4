"""Penalty sheet in a file, or at an address such as a published spreadsheet's (SPEC 6)."""

import asyncio
from pathlib import Path

import aiohttp

from services.ports import SheetSource, SheetUnavailableError

SECONDS = 20
LARGEST = 1024 * 1024
"""Largest sheet in bytes; no agency has so many penalties."""


class SheetFile:
    """A CSV file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self) -> str:
        try:
            return _text(await asyncio.to_thread(self._path.read_bytes))
        except OSError as error:
            raise SheetUnavailableError(error.strerror or type(error).__name__) from None


class SheetAddress:
    """CSV that is fetched with GET."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def read(self) -> str:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as client,
                client.get(self._url) as response,
            ):
                if response.status != 200:
                    raise SheetUnavailableError(f"its address answers {response.status}")
                return _text(await response.content.read(LARGEST + 1))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SheetUnavailableError(type(error).__name__) from None


def sheet_source(setting: str, root: Path) -> SheetSource:
    """Source that the setting PENALTY_SHEET names; a relative path starts at `root`."""
    if setting.startswith(("https://", "http://")):
        return SheetAddress(setting)
    return SheetFile(root / setting)


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise SheetUnavailableError("it is larger than 1 MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetUnavailableError("it is not text in UTF-8") from None
