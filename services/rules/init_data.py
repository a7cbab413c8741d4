"""What Telegram tells a Mini App about who opened it, and whether it is true (SPEC 10).

Telegram signs the fields with a key made from the bot's token: only Telegram and the bot can.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as new_hmac
from urllib.parse import parse_qsl

from services.rules.refusals.links import AppExpired, AppForged

LASTS = timedelta(minutes=10)
"""Greatest age."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""How far the signing clock may be ahead of ours."""
LENGTH_LIMIT = 8192
SIGNED_FOR = b"WebAppData"
SESSION = re.compile(r"s([1-9][0-9]{0,8})")
"""Start parameter that leads to a session."""


@dataclass(frozen=True)
class Opening:
    """One opening of the Mini App, as Telegram has signed it."""

    telegram_user_id: int
    session_id: int | None
    """Session that the start parameter names."""
    signature: str
    """Different for each opening."""
    expires_at: datetime


def key_of(token: str) -> bytes:
    """Key with which Telegram signs for the bot of this token."""
    return new_hmac(SIGNED_FOR, token.encode(), sha256).digest()


def read_init_data(init_data: str, key: bytes, now: datetime) -> Opening:
    """The opening that the fields tell. Refused: AppForged, AppExpired."""
    if len(init_data) > LENGTH_LIMIT:
        raise AppForged
    pairs = parse_qsl(init_data, keep_blank_values=True)
    fields = dict(pairs)
    signature = fields.pop("hash", "")
    signed = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    wanted = new_hmac(key, signed.encode(), sha256).hexdigest()
    if len(pairs) != len(fields) + 1 or not compare_digest(wanted.encode(), signature.encode()):
        raise AppForged
    signed_at = _instant(fields.get("auth_date", ""))
    if not now - LASTS <= signed_at <= now + CLOCKS_DIFFER:
        raise AppExpired
    found = SESSION.fullmatch(fields.get("start_param", ""))
    return Opening(
        telegram_user_id=_user_id(fields.get("user", "")),
        session_id=int(found[1]) if found else None,
        signature=signature,
        expires_at=signed_at + LASTS,
    )


def _instant(given: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        raise AppForged from None


def _user_id(given: str) -> int:
    try:
        user_id = json.loads(given)["id"]
    except (ValueError, TypeError, KeyError):
        raise AppForged from None
    if not isinstance(user_id, int):
        raise AppForged
    return user_id
