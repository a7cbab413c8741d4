"""Checks calls against the Bot API as data: methods, required fields, types and limits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.bot_api.call import Call
from sandbox.bot_api.entities import utf16_length
from sandbox.wire import ApiError, Json, Upload

API_FILE = Path(__file__).with_name("bot_api_10_0.json")

# What Telegram says where a required field is missing or empty, else 'parameter "x" is required'.
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "action": "wrong parameter action in request",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "file_id": "file_id not specified",
} | {
    kind: f"there is no {kind} in the request"
    for kind in ("photo", "document", "audio", "video", "voice", "sticker", "animation")
}
_TOO_LONG = {
    ("InlineKeyboardButton", "callback_data"): "BUTTON_DATA_INVALID",
    ("CopyTextButton", "text"): "BUTTON_COPY_TEXT_INVALID",
    ("BotCommand", "command"): "command length must not exceed 32",
    ("BotCommand", "description"): "command description length must not exceed 256",
    ("answerCallbackQuery", "text"): "MESSAGE_TOO_LONG",
    ("setWebhook", "secret_token"): "secret token is too long",
}
# Fields whose limits apply after entities are parsed; the methods check them.
_AFTER_PARSING = {"text", "caption", "quote"}
_WRAPPERS = {
    "InlineKeyboardButton": "can't parse inline keyboard button: ",
    "KeyboardButton": "can't parse keyboard button: ",
    "InputMedia": "can't parse InputMedia: ",
    "BotCommandScope": "can't parse BotCommandScope: ",
    "MenuButton": "can't parse menu button: ",
    "BotCommand": "can't parse BotCommand: ",
    "MessageEntity": "can't parse MessageEntity: ",
    "ReactionType": "can't parse ReactionType: ",
}
# Read as a wider type than declared: the method itself refuses, in other words.
_READ_AS = {
    ("", "reply_markup"): (
        "InlineKeyboardMarkup or ReplyKeyboardMarkup or ReplyKeyboardRemove or ForceReply"
    ),
    ("sendMediaGroup", "media"): "Array of InputMedia",
}
_TRUE = {"true", "yes", "1"}


@cache
def api() -> Json:
    """The Bot API as data."""
    return dict(json.loads(API_FILE.read_text(encoding="utf-8")))


@cache
def _method_names() -> dict[str, str]:
    return {name.lower(): name for name in api()["methods"]}


def method_name(given: str) -> str:
    """The method's name in its proper case; raises the 404 for an unknown one."""
    name = _method_names().get(given.lower())
    if name is None:
        raise ApiError("Not Found: method not found", 404)
    return name


