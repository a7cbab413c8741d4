"""The method getUpdates: wait for updates; a second poller ends the first."""

from __future__ import annotations

import time
from datetime import datetime

from sandbox.bot_api.call import Call
from sandbox.events import wait_for
from sandbox.wire import ApiError, Json
from sandbox.world import World

MAX_TIMEOUT_SECONDS = 50
_WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook "
    "first"
)
_OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


async def get_updates(world: World, call: Call) -> list[Json]:
    """Up to `limit` updates, as soon as there are any or after `timeout` seconds."""
    updates = world.updates
    limit = min(max(call.number("limit", 100), 1), 100)
    timeout = min(max(call.number("timeout"), 0), MAX_TIMEOUT_SECONDS)
    with world.turn():
        if world.webhook.url:
            raise ApiError(_WEBHOOK_ACTIVE, 409)
        if "allowed_updates" in call.fields:
            updates.allowed = call.fields["allowed_updates"]
        updates.confirm(call.number("offset"), world.now())
        updates.poller += 1
        mine = updates.poller
        updates.signal.notify()
    # Real time: a long poll lasts as long as its HTTP request, however the clock is moved.
    deadline = time.monotonic() + timeout
    while True:
        ticket = updates.signal.ticket()
        with world.turn():
            _check_still_polling(world, mine)
            batch = updates.deliver(limit, world.now())
            due = updates.next_ready_at()
        remaining = deadline - time.monotonic()
        if batch or remaining <= 0 or world.closing:
            return batch
        await wait_for(ticket, _until(due, world.now(), remaining))


def _check_still_polling(world: World, mine: int) -> None:
    if world.webhook.url:
        raise ApiError("terminated by setWebhook request", 409)
    if world.updates.poller != mine:
        raise ApiError(_OTHER_POLLER, 409)


def _until(due: datetime | None, now: datetime, remaining: float) -> float:
    if due is None:
        return remaining
    return min(remaining, max((due - now).total_seconds(), 0.01))
