"""Outbox relay: sends the messages of the outbox, in order within a chat (DESIGN 2, idea 6).

due row -> queue of its chat -> compose for the reader -> send each part -> mark as sent
Messages of several chats are composed in one read, and recorded in one commit. What follows where
Telegram does not take a message is said in `chat.telegram_answers`.
"""

import asyncio
from collections.abc import Sequence

import structlog
from telegram import Bot

from chat.app_context import AppContext
from chat.message_parts import Compose
from chat.slots import Slots
from chat.telegram_answers import Tries
from jobs.keyed_queue import KeyedQueue
from jobs.message_delivery import PAUSES, MessageDelivery
from jobs.poll_loop import PollLoop
from jobs.rate_limits import RateLimiter, RateLimits
from jobs.telegram_sender import TelegramSender
from services.messaging import deliveries
from services.messaging.pages_read import PagesRead

logger = structlog.get_logger(__name__)

WIDTH = 64
"""How many messages may be under way at once, without those that wait for Telegram or their chat's
turn."""
LOOK_EVERY = 1.0
"""Seconds between looks into the outbox: rows also become due by time alone."""
RATE_LIMITS = RateLimits()


class OutboxRelay:
    """Loop that sends due messages; those left when it stops are sent after the next start."""

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
        self._delivery = MessageDelivery(bot, app, sender, compose, pauses)
        self._slots = Slots(width)
        self._queue: KeyedQueue[int] = KeyedQueue(self._deliver)
        self._seen = PagesRead.none(deliveries.BEFORE_ALL)
        self._taking = asyncio.Lock()
        self._poll = PollLoop(self._take_due, look_every)

    def start(self) -> None:
        """Start to look for due messages."""
        self._poll.start()

    def wake(self) -> None:
        """Look for due messages now."""
        self._poll.wake()

    async def drain(self) -> None:
        """Send every message that can be sent now."""
        while True:
            self._seen = PagesRead.none(deliveries.BEFORE_ALL)
            await self._take_due()
            if self._queue.is_idle:
                return
            await self._queue.idle()

    async def stop(self, within_seconds: float = 10.0) -> None:
        """Finish the messages that are under way; the others stay in the outbox."""
        await self._poll.stop()
        await self._queue.stop(within_seconds)

    async def _take_due(self) -> None:
        async with self._taking:
            while await self._take_page():
                pass

    async def _take_page(self) -> bool:
        """Queue the messages of one page of new rows and of one page of older rows that can be
        sent; return whether there may be more new rows.
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
        tries = Tries()
        while True:
            async with self._slots.held():
                pause = await self._delivery.attempt(message_id, tries)
            if pause is None:
                return
            await asyncio.sleep(pause)
