"""Telegram's first Markdown: four marks, no nesting, everything else is plain text."""

from __future__ import annotations

import re

from sandbox.entities import FormattedText, utf16_length
from sandbox.html_markup import link_entity
from sandbox.wire import ApiError, Json

_MARK = re.compile(r"\\(?=[_*`\[])|[_*`\[]")
_BLOCK = re.compile(r"```(?:([^\s`]+)(?=\s))?(?:\r\n|\n\r|[\r\n])?(.*?)```", re.DOTALL)
_PAIR = re.compile(r"([_*`])(.*?)\1", re.DOTALL)
_LINK = re.compile(r"\[(.*?)\](?:\(([^)]*)\)?)?", re.DOTALL)
_KINDS = {"_": "italic", "*": "bold", "`": "code"}


def parse_markdown(source: str) -> FormattedText:
    """The text without its marks, and the entities they stood for."""
    text, at = "", 0
    entities: list[Json] = []
    while mark := _MARK.search(source, at):
        text += source[at : mark.start()]
        if mark[0] == "\\":
            text += source[mark.end()]
            at = mark.end() + 1
            continue
        inner, entity, at = _marked(source, mark.start())
        length = utf16_length(inner)
        entity |= {"offset": utf16_length(text), "length": length}
        address = entity.pop("address", None)
        if length and (address is None or link_entity(entity, address)):
            entities.append(entity)
        text += inner
    return FormattedText(text + source[at:], tuple(entities))


def _marked(source: str, begin: int) -> tuple[str, Json, int]:
    """What stands between the marks that begin here, its entity, and where to go on."""
    if source.startswith("```", begin):
        if match := _BLOCK.match(source, begin):
            language: Json = {"language": match[1]} if match[1] else {}
            return match[2], {"type": "pre"} | language, match.end()
    elif source[begin] == "[":
        if match := _LINK.match(source, begin):
            return match[1], {"type": "text_link", "address": match[2] or match[1]}, match.end()
    elif match := _PAIR.match(source, begin):
        return match[2], {"type": _KINDS[match[1]]}, match.end()
    where = len(source[:begin].encode())
    raise ApiError(
        f"can't parse entities: Can't find end of the entity starting at byte offset {where}"
    )
