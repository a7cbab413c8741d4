"""Which function answers which method."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.methods import texts
from sandbox.wire import Call
from sandbox.world import World

Method = Callable[[World, Call], Any]

METHODS: dict[str, Method] = {
    "getMe": lambda world, _call: world.bot.as_me(),
    "sendMessage": texts.send_message,
    "sendLocation": texts.send_location,
    "sendVenue": texts.send_venue,
    "sendChatAction": texts.send_chat_action,
    "editMessageText": texts.edit_message_text,
    "editMessageCaption": texts.edit_message_caption,
    "editMessageReplyMarkup": texts.edit_message_reply_markup,
    "deleteMessage": texts.delete_message,
    "deleteMessages": texts.delete_messages,
    "forwardMessage": texts.forward_message,
    "copyMessage": texts.copy_message,
    "answerCallbackQuery": texts.answer_callback_query,
    "setMessageReaction": texts.set_message_reaction,
}
