"""A raw client of the Bot API, and pictures to send."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import httpx
from PIL import Image

from sandbox.clock import MovableClock
from sandbox.wire import Json

TOKEN = "4200000001:test-token"
Files = dict[str, tuple[str, bytes, str]]


class BotClient:
    """Calls methods as a bot would, without any library in between."""

    def __init__(self, client: httpx.AsyncClient, base: str, token: str = TOKEN) -> None:
        self.client = client
        self.base = base
        self.token = token

    async def post(self, method: str, files: Files | None = None, **fields: Any) -> httpx.Response:
        url = f"{self.base}/bot{self.token}/{method}"
        if files is None:
            return await self.client.post(url, json=fields)
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in fields.items()
        }
        return await self.client.post(url, data=form, files=files)

    async def ok(self, method: str, files: Files | None = None, **fields: Any) -> Any:
        """The result of a call that must succeed."""
        response = await self.post(method, files, **fields)
        assert response.status_code == 200, response.text
        return response.json()["result"]

    async def refused(self, method: str, files: Files | None = None, **fields: Any) -> Json:
        """The answer to a call that must fail, whose HTTP status must be its error code."""
        response = await self.post(method, files, **fields)
        answer: Json = response.json()
        assert answer["ok"] is False, answer
        assert response.status_code == answer["error_code"]
        return answer

    async def refusal(self, method: str, files: Files | None = None, **fields: Any) -> str:
        """Code and description of a call that must fail, as one line."""
        answer = await self.refused(method, files, **fields)
        return f"{answer['error_code']} {answer['description']}"

    async def updates(self, **fields: Any) -> list[Json]:
        """Everything that waits, confirmed at once."""
        found: list[Json] = await self.ok("getUpdates", **fields)
        if found:
            await self.ok("getUpdates", offset=found[-1]["update_id"] + 1, limit=1)
        return found


class StillClock(MovableClock):
    """Moves only when it is moved, so that nothing depends on how fast the machine is."""

    def __init__(self) -> None:
        super().__init__()
        self.instant = datetime(2026, 11, 26, 15, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def move_to(self, target: datetime) -> None:
        self.instant = target


def picture(width: int = 640, height: int = 480, kind: str = "PNG") -> bytes:
    """A plain picture as a file."""
    encoded = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(encoded, kind)
    return encoded.getvalue()
