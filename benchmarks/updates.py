"""Updates in the form in which Telegram sends them."""

import time
from typing import Any

RawUpdate = dict[str, Any]


def message(update_id: int, user_id: int, text: str) -> RawUpdate:
    """Text that a user sends to the bot in their own chat."""
    body = {
        "message_id": update_id,
        "from": _user(user_id),
        "chat": _chat(user_id),
        "date": int(time.time()),
        "text": text,
    }
    if text.startswith("/"):
        body["entities"] = [
            {"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}
        ]
    return {"update_id": update_id, "message": body}


def tap(update_id: int, user_id: int, data: str) -> RawUpdate:
    """Tap on a button below a message of the bot."""
    return {
        "update_id": update_id,
        "callback_query": {
            "id": str(update_id),
            "from": _user(user_id),
            "chat_instance": "1",
            "data": data,
            "message": {
                "message_id": update_id,
                "from": {"id": 4_200_000_001, "is_bot": True, "first_name": "Tutorline"},
                "chat": _chat(user_id),
                "date": int(time.time()),
                "text": "A card",
            },
        },
    }


def _user(user_id: int) -> RawUpdate:
    return {"id": user_id, "is_bot": False, "first_name": "Somebody", "language_code": "en"}


def _chat(user_id: int) -> RawUpdate:
    return {"id": user_id, "type": "private", "first_name": "Somebody"}
