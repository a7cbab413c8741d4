"""The messages of every chat, as `Message` objects."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.wire import ApiError, Json

KEPT_PER_CHAT = 2000


@dataclass
class MessageStore:
    """Messages by chat and id; the id of a deleted one is never used again."""

    last_id: int = 0
    chats: dict[int, dict[int, Json]] = field(default_factory=dict)
    changed: set[tuple[int, int]] = field(default_factory=set)

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def put(self, message: Json) -> None:
        """Add a message, or replaces the one with its id."""
        chat_id, message_id = message["chat"]["id"], message["message_id"]
        chat = self.chats.setdefault(chat_id, {})
        chat[message_id] = message
        self.changed.add((chat_id, message_id))
        while len(chat) > KEPT_PER_CHAT:
            self.remove(chat_id, next(iter(chat)))

    def remove(self, chat_id: int, message_id: int) -> None:
        del self.chats[chat_id][message_id]
        self.changed.add((chat_id, message_id))

    def get(self, chat_id: int, message_id: int) -> Json | None:
        return self.chats.get(chat_id, {}).get(message_id)

    def require(self, chat_id: int, message_id: int, what: str) -> Json:
        """The message, or Telegram's "<what> not found"."""
        message = self.get(chat_id, message_id)
        if message is None:
            raise ApiError(f"{what} not found")
        return message

    def of(self, chat_id: int, newest: int | None = None) -> list[Json]:
        """A chat's messages, oldest first; only the newest so many when that is given."""
        messages = list(self.chats.get(chat_id, {}).values())
        return messages if newest is None else messages[-newest:]

    def first_date(self) -> int:
        """When the oldest message was sent, in seconds since 1970; 0 where there is none."""
        oldest = (next(iter(chat.values())) for chat in self.chats.values() if chat)
        return min((int(message["date"]) for message in oldest), default=0)

    def take_changed(self) -> set[tuple[int, int]]:
        """The chat and message ids changed since the last call."""
        changed, self.changed = self.changed, set()
        return changed
