"""Posting updates to the webhook: in order within a chat, several chats at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp

from sandbox.bot_api.updates import Pending
from sandbox.bot_api.webhook import Webhook
from sandbox.events import wait_for
from sandbox.wire import Json
from sandbox.world import World

ANSWER_SECONDS = 60.0
IDLE_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 60.0
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name

Perform = Callable[[str, Json], Awaitable[None]]


class WebhookSender:
    """The sender of updates to a webhook; `perform` does calls found in its answers."""

    def __init__(self, world: World, perform: Perform) -> None:
        self._world = world
        self._perform = perform
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        ) as session:
            try:
                while not self._world.closing:
                    ticket = self._world.updates.signal.ticket()
                    pause = self._start_deliveries(session)
                    await wait_for(ticket, pause)
            finally:
                for task in self._busy.values():
                    task.cancel()
                await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def _start_deliveries(self, session: aiohttp.ClientSession) -> float:
        world = self._world
        webhook = world.webhook
        with world.turn():
            waiting = world.updates.waiting(world.now()) if webhook.url else []
            due = world.updates.next_ready_at()
        for pending in waiting:
            if len(self._busy) >= webhook.max_connections:
                break
            if pending.chat_id not in self._busy:
                task = asyncio.create_task(self._deliver(session, webhook, pending))
                self._busy[pending.chat_id] = task
                task.add_done_callback(partial(self._finished, pending.chat_id))
        if due is None:
            return IDLE_SECONDS
        return max((due - world.now()).total_seconds(), 0.01)

    def _finished(self, chat_id: int, _task: asyncio.Task[None]) -> None:
        del self._busy[chat_id]
        self._world.updates.signal.notify()

    async def _deliver(
        self, session: aiohttp.ClientSession, webhook: Webhook, pending: Pending
    ) -> None:
        """Try until the update is accepted or too old, or the webhook changes."""
        pause = self._world.webhook_retry_seconds
        while self._world.webhook is webhook and pending.expires_at > self._world.now():
            retry_after, problem = await self._post(session, webhook, pending)
            if not problem:
                with self._world.turn():
                    self._world.updates.drop(pending)
                return
            webhook.last_error_date = self._world.stamp()
            webhook.last_error_message = problem
            await asyncio.sleep(pause if retry_after is None else retry_after)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _post(
        self, session: aiohttp.ClientSession, webhook: Webhook, pending: Pending
    ) -> tuple[float | None, str]:
        """Post once; returns the Retry-After pause and the problem, empty where accepted."""
        headers = {_SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        try:
            async with session.post(webhook.url, json=pending.update, headers=headers) as response:
                if not 200 <= response.status < 300:
                    asked = response.headers.get("Retry-After", "")
                    words = f"{response.status} {response.reason}"
                    problem = f"Wrong response from the webhook: {words}"
                    return float(asked) if asked.isdecimal() else None, problem
                answer = await _json_or_none(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = (
                "Connection timed out" if isinstance(error, TimeoutError) else "Connection refused"
            )
            return None, problem
        if isinstance(answer, dict) and isinstance(answer.get("method"), str):
            await self._perform(answer.pop("method"), answer)
        return None, ""


async def _json_or_none(response: aiohttp.ClientResponse) -> Any:
    try:
        return await response.json(content_type=None)
    except ValueError:
        return None
