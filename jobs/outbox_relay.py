"""The sender: delivers the outbox, in order within a chat (DESIGN 2, idea 6).

due row -> lane of its chat -> compose in the reader's words -> each part -> sent
429 waits what Telegram says   network, 5xx: again, ever later   group moved: to its new id
403 the person is unreachable, the row waits for Start           400 given up, and said so
"""

import asyncio
from collections.abc import Sequence

import structlog
from telegram import Bot

from chat.app_context import AppContext
from chat.message_parts import Compose
from jobs.keyed_queue import KeyedQueue
from jobs.message_delivery import PAUSES, MessageDelivery
from jobs.poll_loop import PollLoop
from jobs.rate_limits import RateLimiter, RateLimits
from jobs.telegram_sender import TelegramSender
from services.messaging import deliveries
from services.messaging.pages_read import PagesRead

logger = structlog.get_logger(__name__)

WIDTH = 32
"""So many messages are on their way at once."""
LOOK_EVERY = 1.0
"""Seconds between looks into the outbox when nobody calls: time makes rows due."""
RATE_LIMITS = RateLimits()


class OutboxRelay:
    """Sends what is due, until it is stopped; what is not sent then is sent after the start."""

    def __init__(
        self,
        bot: Bot,
        app: AppContext,
        compose: Compose,
        *,
        pacing: RateLimits = RATE_LIMITS,
        pauses: Sequence[float] = PAUSES,
        look_every: float = LOOK_EVERY,
        width: int = WIDTH,
    ) -> None:
        self._app = app
        sender = TelegramSender(bot, app, RateLimiter(pacing))
        self._delivery = MessageDelivery(app, sender, compose, pauses)
        self._free = asyncio.Semaphore(width)
        self._queue: KeyedQueue[int] = KeyedQueue(self._deliver)
        self._seen = PagesRead.none(deliveries.BEFORE_ALL)
        self._taking = asyncio.Lock()
        self._poll = PollLoop(self._take_due, look_every)

    def start(self) -> None:
        """Begin to look for what is due."""
        self._poll.start()

    def wake(self) -> None:
        """Say that there may be something to send now."""
        self._poll.wake()

    async def drain(self) -> None:
        """Wait until nothing that can be sent now is left."""
        while True:
            self._seen = PagesRead.none(deliveries.BEFORE_ALL)
            await self._take_due()
            if self._queue.is_idle:
                return
            await self._queue.idle()

    async def stop(self, within_seconds: float = 10.0) -> None:
        """Finish what is being sent; the rest stays in the outbox."""
        await self._poll.stop()
        await self._queue.stop(within_seconds)

    async def _take_due(self) -> None:
        async with self._taking:
            while await self._take_page():
                pass

    async def _take_page(self) -> bool:
        """Queue what can be sent of a page of what is new, and of one of the rest; whether more
        that is new may follow.
        """
        now, seen = self._app.clock.now(), self._seen
        self._queue.look_begins()
        has_expired, new, rest = await self._app.database.read(
            deliveries.pages, now, seen.newest, seen.turn
        )
        for due in (*rest, *new):
            if due.is_in_reach and not self._queue.has(due.message_id):
                self._queue.put(due.person_id, due.message_id)
        if has_expired:
            await self._app.database.write(deliveries.expire, now)
        return seen.add([due.place for due in new], [due.place for due in rest])

    async def _deliver(self, message_id: int) -> None:
        failures = 0
        while True:
            async with self._free:
                pause = await self._delivery.attempt(message_id, failures)
            if pause is None:
                return
            failures += 1
            await asyncio.sleep(pause)
