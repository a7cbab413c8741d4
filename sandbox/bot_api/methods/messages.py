"""Methods that send or edit texts and keyboards, and delete, copy or mark messages."""

from __future__ import annotations

import re
from datetime import timedelta

from sandbox.bot_api.call import Call
from sandbox.bot_api.methods.sending import (
    caption_content,
    edited_keyboard,
    send,
    text_content,
)
from sandbox.wire import ApiError, Json
from sandbox.world import World

DELETABLE_FOR = timedelta(hours=48)
_NOT_COPIED = {
    "message_id", "from", "chat", "date", "edit_date", "reply_markup", "reply_to_message",
    "forward_origin",
}  # fmt: skip
_SERVICE = {"migrate_to_chat_id", "migrate_from_chat_id"}
_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
_REACTIONS = (
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋😈😴😭"
    "🤓👻👀🎃🙈😇😨🤝🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)


def send_message(world: World, call: Call) -> Json:
    """Send a text."""
    return send(world, call, [text_content(call)])[0]


def send_location(world: World, call: Call) -> Json:
    """Send a point on the map."""
    return send(world, call, [{"location": _location(call)}])[0]


def send_venue(world: World, call: Call) -> Json:
    """Send a place with its name and address."""
    venue = {name: call.fields[name] for name in ("title", "address")}
    location = _location(call)
    return send(world, call, [{"venue": venue | {"location": location}, "location": location}])[0]


def _location(call: Call) -> Json:
    latitude, longitude = call.fields["latitude"], call.fields["longitude"]
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ApiError("wrong location specified")
    return {"latitude": latitude, "longitude": longitude}


def editable(world: World, call: Call) -> Json:
    """The message to edit; raises ApiError where it is not the bot's own."""
    if "chat_id" not in call.fields:
        if "inline_message_id" in call.fields:
            raise ApiError("MESSAGE_ID_INVALID")
        raise ApiError("message identifier is not specified")
    chat_id = _reachable(world, call)
    message = world.messages.require(chat_id, call.number("message_id"), "message to edit")
    if message["from"]["id"] != world.bot.id:
        raise ApiError("message can't be edited")
    return message


def _reachable(world: World, call: Call) -> int:
    """The id of a chat whose messages the bot may change, which blocking does not prevent."""
    chat_id = world.directory.readable(call.fields["chat_id"])
    return world.directory.writable(chat_id) if world.directory.is_group(chat_id) else chat_id


def apply_edit(world: World, call: Call, message: Json, dropped: set[str], content: Json) -> Json:
    """Replace parts of a message and its keyboard; refuse an edit that changes nothing."""
    keyboard = edited_keyboard(call)
    kept = {
        key: value
        for key, value in message.items()
        if key not in dropped | {"reply_markup", "edit_date"}
    }
    edited = kept | content
    if keyboard is not None:
        edited["reply_markup"] = keyboard
    if edited == {key: value for key, value in message.items() if key != "edit_date"}:
        raise ApiError(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    return world.change(message, edited | {"edit_date": world.stamp()})


def edit_message_text(world: World, call: Call) -> Json:
    """Replace the text of the bot's message."""
    content = text_content(call)
    message = editable(world, call)
    if "text" not in message:
        raise ApiError("there is no text in the message to edit")
    return apply_edit(world, call, message, {"text", "entities", "link_preview_options"}, content)


def edit_message_caption(world: World, call: Call) -> Json:
    """Replace the caption of the bot's file."""
    content = caption_content(call.fields)
    message = editable(world, call)
    if not message.keys() & {"photo", "document", "voice", "audio", "video"}:
        raise ApiError("there is no caption in the message to edit")
    return apply_edit(world, call, message, {"caption", "caption_entities"}, content)


def edit_message_reply_markup(world: World, call: Call) -> Json:
    """Replace or remove the buttons of the bot's message."""
    return apply_edit(world, call, editable(world, call), set(), {})


def delete_message(world: World, call: Call) -> bool:
    """Delete a message of at most 48 hours."""
    chat_id = _reachable(world, call)
    message = world.messages.require(chat_id, call.number("message_id"), "message to delete")
    _check_deletable(world, message)
    world.delete(chat_id, message["message_id"])
    return True


def delete_messages(world: World, call: Call) -> bool:
    """Delete several messages; as in Telegram, missing ones are skipped."""
    ids = call.fields["message_ids"]
    if not ids:
        raise ApiError("message identifiers are not specified")
    if len(ids) > 100:
        raise ApiError("too many message identifiers specified")
    chat_id = _reachable(world, call)
    for message_id in ids:
        message = world.messages.get(chat_id, message_id)
        if message is not None:
            _check_deletable(world, message)
            world.delete(chat_id, message_id)
    return True


def _check_deletable(world: World, message: Json) -> None:
    age = timedelta(seconds=world.stamp() - message["date"])
    group = world.directory.groups.get(message["chat"]["id"])
    administers = group is not None and group.bot_status == "administrator"
    own = message["from"]["id"] == world.bot.id
    may = own or group is None or administers
    if not may or age > DELETABLE_FOR or message.keys() & {"migrate_from_chat_id"}:
        raise ApiError("message can't be deleted")


def forward_message(world: World, call: Call) -> Json:
    """Send a message on, naming its author."""
    message = _source(world, call, "message to forward")
    content = {key: value for key, value in message.items() if key not in _NOT_COPIED}
    content["forward_origin"] = {
        "type": "user",
        "sender_user": message["from"],
        "date": message["date"],
    }
    return send(world, call, [content])[0]


def copy_message(world: World, call: Call) -> Json:
    """Send a message's content as the bot's own."""
    message = _source(world, call, "message to copy")
    content = {key: value for key, value in message.items() if key not in _NOT_COPIED}
    if "caption" in call.fields:
        content.pop("caption_entities", None)
        content |= caption_content(call.fields)
    return {"message_id": send(world, call, [content])[0]["message_id"]}


def _source(world: World, call: Call, what: str) -> Json:
    from_chat = world.directory.readable(call.fields["from_chat_id"])
    message = world.messages.require(from_chat, call.number("message_id"), what)
    if message.keys() & _SERVICE:
        verb = what.rsplit(maxsplit=1)[-1]
        raise ApiError(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message


def answer_callback_query(world: World, call: Call) -> bool:
    """Answer a tap; only the first answer is shown."""
    text, url = call.text("text"), call.text("url")
    if url and not re.match(rf"(https://)?t\.me/{world.bot.username}\?", url):
        raise ApiError("URL_INVALID")
    tap, first = world.taps.answer(call.text("callback_query_id"), world.now())
    if first:
        world.events.add("answered", user_id=tap.user_id, callback_id=tap.id)
    if first and (text or url):
        world.toast(
            {
                "user_id": tap.user_id,
                "callback_id": tap.id,
                "text": text,
                "show_alert": call.flag("show_alert"),
                "url": url or None,
            }
        )
    return True


def send_chat_action(world: World, call: Call) -> bool:
    """Show for five seconds what the bot is doing."""
    if call.text("action") not in _ACTIONS:
        raise ApiError("wrong parameter action in request")
    world.show_action(world.directory.writable(call.fields["chat_id"]), call.text("action"))
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    """React to a message, or take the reaction back."""
    chat_id = world.directory.readable(call.fields["chat_id"])
    reactions = call.fields.get("reaction", [])
    message = world.messages.require(chat_id, call.number("message_id"), "message to react")
    if len(reactions) > 1 or any(item.get("emoji", "") not in _REACTIONS for item in reactions):
        raise ApiError("REACTION_INVALID")
    world.set_reactions(message, reactions)
    return True
