"""Updates as Telegram sent them: JSON that nobody has parsed further (DESIGN 2, idea 5).

Nothing here takes more for granted than that an update is a JSON object with a number.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

RawUpdate = Mapping[str, Any]
"""Update as Telegram sent it, as JSON."""

BIGGEST = 2**63 - 1
"""The largest number that a BIGINT column takes."""
DEEPEST = 100
"""How deep lists and objects of an update may be nested; Telegram's go ten deep. Whatever reads the
inbox reads it, and JSON that is deeper than Python can count would stop all of it.
"""
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Put in the place of a character: the offsets of entities stay right."""
_NUMBER = re.compile(rb'"update_id"\s*:\s*([0-9]{1,19})\b')
_REFUSED = re.compile("[\0\ud800-\udfff]")


def is_update(raw: object) -> bool:
    """Whether this is an object with a number that can be stored."""
    return isinstance(raw, dict) and _is_number(raw.get("update_id")) and raw["update_id"] > 0


def unreadable(body: bytes) -> RawUpdate | None:
    """In place of the first update in JSON that Python cannot read (numbers without end, say): its
    number, with what no database holds, so that it is set aside. None where none has a number.
    """
    found = _NUMBER.search(body)
    raw = {"update_id": int(found[1]), "unreadable": math.nan} if found else None
    return raw if is_update(raw) else None


def chat_of(raw: RawUpdate) -> int | None:
    """Chat of an update: of its message, of the message with the button, or its own."""
    for body in raw.values():
        place = _part(body, "chat") or _part(_part(body, "message"), "chat")
        if place and _is_number(place.get("id")):
            return int(place["id"])
    return None


def cleaned(raw: RawUpdate) -> dict[str, Any]:
    """The update without what PostgreSQL refuses in text: NUL, and halves of surrogate pairs.

    Most updates hold neither, which is found out without looking at each of their parts. Raises
    ValueError for a number that JSON cannot hold, and for what is nested too deep.
    """
    text = json.dumps(raw, ensure_ascii=False, allow_nan=False)
    if text.count("[") + text.count("{") > DEEPEST and _depth(raw) > DEEPEST:
        raise ValueError("nested too deep")
    if "\\u0000" in text or not _is_unicode(text):
        return {_clean(name): _clean(value) for name, value in raw.items()}
    return dict(raw)


def _depth(raw: RawUpdate) -> int:
    """How deep lists and objects are nested."""
    depth, level = 0, list[Any]([raw])
    while level:
        depth += 1
        parts = [part for one in level for part in (one.values() if isinstance(one, dict) else one)]
        level = [part for part in parts if isinstance(part, dict | list)]
    return depth


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _REFUSED.sub(REPLACEMENT, value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {_clean(name): _clean(one) for name, one in value.items()}
    return value


def _part(body: object, name: str) -> dict[str, Any] | None:
    found = body.get(name) if isinstance(body, Mapping) else None
    return found if isinstance(found, dict) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= BIGGEST
