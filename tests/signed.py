"""What Telegram signs for a Mini App, made as its documentation tells."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

TOKEN = "4711:a-token-of-the-tests"


def init_data(
    user_id: int, at: datetime, *, token: str = TOKEN, key: bytes | None = None, **more: Any
) -> str:
    """The fields with their `hash`; `more`: other fields, or others in place of these."""
    user = {"id": user_id, "first_name": "Mei & Zoë", "language_code": "en"}
    fields = {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps(user),
        "auth_date": str(int(at.timestamp())),
        "signature": "an-elliptic-one-for-third-parties",
    } | more
    lines = [f"{name}={fields[name]}" for name in sorted(fields)]
    key = key or hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    pairs = [f"{name}={quote(str(value))}" for name, value in fields.items()]
    return "&".join([*pairs, f"hash={signature}"])
