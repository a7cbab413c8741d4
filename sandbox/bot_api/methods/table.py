"""The methods that the sandbox has, and the function behind each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.bot_api.call import Call
from sandbox.bot_api.methods import bot_profile, chats, files, messages, webhooks
from sandbox.world import World

Method = Callable[[World, Call], Any]

METHODS: dict[str, Method] = {
    "answerCallbackQuery": messages.answer_callback_query,
    "close": bot_profile.close,
    "copyMessage": messages.copy_message,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "deleteMyCommands": bot_profile.delete_my_commands,
    "deleteWebhook": webhooks.delete_webhook,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageMedia": files.edit_message_media,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "editMessageText": messages.edit_message_text,
    "forwardMessage": messages.forward_message,
    "getChat": chats.get_chat,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMember": chats.get_chat_member,
    "getChatMemberCount": chats.get_chat_member_count,
    "getChatMenuButton": bot_profile.get_chat_menu_button,
    "getFile": files.get_file,
    "getMe": bot_profile.get_me,
    "getMyCommands": bot_profile.get_my_commands,
    "getMyDescription": bot_profile.text_getter("description"),
    "getMyName": bot_profile.text_getter("name"),
    "getMyShortDescription": bot_profile.text_getter("short_description"),
    "getWebhookInfo": webhooks.get_webhook_info,
    "leaveChat": chats.leave_chat,
    "logOut": bot_profile.log_out,
    "sendAudio": files.send_audio,
    "sendChatAction": messages.send_chat_action,
    "sendDocument": files.send_document,
    "sendLocation": messages.send_location,
    "sendMediaGroup": files.send_media_group,
    "sendMessage": messages.send_message,
    "sendPhoto": files.send_photo,
    "sendVenue": messages.send_venue,
    "sendVideo": files.send_video,
    "sendVoice": files.send_voice,
    "setChatMenuButton": bot_profile.set_chat_menu_button,
    "setMessageReaction": messages.set_message_reaction,
    "setMyCommands": bot_profile.set_my_commands,
    "setMyDescription": bot_profile.text_setter("description"),
    "setMyName": bot_profile.text_setter("name"),
    "setMyShortDescription": bot_profile.text_setter("short_description"),
    "setWebhook": webhooks.set_webhook,
}
