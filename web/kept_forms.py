"""What was typed in a form that could not count, to be sent again (SPEC 10).

A sign-in ends while somebody writes, or their page has grown too old. Nothing is done then; the
answer has what was typed, in a form that sends it to the same address. Where somebody else acted
first, there is nowhere to send it: the answer shows it, to be taken elsewhere.
"""

import re
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

BEGINNING = 256 * 1024
"""Bytes that are kept of a form of somebody who is not signed in: the text, but not its files."""
MOST_FIELDS = 2000
NOT_TYPED = frozenset({"csrf", "form", "back"})
"""Fields that every form may have."""
WORDED = re.compile(r"text|reason|name|subject|address|typed|times|topic-\d+")
"""Names of fields into which words are typed."""
CHOSEN = "reason"
"""Name of a field that is a list in one form, and typed in another."""
CHOICE = re.compile(r"[a-z]+(?:_[a-z]+)*")
"""A choice of a list, as a form sends it."""
MULTIPART = "multipart/form-data"

Items = Iterable[tuple[str, str | UploadFile]]


@dataclass(frozen=True)
class KeptForm:
    """A form to be sent again."""

    fields: list[tuple[str, str]]
    has_files: bool
    """Whether files came with it, which have to be chosen again."""

    @property
    def words(self) -> list[str]:
        """What its sender has written, to be shown."""
        return [
            value
            for name, value in self.fields
            if WORDED.fullmatch(name)
            and value.strip()
            and not (name == CHOSEN and CHOICE.fullmatch(value))
        ]


def keep(items: Items, *, has_files: bool = False) -> KeptForm | None:
    """The form with these fields; None where nothing was typed or chosen in it."""
    fields = []
    for name, value in items:
        if isinstance(value, UploadFile):
            has_files = has_files or bool(value.filename)
        elif name != "csrf":
            fields.append((name, value))
    is_typed = any(name not in NOT_TYPED and value for name, value in fields)
    return KeptForm(fields, has_files) if is_typed else None


def remember(request: Request, items: Items) -> None:
    """Keep what came with a request, for the answer to it."""
    request.state.sent = keep(items)


def words_sent(request: Request) -> list[str]:
    """What the sender of a form has written in it; empty for a request without one."""
    sent: KeptForm | None = getattr(request.state, "sent", None)
    return sent.words if sent else []


def field_sent(request: Request, name: str) -> str:
    """The value of a field of the form that came with a request; empty where there is none."""
    sent: KeptForm | None = getattr(request.state, "sent", None)
    return dict(sent.fields).get(name, "") if sent else ""


async def keep_unread(request: Request) -> KeptForm | None:
    """The form of a request that nobody has read; of a long one its beginning is kept."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    beginning = bytearray()
    with suppress(RuntimeError):  # its sender was signed out after it was read
        async for piece in request.stream():
            if len(beginning) <= BEGINNING:  # a browser hears nothing before it has sent all
                beginning += piece
    is_cut = len(beginning) > BEGINNING
    del beginning[BEGINNING:]
    items: list[tuple[str, str | UploadFile]] = []
    with suppress(MultiPartException, UnicodeError):
        items = await _parsed(request, beginning, is_multipart=kind == MULTIPART)
    if is_cut and kind != MULTIPART:
        items = items[:-1]
    return keep(items, has_files=is_cut and kind == MULTIPART)


async def _parsed(
    request: Request, content: bytearray, *, is_multipart: bool
) -> list[tuple[str, str | UploadFile]]:
    """The whole fields of a form's beginning. Raises MultiPartException, UnicodeError."""
    if not is_multipart:
        form = FormParser(request.headers, _stream(content), max_fields=MOST_FIELDS)
        return (await form.parse()).multi_items()
    parser = MultiPartParser(
        request.headers, _ended(content), max_files=MOST_FIELDS, max_fields=MOST_FIELDS
    )
    with suppress(MultiPartException):
        await parser.parse()
    return parser.items


async def _stream(content: bytearray) -> AsyncGenerator[bytes, None]:
    yield bytes(content)


async def _ended(content: bytearray) -> AsyncGenerator[bytes, None]:
    """The content, and an error after it, by which the parser closes all files."""
    yield bytes(content)
    raise MultiPartException("that is all")
