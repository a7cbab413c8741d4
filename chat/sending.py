"""Texts that are sent and edited: of Telegram's answer only the message's place is read.

python-telegram-bot makes a `Message` with a hundred attributes of the answer, which takes two
thirds of a call, and nobody looks at it. Half of what is left goes to its way of writing a
keyboard. Its version is pinned, and tests hold what is used here.
"""

from typing import Any

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyParameters,
    TelegramObject,
)
from telegram.request import BaseRequest

from services.messaging.deliveries import MessagePlace

ReplyMarkup = InlineKeyboardMarkup | ForceReply | None


async def send_text(
    bot: Bot,
    chat_id: int,
    text: str,
    *,
    reply_markup: ReplyMarkup = None,
    disable_notification: bool | None = None,
    reply_parameters: ReplyParameters | None = None,
) -> MessagePlace:
    """Send a message, as `Bot.send_message` does; return where it is. Raises TelegramError."""
    sent = await _call(
        bot,
        "sendMessage",
        chat_id=chat_id,
        text=text,
        reply_markup=reply_markup,
        disable_notification=disable_notification,
        reply_parameters=reply_parameters,
    )
    return MessagePlace(sent["chat"]["id"], sent["message_id"])


async def edit_text(
    bot: Bot, chat_id: int, message_id: int, text: str, reply_markup: ReplyMarkup = None
) -> None:
    """Edit a message, as `Bot.edit_message_text` does. Raises TelegramError."""
    await _call(
        bot,
        "editMessageText",
        chat_id=chat_id,
        message_id=message_id,
        text=text,
        reply_markup=reply_markup,
    )


async def _call(bot: Bot, method: str, *, reply_markup: ReplyMarkup, **data: object) -> Any:
    """Call the Bot API with the bot's defaults for texts."""
    default = BaseRequest.DEFAULT_NONE
    data |= {"parse_mode": default, "link_preview_options": default}
    data["reply_markup"] = (
        keyboard_as_json(reply_markup)
        if isinstance(reply_markup, InlineKeyboardMarkup)
        else reply_markup
    )
    return await bot._post(method, data)  # noqa: SLF001 - what every method of it calls


def keyboard_as_json(keyboard: InlineKeyboardMarkup) -> dict[str, Any]:
    """A keyboard as the Bot API takes it: what `to_dict` gives."""
    return {"inline_keyboard": [[_button(one) for one in row] for row in keyboard.inline_keyboard]}


def _button(button: InlineKeyboardButton) -> dict[str, Any]:
    given = ((name, getattr(button, name)) for name in InlineKeyboardButton.__slots__)
    return {
        name: value.to_dict() if isinstance(value, TelegramObject) else value
        for name, value in given
        if value is not None
    }
