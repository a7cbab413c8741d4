"""Removal of names and words from texts and JSON documents. Pure."""

import re
from collections.abc import Callable
from typing import Any

from models.enums import ChangeReason
from services.rules.texts import ERASED

SHORTEST = 2
"""Fewest letters of a part of a name that counts as one."""

_KEPT = frozenset(
    {
        *("action", "at", "checked_in_at", "checked_out_at", "ends_at", "kind", "new_ends_at"),
        *("new_starts_at", "origin", "role", "sent_at", "side", "starts_at", "status"),
    }
)
"""Keys whose values are times or words of closed sets, never anybody's own words."""
_IDENTIFYING = frozenset({"telegram_user_id", "previous"})
"""Keys whose numbers tell who somebody is."""


class NameEraser:
    """Replaces one name, and within the sessions of who bore it also its single words."""

    def __init__(self, name: str) -> None:
        parts = [part for part in name.split() if len(part) >= SHORTEST]
        self._full = re.compile(_as_words(name), re.IGNORECASE)
        self._any = re.compile("|".join(map(_as_words, [name, *parts])), re.IGNORECASE)

    def whole(self, document: Any) -> Any:
        """A text or document without the full name."""
        return _each_text(document, lambda text: self._full.sub(ERASED, text))

    def any_part(self, document: Any) -> Any:
        """A text or document without the name or any word of it."""
        return _each_text(document, lambda text: self._any.sub(ERASED, text))


def without_words(document: Any) -> Any:
    """A JSON document with its numbers, times and words of closed sets only."""
    if isinstance(document, dict):
        return {key: _kept(key, value) for key, value in document.items()}
    if isinstance(document, list):
        return [without_words(value) for value in document]
    return None if isinstance(document, str) else document


def _kept(key: str, value: Any) -> Any:
    if key in _IDENTIFYING:
        return None
    if isinstance(value, str):
        is_known = key in _KEPT or (key == "reason" and value in set(ChangeReason))
        return value if is_known else None
    return without_words(value)


def _each_text(document: Any, change: Callable[[str], str]) -> Any:
    if isinstance(document, str):
        return change(document)
    if isinstance(document, dict):
        return {key: _each_text(value, change) for key, value in document.items()}
    if isinstance(document, list):
        return [_each_text(value, change) for value in document]
    return document


def _as_words(name: str) -> str:
    """Pattern of the name as whole words; in scripts without spaces, anywhere."""
    escaped = re.escape(name)
    return rf"\b{escaped}\b" if name.isascii() else escaped
