"""Which function answers which method."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.methods import about, attachments, chats, texts, webhooks
from sandbox.wire import Call
from sandbox.world import World

Method = Callable[[World, Call], Any]

METHODS: dict[str, Method] = {
    "answerCallbackQuery": texts.answer_callback_query,
    "close": about.close,
    "copyMessage": texts.copy_message,
    "deleteMessage": texts.delete_message,
    "deleteMessages": texts.delete_messages,
    "deleteMyCommands": about.delete_my_commands,
    "deleteWebhook": webhooks.delete_webhook,
    "editMessageCaption": texts.edit_message_caption,
    "editMessageMedia": attachments.edit_message_media,
    "editMessageReplyMarkup": texts.edit_message_reply_markup,
    "editMessageText": texts.edit_message_text,
    "forwardMessage": texts.forward_message,
    "getChat": chats.get_chat,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMember": chats.get_chat_member,
    "getChatMemberCount": chats.get_chat_member_count,
    "getChatMenuButton": about.get_chat_menu_button,
    "getFile": attachments.get_file,
    "getMe": about.get_me,
    "getMyCommands": about.get_my_commands,
    "getMyDescription": about.text_getter("description"),
    "getMyName": about.text_getter("name"),
    "getMyShortDescription": about.text_getter("short_description"),
    "getWebhookInfo": webhooks.get_webhook_info,
    "leaveChat": chats.leave_chat,
    "logOut": about.log_out,
    "sendAudio": attachments.send_audio,
    "sendChatAction": texts.send_chat_action,
    "sendDocument": attachments.send_document,
    "sendLocation": texts.send_location,
    "sendMediaGroup": attachments.send_media_group,
    "sendMessage": texts.send_message,
    "sendPhoto": attachments.send_photo,
    "sendVenue": texts.send_venue,
    "sendVideo": attachments.send_video,
    "sendVoice": attachments.send_voice,
    "setChatMenuButton": about.set_chat_menu_button,
    "setMessageReaction": texts.set_message_reaction,
    "setMyCommands": about.set_my_commands,
    "setMyDescription": about.text_setter("description"),
    "setMyName": about.text_setter("name"),
    "setMyShortDescription": about.text_setter("short_description"),
    "setWebhook": webhooks.set_webhook,
}
