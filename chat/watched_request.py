"""Calls of the Bot API, counted by method and answer (SPEC 11)."""

from typing import Any

from telegram.error import NetworkError
from telegram.request import RequestData

from chat.bot_request import AiohttpRequest
from services.meters import Meters


class WatchedRequest(AiohttpRequest):
    """`AiohttpRequest` that tells `meters` of every call."""

    def __init__(self, meters: Meters, **options: Any) -> None:
        super().__init__(**options)
        self._meters = meters

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *args: Any,
        **limits: Any,
    ) -> tuple[int, bytes]:
        """The status and body of the answer. Raises TimedOut or NetworkError where none comes."""
        name = url.rpartition("/")[2]
        try:
            status, body = await super().do_request(url, method, request_data, *args, **limits)
        except NetworkError:
            self._meters.telegram_called(name, None)
            raise
        self._meters.telegram_called(name, status)
        return status, body
