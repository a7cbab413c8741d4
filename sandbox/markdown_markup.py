"""Telegram's MarkdownV2: every reserved character is markup or escaped."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.entities import FormattedText, ordered, utf16_length
from sandbox.html_markup import link_entity
from sandbox.wire import ApiError, Json

_RESERVED = set("_*[]()~`>#+-=|{}.!")
_PAIRED = (
    ("```", "pre"), ("`", "code"), ("||", "spoiler"), ("__", "underline"), ("_", "italic"),
    ("*", "bold"), ("~", "strikethrough"), ("![", "custom_emoji"), ("[", "text_link"),
)  # fmt: skip
_CLOSING = {"custom_emoji": "]", "text_link": "]"}
_NAMES = {
    "pre": "Pre", "code": "Code", "spoiler": "Spoiler", "underline": "Underline",
    "italic": "Italic", "bold": "Bold", "strikethrough": "Strikethrough",
    "custom_emoji": "CustomEmoji", "text_link": "TextUrl",
}  # fmt: skip


@dataclass
class _Open:
    kind: str
    mark: str
    position: int
    offset: int
    text_begin: int
    language: str = ""


def parse_markdown_v2(source: str) -> FormattedText:
    """The text without its marks, and the entities they stood for."""
    return _Parser(source).parse()


def _refused(reason: str) -> ApiError:
    return ApiError(f"can't parse entities: {reason}")


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text = ""
        self.open: list[_Open] = []
        self.entities: list[Json] = []
        self.quote: int | None = None

    def parse(self) -> FormattedText:
        while self.at < len(self.source):
            self._step()
        self._end_quote()
        if self.open:
            raise self._unfinished(self.open[-1])
        return FormattedText(self.text, tuple(ordered(self.entities)))

    def _step(self) -> None:
        character = self.source[self.at]
        inside = self.open[-1] if self.open else None
        if character == "\\" and self.source[self.at + 1 : self.at + 2].isascii():
            self.text += self.source[self.at + 1 : self.at + 2] or "\\"
            self.at += 2
        elif inside is not None and self.source.startswith(inside.mark, self.at):
            self._close(inside)
        elif inside is not None and inside.kind in {"pre", "code"}:
            self.text += character
            self.at += 1
        elif character == "\n":
            self._end_of_line()
        elif character == ">" and (not self.text or self.text.endswith("\n")):
            self.quote = utf16_length(self.text) if self.quote is None else self.quote
            self.at += 1
        elif character in _RESERVED:
            self._open()
        else:
            self.text += character
            self.at += 1

    def _open(self) -> None:
        found = [pair for pair in _PAIRED if self.source.startswith(pair[0], self.at)]
        if not found:
            raise _refused(
                f"Character '{self.source[self.at]}' is reserved and must be escaped with the "
                "preceding '\\'"
            )
        mark, kind = found[0]
        opened = _Open(
            kind, _CLOSING.get(kind, mark), self.at, utf16_length(self.text), len(self.text)
        )
        self.at += len(mark)
        if kind == "pre":
            opened.language = self._language()
        self.open.append(opened)

    def _language(self) -> str:
        end = self.at
        while end < len(self.source) and not self.source[end].isspace() and self.source[end] != "`":
            end += 1
        language = ""
        if end < len(self.source) and self.source[end] != "`":
            language, self.at = self.source[self.at : end], end
        if self.source[self.at : self.at + 1] == "\n":
            self.at += 1
        return language

    def _close(self, opened: _Open) -> None:
        self.at += len(opened.mark)
        self.open.pop()
        length = utf16_length(self.text) - opened.offset
        entity: Json = {"type": opened.kind, "offset": opened.offset, "length": length}
        if opened.language:
            entity["language"] = opened.language
        if opened.kind == "text_link":
            address = self._address() or self.text[opened.text_begin :]
            if not link_entity(entity, address):
                return
        elif opened.kind == "custom_emoji":
            identifier = self._address().removeprefix("tg://emoji?id=")
            if not identifier.isdigit():
                raise _refused("Invalid tg://emoji or tg://time URL specified")
            entity["custom_emoji_id"] = identifier
        if length:
            self.entities.append(entity)

    def _address(self) -> str:
        if self.source[self.at : self.at + 1] != "(":
            return ""
        self.at += 1
        begin = self.at
        address = ""
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "\\":
                self.at += 1
            address += self.source[self.at : self.at + 1]
            self.at += 1
        if self.at >= len(self.source):
            where = len(self.source[:begin].encode())
            raise _refused(f"Can't find end of a URL at byte offset {where}")
        self.at += 1
        return address

    def _end_of_line(self) -> None:
        if self.quote is not None and self.source[self.at + 1 : self.at + 2] != ">":
            self._end_quote()
        self.text += "\n"
        self.at += 1

    def _end_quote(self) -> None:
        """A quotation ends with its last line; `||` at its very end makes it expandable."""
        if self.quote is None:
            return
        kind = "blockquote"
        last = self.open[-1] if self.open else None
        if last is not None and last.kind == "spoiler" and last.position == self.at - 2:
            self.open.pop()
            kind = "expandable_blockquote"
        if self.open:
            raise self._unfinished(self.open[-1])
        if length := utf16_length(self.text) - self.quote:
            self.entities.append({"type": kind, "offset": self.quote, "length": length})
        self.quote = None

    def _unfinished(self, opened: _Open) -> ApiError:
        where = len(self.source[: opened.position].encode())
        return _refused(f"Can't find end of {_NAMES[opened.kind]} entity at byte offset {where}")
