"""What comes in answer to a call of the Bot API, where python-telegram-bot would misread it.

aiohttp's errors hold the address of a call, with the bot's token: none of their text gets out.
"""

import contextlib
import json
import os
from functools import cached_property
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut

SENDING = ("send", "copy", "forward")
"""Beginnings of the methods that would do it again if they were called again."""
TOLD_BY_THE_LIBRARY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
)
"""Statuses for which PTB has an exception of its own."""


class HttpError(NetworkError):
    """An HTTP status that PTB has no exception for, or one that Telegram itself did not answer."""

    def __init__(self, status: int, description: str | None) -> None:
        """`description` is Telegram's own; None for a page of a proxy, say."""
        super().__init__(description or f"HTTP status {status}, not from Telegram")
        self.status = status


class UnreadableAnswerError(TelegramError):
    """An answer of Telegram's is no JSON that Python can read."""

    def __init__(self, body: bytes) -> None:
        super().__init__("unreadable answer")
        self.body = body


class AnswerLost(TimedOut):
    """No readable answer to a message that was sent: Telegram may have delivered it."""


class Body(bytes):
    """Body of an answer. Its JSON is read once, though both we and the library look into it."""

    @cached_property
    def said(self) -> Any:
        """What it says. Raises UnreadableAnswerError."""
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(self.decode(errors="replace"))
        raise UnreadableAnswerError(self)  # here: the text that could not be read is no context


def sends(url: str) -> bool:
    """Whether a call would do it again if it were called again."""
    return url.rpartition("/")[2].startswith(SENDING)


def translated(error: aiohttp.ClientError | OSError, *, is_sending: bool) -> NetworkError:
    """The error as PTB names it, with the system's own text only: that holds no address."""
    is_timeout = isinstance(error, TimeoutError)
    code = error.errno if isinstance(error, OSError) else None
    reason = f": {os.strerror(code)}" if code and code > 0 else ""
    text = "Timed out" if is_timeout else f"aiohttp.{type(error).__name__}{reason}"
    never_sent = aiohttp.ConnectionTimeoutError | aiohttp.ClientConnectorError | aiohttp.InvalidURL
    if is_sending and not isinstance(error, never_sent):
        return AnswerLost(text)
    return TimedOut() if is_timeout else NetworkError(text)


def failure_of(status: int, body: Body, *, is_sending: bool) -> NetworkError | None:
    """The error of an answer that PTB would misread; None for one that it reads well."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return AnswerLost("unreadable answer") if is_sending and not _names_messages(body) else None
    if status < HTTPStatus.BAD_REQUEST:
        return None
    found = _said(body)
    is_own = (
        isinstance(found, dict)
        and found.get("error_code") == status
        and _are_parameters(found.get("parameters", {}))
    )
    if is_own and (status in TOLD_BY_THE_LIBRARY or found.get("parameters")):
        return None
    return HttpError(status, str(found.get("description")) if is_own else None)


def _are_parameters(found: object) -> bool:
    """Whether these tell of a refusal in the way that PTB takes for granted."""
    return (
        isinstance(found, dict)
        and all(isinstance(value, int) for value in found.values())
        and found.get("retry_after", 1) > 0
    )


def _names_messages(body: Body) -> bool:
    """Whether this tells where the messages are that were sent, or that it is done."""
    found = _said(body)
    sent = found.get("result") if isinstance(found, dict) else None
    return sent is True or all(map(_has_place, sent if isinstance(sent, list) and sent else [sent]))


def _has_place(message: object) -> bool:
    chat = message.get("chat") if isinstance(message, dict) else None
    return (
        isinstance(message, dict)
        and isinstance(message.get("message_id"), int)
        and isinstance(chat, dict)
        and isinstance(chat.get("id"), int)
    )


def _said(body: Body) -> Any:
    """What this says; None where it is no JSON that Python can read."""
    with contextlib.suppress(UnreadableAnswerError):
        return body.said
    return None