def checked_call(method: str, given: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Call:
    """The call with typed values; raises ApiError for what is missing, mistyped or too long."""
    specification = api()["methods"][method]["fields"]
    call = Call(method, {}, uploads)
    reader = _Reader(call)
    for name, value in given.items():
        if name not in specification:
            call.unknown_fields.append(name)
        elif value not in ("", None):
            call.fields[name] = reader.read_field(method, name, specification[name], value)
    for name, field in specification.items():
        if field["required"] and name not in call.fields and name not in uploads:
            raise ApiError(_MISSING.get(name, f'Parameter "{name}" is required'))
    return call


class _Reader:
    """A reader of request values, which notes unknown nested fields."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def read_field(self, method: str, name: str, field: Json, value: Any) -> Any:
        kind = _READ_AS.get((method, name)) or _READ_AS.get(("", name)) or field["type"]
        if isinstance(value, str) and _is_structured(kind):
            value = _decoded(name, value)
        elif not isinstance(value, str) and not _is_structured(kind) and kind == "String":
            value = value if not isinstance(value, (dict, list)) else json.dumps(value)
        try:
            result = self.read(kind, value, name)
        except _FieldError as error:
            raise ApiError(str(error)) from None
        _check_limit(method, name, field, result)
        return result

    def read(self, kind: str, value: Any, path: str) -> Any:
        if kind.startswith("Array of "):
            return self._read_array(kind.removeprefix("Array of "), value, path)
        if kind in _PRIMITIVES:
            return _PRIMITIVES[kind](value, path)
        if kind == "Integer or String":
            return value if isinstance(value, int) else _string(value, path)
        if kind in {"InputFile", "InputFile or String"}:
            return _string(value, path)
        return self._read_object(kind, value, path)

    def _read_array(self, kind: str, value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            wanted = _wrapped_name(kind)
            raise ApiError(f"expected an Array of {wanted or 'Arrays'}")
        return [self.read(kind, item, f"{path}.{index}") for index, item in enumerate(value)]

    def _read_object(self, kind: str, value: Any, path: str) -> Any:
        if kind == "KeyboardButton" and isinstance(value, str):
            value = {"text": value}
        wrapper = _WRAPPERS.get(_wrapped_name(kind), "")
        if not isinstance(value, dict):
            if wrapper:
                raise ApiError(f"{wrapper}expected an Object")
            raise ApiError(f"Object expected as {_words(path)}")
        chosen = _choose(kind, value)
        if chosen is None:
            if "type" in value or wrapper:
                raise ApiError(f"{wrapper}unsupported type specified")
            return value
        try:
            return self._read_known(chosen, value, path)
        except _FieldError as error:
            raise ApiError(f"{wrapper}{error}") from None

    def _read_known(self, kind: str, value: Json, path: str) -> Json:
        specification = api()["types"][kind]["fields"]
        result: Json = {}
        for name, item in value.items():
            if name not in specification:
                self.call.unknown_fields.append(f"{path}.{name}")
            elif item is not None:
                field = specification[name]
                result[name] = self.read(field["type"], item, f"{path}.{name}")
                _check_limit(kind, name, field, result[name])
        for name, field in specification.items():
            if field["required"] and name not in result:
                raise _FieldError(f'Can\'t find field "{name}"')
        return result


class _FieldError(Exception):
    """A field of a nested object is missing or of the wrong type."""


def _is_structured(kind: str) -> bool:
    return kind not in _PRIMITIVES and kind not in {
        "Integer or String",
        "InputFile",
        "InputFile or String",
    }


def _decoded(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        words = "reply keyboard markup" if name == "reply_markup" else _words(name)
        raise ApiError(f"can't parse {words} JSON object") from None


def _field_name(path: str) -> str:
    """The last name in a path such as `message_ids.0`."""
    return next(part for part in reversed(path.split(".")) if not part.isdecimal())


def _words(path: str) -> str:
    """A field's name as it stands in Telegram's refusals."""
    return _field_name(path).replace("_", " ")


def _wrapped_name(kind: str) -> str:
    """The name that Telegram's refusals use for a type."""
    if kind.startswith("InputMedia"):
        return "InputMedia"
    return kind if re.fullmatch(r"\w+", kind) else ""


def _choose(kind: str, value: Json) -> str | None:
    """The type of an object that may be one of several, by discriminator or fields."""
    types = api()["types"]
    names = [name for name in re.split(r", | and | or ", kind) if name in types]
    if len(names) == 1 and not types[names[0]].get("one_of"):
        return names[0]
    if len(names) == 1:
        names = types[names[0]]["one_of"]
    discriminator = value.get("type") or value.get("source") or value.get("status")
    if discriminator is not None:
        ending = str(discriminator).replace("_", "").lower()
        fitting = [name for name in names if name.lower().endswith(ending)]
        return min(fitting, key=len, default=None)
    for name in names:
        required = [field for field, spec in types[name]["fields"].items() if spec["required"]]
        if all(field in value for field in required):
            return name
    return None


def _check_limit(owner: str, name: str, field: Json, value: Any) -> None:
    counted_later = name in _AFTER_PARSING and (owner, name) not in _TOO_LONG
    if "max" not in field or counted_later or not isinstance(value, str):
        return
    size = len(value.encode()) if field.get("unit") == "bytes" else utf16_length(value)
    if not field.get("min", 0) <= size <= field["max"]:
        raise ApiError(_TOO_LONG.get((owner, name), f'parameter "{name}" is too long'))


def _integer(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise _wrong_type(path, "Integer")
    try:
        return int(value)
    except ValueError:
        raise _wrong_type(path, "Integer") from None


def _float(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _wrong_type(path, "Float")
    try:
        return float(value)
    except ValueError:
        raise _wrong_type(path, "Float") from None


def _boolean(value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, (str, int)):
        return str(value).lower() in _TRUE
    raise _wrong_type(path, "Boolean")


def _string(value: Any, path: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _wrong_type(path, "String")
    text = str(value)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a pair
        raise ApiError("strings must be encoded in UTF-8") from None
    return text


def _wrong_type(path: str, wanted: str) -> _FieldError:
    message = f'Field "{_field_name(path)}" must be of type {wanted}'
    return _FieldError(message)


_PRIMITIVES = {
    "Integer": _integer,
    "Float": _float,
    "Boolean": _boolean,
    "True": _boolean,
    "String": _string,
}
