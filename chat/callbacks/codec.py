"""Codec of callback data, which holds at most 64 bytes (DESIGN 2, idea 10).

Written as `code.version:field:field`, read back as the dataclass. A button gives no rights: the
use case checks them. Data of an older version reads as None; the last handler answers it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import ClassVar, TypeVar, get_type_hints

from telegram import Update

LIMIT_BYTES = 64
VERSION = 1
MAX_ID = 2**31 - 1
"""The largest number that a button can hold; no row has a higher id."""

BY_CODE: dict[str, type["Button"]] = {}
"""Every type of button by its code."""


@dataclass(frozen=True)
class Button:
    """The data of a button; each type has a code of two letters."""

    code: ClassVar[str]

    @property
    def subject(self) -> str:
        """What a dialogue that it begins is about: drafts about another subject are kept apart."""
        return encode(self)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in vars(cls):
            if cls.code in BY_CODE:
                raise ValueError(f"{cls.__name__} and {BY_CODE[cls.code].__name__} share a code")
            BY_CODE[cls.code] = cls


ButtonType = TypeVar("ButtonType", bound=Button)


def encode(button: Button) -> str:
    """The callback data of `button`. Raises ValueError where it would be over 64 bytes."""
    values = [str(getattr(button, name)) for name in _field_names(button.code)]
    data = ":".join([f"{button.code}.{VERSION}", *values])
    if len(data.encode()) > LIMIT_BYTES:
        raise ValueError(f"{type(button).__name__} is over {LIMIT_BYTES} bytes")
    return data


@cache
def _field_names(code: str) -> list[str]:
    return [field.name for field in fields(BY_CODE[code])]


@lru_cache(maxsize=1024)  # every handler of a button asks what was pressed
def decode(data: str | None) -> Button | None:
    """The button that was pressed; None for data that is forged or of an older version."""
    head, *values = (data or "").split(":")
    code, _, version = head.partition(".")
    button = BY_CODE.get(code)
    if button is None or version != str(VERSION):
        return None
    types = _field_types(code)
    if len(values) != len(types):
        return None
    try:
        read = [of_type(value) for of_type, value in zip(types, values, strict=True)]
    except ValueError:
        return None
    if any(isinstance(value, int) and not 0 <= value <= MAX_ID for value in read):
        return None
    return button(*read)


@cache
def _field_types(code: str) -> list[Callable[[str], object]]:
    """What reads each value of the buttons with this code."""
    button = BY_CODE[code]
    hints = get_type_hints(button)
    return [hints[field.name] for field in fields(button)]


@dataclass(frozen=True)
class Pressed:
    """The `pattern` of a CallbackQueryHandler for buttons of these types."""

    kinds: tuple[type[Button], ...]

    def __call__(self, data: object) -> bool:
        return isinstance(data, str) and type(decode(data)) in self.kinds


def pressed(*kinds: type[Button]) -> Pressed:
    """The `pattern` of a CallbackQueryHandler for buttons of these types."""
    return Pressed(kinds)


def tapped(kind: type[ButtonType], update: Update) -> ButtonType:
    """The button that an update comes from. Raises TypeError where it is of another type."""
    query = update.callback_query
    button = decode(query.data if query else None)
    if not isinstance(button, kind):
        raise TypeError(f"expected {kind.__name__}")
    return button
