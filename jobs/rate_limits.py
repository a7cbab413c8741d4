"""Telegram's rate limits, kept by strict sliding windows (DESIGN 2, idea 6)."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chat.slots import outside_slots

FORGET_EVERY = 10.0
"""Seconds between two looks for chats whose windows are empty."""


@dataclass(frozen=True)
class RateLimits:
    """Telegram's published limits."""

    overall_per_second: int = 30
    chat_per_second: int = 1
    group_per_minute: int = 20


class Window:
    """A sliding window: at most `limit` messages within any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._sent: deque[float] = deque()

    def wait(self, now: float, count: int) -> float:
        """The seconds until `count` more may be sent, if nothing else is sent before."""
        while self._sent and self._sent[0] <= now - self._seconds:
            self._sent.popleft()
        surplus = len(self._sent) + min(count, self._limit) - self._limit
        if surplus <= 0:
            return 0.0
        return self._sent[surplus - 1] + self._seconds - now

    def add(self, now: float, count: int) -> None:
        """Count messages that are sent now."""
        self._sent.extend([now] * min(count, self._limit))

    @property
    def is_empty(self) -> bool:
        """Whether no message was in the window at the last `wait`."""
        return not self._sent


class RateLimiter:
    """Rate limiter that admits a message once every limit that applies to it allows that."""

    def __init__(
        self,
        pacing: RateLimits,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Make a limiter; `now` and `sleep` count in seconds."""
        self._pacing = pacing
        self._now = now
        self._sleep = sleep
        self._overall = Window(pacing.overall_per_second, 1.0)
        self._chats: dict[int, Window] = {}
        self._groups: dict[int, Window] = {}
        self._forgets_at = now() + FORGET_EVERY

    async def admit(self, chat_id: int, messages: int = 1) -> None:
        """Wait until so many messages may be sent to the chat, and count them. An album counts
        once for its chat's second, and once a file overall and for a group's minute.
        """
        while True:
            if (wait := self._wait_of_chat(chat_id, messages)) > 0.0:
                with outside_slots():  # only this chat has to wait
                    await self._sleep(wait)
            elif (wait := self._overall.wait(self._now(), messages)) > 0.0:
                await self._sleep(wait)
            else:
                break
        now = self._now()
        self._overall.add(now, messages)
        self._chat(chat_id).add(now, 1)
        if chat_id < 0:
            self._group(chat_id).add(now, messages)

    def _wait_of_chat(self, chat_id: int, messages: int) -> float:
        now = self._now()
        wait = self._chat(chat_id).wait(now, 1)
        return max(wait, self._group(chat_id).wait(now, messages)) if chat_id < 0 else wait

    def _chat(self, chat_id: int) -> Window:
        if chat_id not in self._chats:
            if self._now() >= self._forgets_at:
                self._forget_idle()
            self._chats[chat_id] = Window(self._pacing.chat_per_second, 1.0)
        return self._chats[chat_id]

    def _group(self, chat_id: int) -> Window:
        return self._groups.setdefault(chat_id, Window(self._pacing.group_per_minute, 60.0))

    def _forget_idle(self) -> None:
        """Drop the windows of chats without a message within the last second."""
        now = self._now()
        self._forgets_at = now + FORGET_EVERY
        self._chats = {
            chat_id: window
            for chat_id, window in self._chats.items()
            if window.wait(now, 1) > 0.0 or not window.is_empty
        }
