"""Texts that are sent and edited, and answers to taps: of what Telegram says only the place of a
message is read.

python-telegram-bot makes a `Message` with a hundred attributes of the answer, which takes two
thirds of a call, and nobody looks at it. Half of what is left goes to its way of finding out what
each parameter is, which is known here. Its version is pinned, and tests hold what is used here.
"""

from typing import Any

from telegram import Bot, ForceReply, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from chat.keyboards import InlineButton, Rows
from services.messaging.deliveries import MessagePlace

ReplyMarkup = Rows | ForceReply
"""Buttons below a message, or a question that opens a reply."""

PARSE_MODE = ParseMode.HTML
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A map or page linked in a card is not unfolded under it."""
_OF_EVERY_TEXT = (
    RequestParameter("parse_mode", PARSE_MODE.value, None),
    RequestParameter("link_preview_options", NO_PREVIEW.to_dict(), None),
)


async def send_text(
    bot: Bot,
    chat_id: int,
    text: str,
    *,
    reply_markup: ReplyMarkup = (),
    disable_notification: bool | None = None,
    reply_to: int | None = None,
) -> MessagePlace:
    """Send a message, as `Bot.send_message` does; return where it is. Raises TelegramError.

    `reply_to`: the message of the chat that it replies to; it is sent even if that one is deleted.
    """
    given: dict[str, object] = {"chat_id": chat_id, "text": text}
    if disable_notification is not None:
        given["disable_notification"] = disable_notification
    if reply_to is not None:
        given["reply_parameters"] = {
            "message_id": reply_to,
            "allow_sending_without_reply": True,
            "quote_parse_mode": PARSE_MODE.value,
        }
    sent = await _call(bot, "sendMessage", given, reply_markup)
    return MessagePlace(sent["chat"]["id"], sent["message_id"])


async def edit_text(
    bot: Bot, chat_id: int, message_id: int, text: str, reply_markup: ReplyMarkup = ()
) -> None:
    """Edit a message, as `Bot.edit_message_text` does. Raises TelegramError."""
    given = {"chat_id": chat_id, "message_id": message_id, "text": text}
    await _call(bot, "editMessageText", given, reply_markup)


async def answer_tap(bot: Bot, query_id: str, text: str | None, *, alert: bool) -> None:
    """Answer a tap, as `Bot.answer_callback_query` does. Raises TelegramError."""
    given: dict[str, object] = {"callback_query_id": query_id, "show_alert": alert}
    if text is not None:
        given["text"] = text
    data = RequestData([RequestParameter(name, value, None) for name, value in given.items()])
    await bot.request.post(f"{bot.base_url}/answerCallbackQuery", request_data=data)


async def _call(bot: Bot, method: str, given: dict[str, object], markup: ReplyMarkup) -> Any:
    """Call the Bot API, as every method of the bot's does."""
    if markup:
        given["reply_markup"] = (
            markup.to_dict() if isinstance(markup, ForceReply) else keyboard_as_json(markup)
        )
    parameters = [RequestParameter(name, value, None) for name, value in given.items()]
    data = RequestData([*parameters, *_OF_EVERY_TEXT])
    return await bot.request.post(f"{bot.base_url}/{method}", request_data=data)


def keyboard_as_json(rows: Rows) -> dict[str, Any]:
    """Rows of buttons as the Bot API takes them."""
    return {"inline_keyboard": [[_button(one) for one in row] for row in rows]}


def _button(button: InlineButton) -> dict[str, str]:
    text, data, url, style = button
    written = {"text": text}
    if data is not None:
        written["callback_data"] = data
    if url is not None:
        written["url"] = url
    if style is not None:
        written["style"] = style
    return written
