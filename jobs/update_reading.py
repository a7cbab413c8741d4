"""Parsing of stored updates, which are JSON as Telegram sent it (DESIGN 2, idea 5).

Nearly every update is a text or a tap on a button. python-telegram-bot looks in each for a hundred
kinds of content, which takes a tenth of the time of a check-in: here these two are put together
from their few parts, and everything else is left to it. A test holds that both give the same.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    Update,
    User,
)

from services.messaging.raw_updates import BIGGEST

Json = Mapping[str, Any]

TEXT = frozenset({"message_id", "from", "chat", "date", "text", "entities", "reply_markup"})
TAP = frozenset({"id", "from", "chat_instance", "message", "data"})


class _Settable:
    """Sets attributes as any object does: those of the library ask each time, by a call of Python,
    whether it may still be set. A message has a hundred.
    """

    __slots__ = ()
    __setattr__ = object.__setattr__


class _Update(_Settable, Update):
    __slots__ = ()


class _Message(_Settable, Message):
    __slots__ = ()


class _CallbackQuery(_Settable, CallbackQuery):
    __slots__ = ()


class _User(_Settable, User):
    __slots__ = ()


class _Chat(_Settable, Chat):
    __slots__ = ()


class UnreadableUpdateError(Exception):
    """An update cannot be parsed, now or later; the text is the kind of error that says so."""


def read_update(payload: Json, bot: Bot) -> Update:
    """Parse a stored update. Raises `UnreadableUpdateError`."""
    try:
        update = _read(payload, bot)
        chat, user = update.effective_chat, update.effective_user
    except Exception as error:
        raise UnreadableUpdateError(type(error).__name__) from error
    for party in (chat, user):
        if party is not None and abs(party.id) > BIGGEST:
            raise UnreadableUpdateError("number out of range")
    return update


def _read(payload: Json, bot: Bot) -> Update:
    content = payload.keys() - {"update_id"}
    if content == {"message"} and _is_text(payload["message"]):
        update = _Update(payload["update_id"], message=_text(payload["message"], bot))
    elif content == {"callback_query"} and _is_tap(payload["callback_query"]):
        update = _Update(payload["update_id"], callback_query=_tap(payload["callback_query"], bot))
    else:
        return Update.de_json(dict(payload), bot)
    update.set_bot(bot)
    return update


def _is_text(message: object) -> bool:
    """Whether a message has nothing but text; one that Telegram does not show us has no date."""
    if not isinstance(message, dict) or not message.keys() <= TEXT:
        return False
    return all(message.get(name) for name in ("from", "chat", "date"))


def _is_tap(query: object) -> bool:
    if not isinstance(query, dict) or query.keys() != TAP:
        return False
    return bool(query["from"]) and _is_text(query["message"])


def _text(data: Json, bot: Bot) -> Message:
    markup = data.get("reply_markup")
    message = _Message(
        data["message_id"],
        datetime.fromtimestamp(data["date"], UTC),
        _Chat.de_json(data["chat"], bot),
        from_user=_User.de_json(data["from"], bot),
        text=data.get("text"),
        entities=MessageEntity.de_list(data["entities"], bot) if "entities" in data else None,
        reply_markup=InlineKeyboardMarkup.de_json(markup, bot) if markup is not None else None,
    )
    message.set_bot(bot)
    return message


def _tap(data: Json, bot: Bot) -> CallbackQuery:
    query = _CallbackQuery(
        data["id"],
        _User.de_json(data["from"], bot),
        data["chat_instance"],
        message=_text(data["message"], bot),
        data=data["data"],
    )
    query.set_bot(bot)
    return query
