"""Reply keyboards, forced replies and chat actions on people's phones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.wire import Json

ACTION_LASTS = timedelta(seconds=5)


@dataclass
class Keyboards:
    """Reply keyboards and forced replies by "<user>:<chat>"; chat actions by chat."""

    shown: dict[str, Json] = field(default_factory=dict)
    forced: dict[str, Json] = field(default_factory=dict)
    actions: dict[int, tuple[str, datetime]] = field(default_factory=dict)

    @staticmethod
    def key(user_id: int, chat_id: int) -> str:
        return f"{user_id}:{chat_id}"

    def apply(self, markup: Json, message_id: int, user_ids: list[int], chat_id: int) -> list[str]:
        """Apply a message's markup to its readers' phones; returns the keys that changed."""
        changed = []
        for user_id in user_ids:
            key = self.key(user_id, chat_id)
            if "keyboard" in markup:
                self.shown[key] = markup
            elif markup.get("remove_keyboard"):
                self.shown.pop(key, None)
            elif markup.get("force_reply"):
                self.forced[key] = {
                    "message_id": message_id,
                    "input_field_placeholder": markup.get("input_field_placeholder"),
                }
            else:
                continue
            changed.append(key)
        return changed

    def used(self, user_id: int, chat_id: int) -> bool:
        """Remove a forced reply and a one-time keyboard once used; True where there was one."""
        key = self.key(user_id, chat_id)
        forced = self.forced.pop(key, None)
        once = self.shown.get(key, {}).get("one_time_keyboard", False)
        if once:
            del self.shown[key]
        return forced is not None or bool(once)

    def action(self, chat_id: int, now: datetime) -> str | None:
        action, until = self.actions.get(chat_id, ("", now))
        return action if until > now else None
