"""The record of every Bot API call, for tests to read."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from sandbox.bot_api.call import Call
from sandbox.wire import Json

KEPT_CALLS = 20_000


class CallRecord:
    """Calls received, oldest first, with their answers."""

    def __init__(self) -> None:
        self._calls: deque[Json] = deque(maxlen=KEPT_CALLS)
        self._last_id = 0

    def add(self, call: Call, status: int, answer: Json, now: datetime) -> None:
        """Record one call; of a file only its name, type and size in bytes."""
        self._last_id += 1
        files = {
            name: {"file": upload.name, "mime": upload.mime, "size": len(upload.data)}
            for name, upload in call.uploads.items()
        }
        self._calls.append(
            {
                "id": self._last_id,
                "at": now.isoformat(),
                "method": call.method,
                "fields": call.fields,
                "files": files,
                "unknown_fields": call.unknown_fields,
                "status": status,
                "answer": answer,
            }
        )

    def all(self, method: str | None = None) -> list[Json]:
        return [
            call
            for call in self._calls
            if method is None or call["method"].lower() == method.lower()
        ]
