"""Bot API without a socket: answers each call at once, with prepared JSON."""

import itertools
import json
from typing import Any

from telegram.request import BaseRequest, RequestData

TOKEN = "4200000001:AAbbCCddEEff-GGhhIIjjKKllMMnnOO"
BOT = {"id": 4_200_000_001, "is_bot": True, "first_name": "Tutorline", "username": "stub_bot"}
SENDS = frozenset({"sendMessage", "sendPhoto", "sendDocument", "editMessageText"})
TRUE = b'{"ok":true,"result":true}'
ME = json.dumps({"ok": True, "result": BOT}).encode()
MESSAGE = (
    '{{"ok":true,"result":{{"message_id":{},"date":1764000000,"text":"stub",'
    '"chat":{{"id":{},"type":"private","first_name":"Somebody"}},'
    '"from":{{"id":4200000001,"is_bot":true,"first_name":"Tutorline","username":"stub_bot"}}}}}}'
)


class StubRequest(BaseRequest):
    """Replacement of the HTTP client, for the product and for the floor."""

    def __init__(self) -> None:
        self.calls = 0
        self.sent = 0
        """Number of messages sent, without edits."""
        self._numbers = itertools.count(1_000_000)

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **_more_timeouts: Any,
    ) -> tuple[int, bytes]:
        del method
        self.calls += 1
        name = url.rpartition("/")[2]
        if name == "getMe":
            return 200, ME
        if name not in SENDS or request_data is None:
            return 200, TRUE
        parameters = request_data.parameters
        number = parameters.get("message_id")
        if number is None:
            self.sent += 1
            number = next(self._numbers)
        return 200, MESSAGE.format(number, parameters["chat_id"]).encode()
