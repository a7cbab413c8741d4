"""Telegram's published rate limits for sending."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.wire import too_many_requests


@dataclass(frozen=True)
class Rates:
    """How much a bot may send; `chat_burst` messages to one chat may come at once."""

    chat_per_second: float = 1.0
    chat_burst: int = 5
    group_per_minute: int = 20
    overall_per_second: int = 30


class RateLimiter:
    """The count of what was sent, by the sandbox's clock; `rates=None` counts nothing."""

    def __init__(self, rates: Rates | None) -> None:
        self.rates = rates
        self._chats: dict[int, tuple[float, datetime]] = {}
        self._group_minute: defaultdict[int, deque[datetime]] = defaultdict(deque)
        self._second: deque[datetime] = deque()

    def admit(self, chat_id: int, *, is_group: bool, now: datetime, messages: int = 1) -> None:
        """Count these messages, or raise the 429 and count none."""
        rates = self.rates
        if rates is None:
            return
        level = self._level(chat_id, rates, now)
        waits = [
            _window_wait(self._second, rates.overall_per_second, timedelta(seconds=1), now),
            (1.0 - level) / rates.chat_per_second if level < 1.0 else 0.0,
        ]
        if is_group:
            sent = self._group_minute[chat_id]
            waits.append(_window_wait(sent, rates.group_per_minute, timedelta(minutes=1), now))
        if (wait := max(waits)) > 0.0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._chats[chat_id] = (level - messages, now)
        self._second.extend([now] * messages)
        if is_group:
            self._group_minute[chat_id].extend([now] * messages)

    def _level(self, chat_id: int, rates: Rates, now: datetime) -> float:
        level, since = self._chats.get(chat_id, (float(rates.chat_burst), now))
        gained = (now - since).total_seconds() * rates.chat_per_second
        return min(float(rates.chat_burst), level + gained)


def _window_wait(sent: deque[datetime], most: int, window: timedelta, now: datetime) -> float:
    while sent and sent[0] <= now - window:
        sent.popleft()
    if len(sent) < most:
        return 0.0
    return (sent[len(sent) - most] + window - now).total_seconds()
