"""Taps on inline buttons, each a callback query that the bot has to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sandbox.bot_api.updates import CALLBACK_LIFETIME
from sandbox.wire import ApiError, Json

FIRST_CALLBACK_ID = 4_382_650_000_000_000_001


@dataclass
class Tap:
    """One tap; `answered` once the bot has called `answerCallbackQuery`."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    tapped_at: str
    answered: bool = False


class Taps:
    """Taps by callback query id."""

    def __init__(self) -> None:
        self._next_id = FIRST_CALLBACK_ID
        self._taps: dict[str, Tap] = {}

    def add(self, user_id: int, chat_id: int, message_id: int, now: datetime) -> Tap:
        oldest = now - CALLBACK_LIFETIME
        self._taps = {
            key: tap
            for key, tap in self._taps.items()
            if datetime.fromisoformat(tap.tapped_at) >= oldest
        }
        tap = Tap(str(self._next_id), user_id, chat_id, message_id, now.isoformat())
        self._next_id += 1
        self._taps[tap.id] = tap
        return tap

    def find(self, callback_id: str) -> Tap | None:
        """The tap of a callback query, if it is remembered."""
        return self._taps.get(callback_id)

    def answer(self, callback_id: str, now: datetime) -> tuple[Tap, bool]:
        """The tap, and whether this is its first answer: only that one is shown."""
        tap = self._taps.get(callback_id)
        if tap is None or now - datetime.fromisoformat(tap.tapped_at) > CALLBACK_LIFETIME:
            raise ApiError("query is too old and response timeout expired or query ID is invalid")
        first = not tap.answered
        tap.answered = True
        return tap, first

    def as_json(self) -> Json:
        return {"next_id": self._next_id, "taps": [dict(vars(tap)) for tap in self._taps.values()]}

    def restore(self, saved: Json) -> None:
        self._next_id = saved["next_id"]
        self._taps = {item["id"]: Tap(**item) for item in saved["taps"]}
