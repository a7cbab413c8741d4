"""Updates that wait for the bot: their numbers, their order and how long they are kept."""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.events import Signal
from sandbox.wire import Json, PageError

MESSAGE_LIFETIME = timedelta(hours=24)
CALLBACK_LIFETIME = timedelta(seconds=150)
FIRST_UPDATE_ID = 731_000_001
ONLY_WHEN_ASKED_FOR = {"chat_member", "message_reaction", "message_reaction_count"}
REMEMBERED = 1000


@dataclass
class Pending:
    """An update not yet confirmed; with `again` one that is delivered a second time."""

    update: Json
    chat_id: int
    expires_at: datetime
    again: bool = False

    @property
    def update_id(self) -> int:
        return int(self.update["update_id"])


@dataclass
class _Late:
    kind: str
    body: Json
    chat_id: int
    ready_at: datetime


class UpdateQueue:
    """The bot's updates, oldest first, for long polling and the webhook alike."""

    def __init__(self) -> None:
        self.signal = Signal()
        self.next_id = FIRST_UPDATE_ID
        self.allowed: list[str] = []
        self.poller = 0
        self._pending: list[Pending] = []
        self._late: list[_Late] = []
        self._remembered: deque[Pending] = deque(maxlen=REMEMBERED)

    def push(
        self, kind: str, body: Json, chat_id: int, now: datetime, *, late: float = 0.0
    ) -> None:
        """Queue an update, now or in `late` seconds; it gets its id when it is due."""
        if late > 0.0:
            self._late.append(_Late(kind, body, chat_id, now + timedelta(seconds=late)))
        elif self._is_allowed(kind):
            lifetime = CALLBACK_LIFETIME if kind == "callback_query" else MESSAGE_LIFETIME
            update = {"update_id": self.next_id, kind: copy.deepcopy(body)}
            self.next_id += 1
            pending = Pending(update, chat_id, now + lifetime)
            self._pending.append(pending)
            self._remembered.append(pending)
        self.signal.notify()

    def _is_allowed(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ONLY_WHEN_ASKED_FOR

    def repeat(self, update_id: int, now: datetime) -> None:
        """Deliver an update again, as Telegram may after a lost confirmation."""
        for pending in self._remembered:
            if pending.update_id == update_id:
                again = Pending(pending.update, pending.chat_id, now + MESSAGE_LIFETIME, again=True)
                self._pending.insert(0, again)
                self.signal.notify()
                return
        raise PageError(f"no update {update_id} is remembered")

    def waiting(self, now: datetime) -> list[Pending]:
        """The updates that can be delivered now, without those that are too old."""
        due = [late for late in self._late if late.ready_at <= now]
        self._late = [late for late in self._late if late.ready_at > now]
        for late in due:
            self.push(late.kind, late.body, late.chat_id, now)
        self._pending = [pending for pending in self._pending if pending.expires_at > now]
        return list(self._pending)

    def next_ready_at(self) -> datetime | None:
        """When the next late update becomes due."""
        return min((late.ready_at for late in self._late), default=None)

    def confirm(self, offset: int, now: datetime) -> None:
        """Forget the updates below the offset; a negative one keeps only the last ones."""
        waiting = self.waiting(now)
        if offset < 0:
            self._pending = waiting[offset:]
        elif offset > 0:
            self._pending = [
                pending for pending in waiting if pending.again or pending.update_id >= offset
            ]

    def deliver(self, limit: int, now: datetime) -> list[Json]:
        """Return the oldest updates, at most `limit`; repeated ones are then forgotten."""
        batch = self.waiting(now)[:limit]
        self._pending = [
            pending for pending in self._pending if not (pending.again and pending in batch)
        ]
        return [pending.update for pending in batch]

    def drop(self, pending: Pending) -> None:
        """Forget an update that the webhook has accepted."""
        if pending in self._pending:
            self._pending.remove(pending)

    def clear(self) -> None:
        self._pending.clear()
        self._late.clear()

    def as_json(self) -> Json:
        return {
            "next_id": self.next_id,
            "allowed": self.allowed,
            "pending": [
                vars(item) | {"expires_at": item.expires_at.isoformat()} for item in self._pending
            ],
            "late": [vars(item) | {"ready_at": item.ready_at.isoformat()} for item in self._late],
        }

    def restore(self, saved: Json) -> None:
        self.next_id = saved["next_id"]
        self.allowed = saved["allowed"]
        self._pending = [
            Pending(**item | {"expires_at": datetime.fromisoformat(item["expires_at"])})
            for item in saved["pending"]
        ]
        self._late = [
            _Late(**item | {"ready_at": datetime.fromisoformat(item["ready_at"])})
            for item in saved["late"]
        ]
        self._remembered.extend(self._pending)
