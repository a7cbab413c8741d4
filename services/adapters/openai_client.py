"""Server with OpenAI's API, OpenAI's own or another, called through its library (SPEC 4, 11)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from services.adapters.missing_path import NoSuchPathError

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

ADDRESS = "https://api.openai.com/v1"
SECONDS = 30.0
"""Timeout in seconds of a call without files; the library's default is ten minutes."""
BYTES_PER_SECOND = 100_000
"""Files extend the timeout, by the time to send and process them at this rate."""
NO_KEY = "none"
"""Key that is sent where none is set: the library requires one, many servers do not."""
NUL = "\x00"
"""Character that a model may write, and that a database cannot store."""

T = TypeVar("T")


class OpenAiClient:
    """Client of one server, without retries: callers know when to try again.

    Imports and connects only on the first call; call `close` at the end.
    """

    def __init__(
        self,
        api_key: str | None,
        base_url: str | None = None,
        *,
        seconds: float = SECONDS,
        http_client: "httpx2.AsyncClient | None" = None,
    ) -> None:
        self._api_key = api_key or NO_KEY
        self._base_url = base_url or ADDRESS
        self._seconds = seconds
        self._http_client = http_client
        self._opening = asyncio.Lock()
        self._opened: AsyncOpenAI | None = None

    async def ask(
        self,
        question: Callable[["AsyncOpenAI"], Awaitable[T]],
        *,
        file_bytes: int = 0,
        path_may_be_missing: bool = False,
    ) -> T:
        """Result of `question`; `file_bytes` is the size of its files.

        Raises `ModelUnavailableError`, which is a `NoSuchPathError` where the server lacks this
        part of the API, and `ModelUnusableError`.
        """
        client = await self._open()
        from services.adapters.openai_errors import vendor_errors  # noqa: PLC0415 - see _imported

        seconds = self._seconds + file_bytes / BYTES_PER_SECOND
        with vendor_errors(path_may_be_missing=path_may_be_missing):
            # The library's timeout starts again with every byte that arrives.
            async with asyncio.timeout(seconds):
                return await question(client.with_options(timeout=seconds))

    async def require(self, model: str) -> None:
        """Check that the server answers, accepts the key and has `model`; raises as `ask`.

        A server that does not list its models is trusted to have it.
        """
        try:
            listed = await self.ask(_listed, path_may_be_missing=True)
        except NoSuchPathError:
            return
        if model in listed:
            return
        # Not on the list: an alias, or a typing error.
        await self.ask(lambda client: client.models.retrieve(model))

    async def close(self) -> None:
        """Close the connections; call it when no call is under way."""
        if self._opened is not None:
            await self._opened.close()

    async def _open(self) -> "AsyncOpenAI":
        async with self._opening:
            if self._opened is None:
                # In a thread, so that the import blocks nobody.
                self._opened = await asyncio.to_thread(self._imported)
            return self._opened

    def _imported(self) -> "AsyncOpenAI":
        # Half a second and 47 MB, saved until there is something to ask.
        import openai  # noqa: PLC0415

        client = openai.AsyncOpenAI(
            api_key=self._api_key,
            base_url=self._base_url,
            timeout=self._seconds,
            max_retries=0,
            http_client=self._http_client,
        )
        # The library itself imports these parts only when they are first used.
        _ = (client.responses, client.chat.completions, client.audio.transcriptions, client.models)
        return client


async def _listed(client: "AsyncOpenAI") -> set[str]:
    return {model.id for model in (await client.models.list()).data}
