"""JSON objects, uploads and errors, as a bot and Telegram exchange them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}
_UNPREFIXED = {"Logged out"}


class ApiError(Exception):
    """A refusal by the Bot API.

    `description` is what Telegram says after "Bad Request: ". Its first letter becomes small, as
    Telegram does it, except in a constant such as BUTTON_DATA_INVALID.
    """

    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        self.code = code
        self.parameters = parameters
        self.description = _with_prefix(code, description)
        super().__init__(self.description)

    def as_json(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


def _with_prefix(code: int, description: str) -> str:
    prefix = _PREFIXES.get(code)
    if prefix is None or description.startswith(prefix) or description in _UNPREFIXED:
        return description
    if len(description) > 1 and (description[1] == "_" or description[1].isupper()):
        return f"{prefix}: {description}"
    return f"{prefix}: {description[:1].lower()}{description[1:]}"


def too_many_requests(seconds: int) -> ApiError:
    """The 429 with `retry_after` in seconds."""
    return ApiError(f"retry after {seconds}", 429, retry_after=seconds)


class PageError(Exception):
    """A person cannot do this in Telegram: on the page, or a test by `Phone`."""


@dataclass(frozen=True)
class Upload:
    """One file of a multipart request."""

    name: str
    mime: str
    data: bytes
