"""A parser of Telegram's HTML, which refuses bad markup in Telegram's words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.bot_api.entities import FormattedText, ordered, utf16_length
from sandbox.wire import ApiError, Json

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler", "tg-emoji": "custom_emoji", "a": "text_link",
    "pre": "pre", "code": "code", "blockquote": "blockquote", "tg-time": "date_time",
}  # fmt: skip
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#(\d{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\n\r\0\v"


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    text_begin: int


def parse_html(source: str) -> FormattedText:
    """The text without its tags, and the entities they stood for."""
    return _Parser(source).parse()


def _refused(reason: str) -> ApiError:
    return ApiError(f"can't parse entities: {reason}")


def _decoded(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        if match[3]:
            return _NAMED[match[3]]
        code = int(match[1], 16) if match[1] else int(match[2])
        if 0xD800 <= code <= 0xDFFF:
            raise _refused(
                "Text contains invalid Unicode characters after decoding HTML entities, check for "
                "unmatched surrogate code units"
            )
        return chr(code) if 0 < code < 0x10FFFF else match[0]

    return _CHARACTER.sub(replace, text)


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text = ""
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def parse(self) -> FormattedText:
        while self.at < len(self.source):
            tag_at = self.source.find("<", self.at)
            end = len(self.source) if tag_at < 0 else tag_at
            self.text += _decoded(self.source[self.at : end])
            self.at = end
            if tag_at >= 0:
                if self.source.startswith("</", tag_at):
                    self._end_tag()
                else:
                    self._start_tag()
        if self.open:
            tag = self.open[-1].tag
            raise _refused(f'Can\'t find end tag corresponding to start tag "{tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return FormattedText(self.text, tuple(ordered(self.entities)))

    def _byte_offset(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _skip(self, stop: str) -> str:
        """Read up to one of the characters in `stop`, or the end."""
        begin = self.at
        while self.at < len(self.source) and self.source[self.at] not in stop:
            self.at += 1
        return self.source[begin : self.at]

    def _skip_space(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in _SPACE:
            self.at += 1

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _start_tag(self) -> None:
        begin = self.at
        where = self._byte_offset(begin)
        self.at += 1
        tag = self._skip(_SPACE + ">").lower()
        if not self._peek():
            raise _refused(f"Unclosed start tag at byte offset {where}")
        if tag not in _KINDS:
            raise _refused(f'Unsupported start tag "{tag}" at byte offset {where}')
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._peek() == ">":
                break
            name, value = self._attribute(tag, where)
            attributes[name] = value
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _refused(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.open.append(_Open(tag, attributes, utf16_length(self.text), len(self.text)))

    def _attribute(self, tag: str, where: int) -> tuple[str, str]:
        name = self._skip(_SPACE + "=>/\"'")
        if not name:
            if not self._peek():
                raise _refused(f"Unclosed start tag at byte offset {where}")
            raise _refused(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        self._skip_space()
        if self._peek() != "=":
            if not self._peek():
                raise _refused(f'Unclosed start tag "{tag}" at byte offset {where}')
            return name, ""
        self.at += 1
        self._skip_space()
        if not self._peek():
            raise _refused(f'Unclosed start tag "{tag}" at byte offset {where}')
        value = self._attribute_value()
        if not self._peek():
            raise _refused(f"Unclosed start tag at byte offset {where}")
        return name, value

    def _attribute_value(self) -> str:
        quote = self._peek()
        if quote in "\"'":
            self.at += 1
            value = self._skip(quote)
            self.at += 1
            return _decoded(value)
        begin = self.at
        while self._peek() and (self._peek().isalnum() or self._peek() in ".-"):
            self.at += 1
        if self._peek() and self._peek() not in _SPACE + ">":
            where = self._byte_offset(begin)
            raise _refused(f"Unexpected end of name token at byte offset {where}")
        return self.source[begin : self.at].lower()

    def _end_tag(self) -> None:
        where = self._byte_offset(self.at)
        if not self.open:
            raise _refused(f"Unexpected end tag at byte offset {where}")
        self.at += 2
        name = self._skip(_SPACE + ">").lower()
        self._skip_space()
        if self._peek() != ">":
            raise _refused(f"Unclosed end tag at byte offset {where}")
        self.at += 1
        opened = self.open[-1]
        if name and name != opened.tag:
            raise _refused(
                f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", '
                f'found "</{name}>"'
            )
        self.open.pop()
        length = utf16_length(self.text) - opened.offset
        if length:
            self._add(opened, length)

    def _add(self, opened: _Open, length: int) -> None:
        entity: Json = {"type": _KINDS[opened.tag], "offset": opened.offset, "length": length}
        attributes = opened.attributes
        if opened.tag == "a":
            address = attributes.get("href") or self.text[opened.text_begin :]
            if not link_entity(entity, address):
                return
        elif opened.tag == "tg-emoji":
            if not attributes.get("emoji-id", "").isdigit():
                raise _refused("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = attributes["emoji-id"]
        elif opened.tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-time":
            entity["unix_time"] = int(attributes.get("unix") or 0)
            entity["date_time_format"] = attributes.get("format", "")
        elif opened.tag in {"pre", "code"} and self._joined_code(opened, length):
            return
        elif opened.tag == "code":
            entity["language"] = attributes.get("class", "").removeprefix("language-")
        self.entities.append(entity)

    def _joined_code(self, opened: _Open, length: int) -> bool:
        """`<pre><code class="language-x">` is one entity with a language."""
        last = self.entities[-1] if self.entities else {}
        covers = last.get("offset") == opened.offset and last.get("length") == length
        if opened.tag == "pre" and covers and last["type"] == "code" and last.get("language"):
            last["type"] = "pre"
            return True
        language = opened.attributes.get("class", "").removeprefix("language-")
        if opened.tag == "code" and covers and last["type"] == "pre" and language:
            last["language"] = language
            return True
        return False


def link_entity(entity: Json, address: str) -> bool:
    """Make an entity a link or a mention; False where Telegram drops it silently."""
    if mentioned := re.fullmatch(r"tg://user\?id=(\d+)", address):
        entity["type"] = "text_mention"
        entity["user"] = {"id": int(mentioned[1]), "is_bot": False, "first_name": ""}
        return True
    checked = checked_link(address)
    if checked is None:
        return False
    entity["url"] = checked
    return True


def checked_link(address: str) -> str | None:
    """A web or tg: address in Telegram's form, or None for anything else."""
    if re.fullmatch(r"(?:tg|ton|tonsite):(?://)?[\w.-]+\S*", address, re.IGNORECASE):
        return address
    match = re.fullmatch(r"(?:(https?)://)?([^\s/?#@]+)([/?#]\S*)?", address, re.IGNORECASE)
    if match is None or "://" in match[2]:
        return None
    host = re.sub(r":\d+$", "", match[2])
    if "." not in host and not host.startswith("["):
        return None
    return f"{(match[1] or 'http').lower()}://{match[2].lower()}{match[3] or '/'}"


def button_link(address: str) -> str:
    """The address of a url button; raises ApiError with Telegram's words for a bad one."""
    checked = checked_link(address)
    if checked is not None:
        return checked
    scheme = re.match(r"([A-Za-z][\w+.-]*)://", address)
    reason = "Wrong HTTP URL"
    if scheme and scheme[1].lower() not in {"http", "https", "tg", "ton", "tonsite"}:
        reason = "Unsupported URL protocol"
    raise ApiError(f"inline keyboard button URL '{address}' is invalid: {reason}")
