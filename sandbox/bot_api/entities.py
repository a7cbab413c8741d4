"""Entities of a text, and those that Telegram finds by itself; all in UTF-16 units."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.wire import ApiError, Json

_TOP_LEVEL = "com|org|net|io|me|dev|app|info|sg|my|in|co|edu|gov|example|test"
_FOUND = (
    ("email", re.compile(r"(?<![\w.@+-])[\w.+-]{1,64}@(?:[\w-]+\.)+[A-Za-z]{2,10}(?![\w@])")),
    (
        "url",
        re.compile(
            r"(?<![\w@./-])(?:https?://[^\s<>\"]+|(?:[A-Za-z0-9-]+\.)+"
            rf"(?:{_TOP_LEVEL})(?![\w.@-])(?:[/?#][^\s<>\"]*)?)"
        ),
    ),
    (
        "bot_command",
        re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])"),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d \-()]{6,18}\d(?!\w)")),
)
_OPAQUE = {"pre", "code", "text_link", "text_mention"}


@dataclass(frozen=True)
class FormattedText:
    """A text without markup, and its entities in order."""

    text: str
    entities: tuple[Json, ...] = ()


def utf16_length(text: str) -> int:
    """A text's length in UTF-16 units: characters beyond U+FFFF count twice."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    encoded = text.encode("utf-16-le")
    return encoded[offset * 2 : (offset + length) * 2].decode("utf-16-le", errors="ignore")


def ordered(entities: list[Json]) -> list[Json]:
    """Entities in Telegram's order: by offset, the longer first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def with_found_entities(text: str, given: list[Json]) -> FormattedText:
    """Add the commands, mentions, addresses and tags that a plain text contains."""
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in given
        if entity["type"] in _OPAQUE
    ]
    entities = list(given)
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            found = match.group().rstrip(".,;:!?)'") if kind == "url" else match.group()
            offset = utf16_length(text[: match.start()])
            end = offset + utf16_length(found)
            if any(offset < stop and start < end for start, stop in taken):
                continue
            taken.append((offset, end))
            entities.append({"type": kind, "offset": offset, "length": end - offset})
    return FormattedText(text, tuple(ordered(entities)))


def trimmed(formatted: FormattedText) -> FormattedText:
    """Strip blank space at both ends, and entities that covered nothing else."""
    entities = [dict(entity) for entity in formatted.entities]
    text = formatted.text.rstrip()
    first_entity = min((entity["offset"] for entity in entities), default=len(text))
    leading = min(len(text) - len(text.lstrip(" \n")), first_entity)
    text = text[leading:]
    length = utf16_length(text)
    kept = []
    for entity in entities:
        offset = entity["offset"] - leading
        entity.update(offset=offset, length=min(entity["length"], length - offset))
        if entity["length"] > 0:
            kept.append(entity)
    return FormattedText(text, tuple(kept))


def check_given_entities(text: str, entities: list[Json]) -> list[Json]:
    """The `entities` field of a call in order; raises ApiError for one outside the text."""
    length = utf16_length(text)
    kept = []
    for entity in entities:
        offset, size = entity["offset"], entity["length"]
        at = f"at UTF-16 offset {offset}"
        if offset < 0:
            raise ApiError(f"Receive an entity with incorrect offset {offset}")
        if size < 0:
            raise ApiError(f"Receive an entity with incorrect length {size}")
        if offset > length:
            raise ApiError(f"Entity begins after the end of the text {at}")
        if offset + size > length:
            raise ApiError(f"Entity beginning {at} ends after the end of the text")
        if size:
            kept.append(dict(entity))
    return ordered(kept)
