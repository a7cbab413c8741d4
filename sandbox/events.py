"""A signal for waiting coroutines, and the log of events that the page follows."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

from sandbox.wire import Json

KEPT_EVENTS = 2000


class Signal:
    """A signal that wakes every waiting coroutine, in whatever event loop it waits."""

    def __init__(self) -> None:
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def notify(self) -> None:
        waiting, self._waiting = self._waiting, []
        for loop, event in waiting:
            with contextlib.suppress(RuntimeError):  # that loop is closed: nobody waits there
                loop.call_soon_threadsafe(event.set)

    def ticket(self) -> asyncio.Event:
        """An event that the next `notify` sets; take it before checking what to wait for."""
        event = asyncio.Event()
        self._waiting.append((asyncio.get_running_loop(), event))
        return event


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Return when the event is set, or after so many seconds."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), max(seconds, 0.0))


class EventLog:
    """Numbered events; the page asks for those after the last one it has seen."""

    def __init__(self) -> None:
        self.signal = Signal()
        self.last_id = 0
        self._kept: deque[Json] = deque(maxlen=KEPT_EVENTS)

    def add(self, kind: str, **payload: object) -> None:
        self.last_id += 1
        self._kept.append({"id": self.last_id, "type": kind, **payload})
        self.signal.notify()

    def after(self, event_id: int) -> list[Json]:
        """The events after this one, or a single `reset` where some are no longer kept."""
        oldest = self._kept[0]["id"] if self._kept else self.last_id + 1
        if event_id > self.last_id or event_id < oldest - 1:
            return [{"id": self.last_id, "type": "reset"}]
        return [event for event in self._kept if event["id"] > event_id]
