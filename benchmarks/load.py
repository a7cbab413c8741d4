"""Load generator in its own process: sends updates to a webhook, as Telegram does.

`python -m benchmarks.load JSON` (`processes.deliver`) writes the results as JSON.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import aiohttp

from benchmarks.processes import WEBHOOK_SECRET, Delivered
from benchmarks.updates import message

CONNECTIONS = 40
"""Connections that Telegram opens to a webhook by default."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True)
class Order:
    """What to send, and where."""

    webhook: str
    api: str
    text: str
    first_user: int
    count: int
    per_second: float
    wait_seconds: float


class Generator:
    """Sends the updates, and waits for the answers."""

    def __init__(self, order: Order, client: aiohttp.ClientSession) -> None:
        self._order = order
        self._client = client
        self._sent: dict[str, float] = {}
        self._acknowledged: list[float] = []

    async def run(self) -> Delivered:
        """Send everything; return when each chat was answered, or after the longest wait."""
        order = self._order
        await self._client.post(f"{order.api}/reset")
        began = time.monotonic()
        await asyncio.gather(*(self._send(number, began) for number in range(order.count)))
        first = await self._answers(began + order.wait_seconds)
        answered = [first[chat] - at for chat, at in self._sent.items() if chat in first]
        ended = max(first[chat] for chat in self._sent if chat in first)
        missing = order.count - len(answered)
        if missing:
            print(f"{missing} of {order.count} were not answered in time", file=sys.stderr)
        return Delivered(ended - began, self._acknowledged, answered)

    async def _send(self, number: int, began: float) -> None:
        order, user_id = self._order, self._order.first_user + number
        due = began + (number / order.per_second if order.per_second else 0.0)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        update = message(user_id, user_id, order.text)
        self._sent[str(user_id)] = due
        async with self._client.post(order.webhook, json=update) as response:
            if response.status != 200:
                raise RuntimeError(f"the webhook answered {response.status}")
        self._acknowledged.append(time.monotonic() - due)

    async def _answers(self, deadline: float) -> dict[str, float]:
        """When the bot first wrote to each chat, by the shared clock."""
        while True:
            async with self._client.get(f"{self._order.api}/first") as response:
                first: dict[str, float] = await response.json()
            if self._sent.keys() <= first.keys() or time.monotonic() > deadline:
                return first
            await asyncio.sleep(0.1)


async def main(given: dict[str, Any]) -> None:
    """Send, and write the results to standard output."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    headers = {SECRET_HEADER: WEBHOOK_SECRET}
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(
        connector=connector, headers=headers, timeout=timeout
    ) as client:
        print(json.dumps(asdict(await Generator(Order(**given), client).run())))


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
